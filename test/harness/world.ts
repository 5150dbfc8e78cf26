// A tenant of its own for each test (D1 is shared by a file): environment, API keys, a Stripe account in
// the sandbox and the connection to it.

import { env } from "cloudflare:workers";
import { STRIPE_EVENT_TYPES } from "../../src/connections/stripe-event-types.ts";
import { readConfig } from "../../src/platform/config.ts";
import { createDeps, type Deps, type Scope } from "../../src/platform/deps.ts";
import { newId } from "../../src/platform/ids.ts";
import { STRIPE_API_VERSION } from "../../src/platform/stripe.ts";
import { type Answer, call, type Json, ORIGIN, root } from "./api.ts";
import { sandbox } from "./sandbox.ts";

export type TestWorld = {
  scope: Scope;
  /** API keys by role. */
  keys: { admin: string; write: string; read: string };
  accountId: string;
  secretKey: string;
  webhookSecret: string;
  webhookUrl: string;
  connectionId: string;
  api: (
    method: string,
    path: string,
    body?: unknown,
    headers?: Record<string, string>,
  ) => Promise<Answer<Json>>;
};

let counter = 0;

/** A tenant with an environment and keys, and no connection yet. @param livemode of the environment and its Stripe key */
export async function createTenantWorld(
  livemode = false,
): Promise<Omit<TestWorld, "webhookSecret" | "connectionId">> {
  const name = `t${Date.now().toString(36)}${counter++}`;
  const tenant = (await root("POST", "/tenants", { name })).body;
  const environment = (
    await root("POST", `/tenants/${tenant.id}/environments`, { name: livemode ? "live" : "test", livemode })
  ).body;
  const keyPath = `/tenants/${tenant.id}/environments/${environment.id}/api_keys`;
  const makeKey = async (role: string): Promise<string> =>
    (await root("POST", keyPath, { name: role, role })).body.key;
  const keys = { admin: await makeKey("admin"), write: await makeKey("write"), read: await makeKey("read") };
  const secretKey = `sk_${livemode ? "live" : "test"}_${name}_1`;
  const scope = { tenantId: tenant.id, environmentId: environment.id };
  return {
    scope,
    keys,
    accountId: sandbox.accountFor(secretKey).account.id,
    secretKey,
    webhookUrl: `${ORIGIN}/api/v1/webhooks/stripe/${scope.tenantId}/${scope.environmentId}`,
    api: (method, path, body, headers = {}) => call(method, path, { key: keys.admin, body, headers }),
  };
}

/** The same with a connection: an endpoint at the sandbox, and its signing secret stored with us. */
export async function createWorld(): Promise<TestWorld> {
  const world = await createTenantWorld();
  const endpoint = await createEndpoint(world.secretKey, world.webhookUrl);
  const made = await world.api("POST", "/connections", {
    name: "Stripe",
    provider: "stripe",
    secret_key: world.secretKey,
    webhook_secret: endpoint.secret,
  });
  if (made.status !== 201) throw new Error(`No connection: ${JSON.stringify(made.body)}`);
  return { ...world, webhookSecret: endpoint.secret, connectionId: made.body.id };
}

/** Makes a webhook endpoint at the sandbox by Stripe's own API, as a person would in Stripe's dashboard. */
export async function createEndpoint(
  secretKey: string,
  url: string,
  options: { connect: boolean } = { connect: false },
): Promise<{ id: string; secret: string }> {
  const form = new URLSearchParams({ url, api_version: STRIPE_API_VERSION });
  if (options.connect) form.set("connect", "true");
  for (const type of Object.keys(STRIPE_EVENT_TYPES)) form.append("enabled_events[]", type);
  const response = await sandbox.fetch(
    new Request("http://stripe.sandbox/v1/webhook_endpoints", {
      method: "POST",
      headers: { authorization: `Bearer ${secretKey}`, "content-type": "application/x-www-form-urlencoded" },
      body: form.toString(),
    }),
  );
  const endpoint = (await response.json()) as { id: string; secret: string };
  if (!response.ok) throw new Error(JSON.stringify(endpoint));
  return endpoint;
}

/** The deps that the Worker itself would have, with parts replaced, or the bindings that they are made from. */
export function testDeps(parts: Partial<Deps> = {}, bindings: Partial<Env> = {}): Deps {
  const config = readConfig(env);
  if (!config.ok) throw new Error(JSON.stringify(config.problems));
  const actor = { kind: "queue" as const, id: null, ip: null };
  return { ...createDeps({ ...env, ...bindings }, config.config, actor, ORIGIN, newId("req")), ...parts };
}

/** Makes a customer and a finalised invoice over it, which is mailed only where the fields say so. */
export async function createOpenInvoice(
  world: Pick<TestWorld, "api">,
  fields: Record<string, unknown> = {},
): Promise<Json> {
  const customer = await world.api("POST", "/customers", { name: "Ada Lovelace", email: "ada@example.com" });
  const made = await world.api("POST", "/invoices", {
    customer_id: customer.body.id,
    currency: "eur",
    lines: [{ description: "Pro plan", quantity: 1, unit_amount: 12900 }],
    finalize: true,
    send_email: false,
    ...fields,
  });
  if (made.status !== 201) throw new Error(`No invoice: ${JSON.stringify(made.body)}`);
  return made.body;
}

/** The same, once its payment link can be paid. */
export async function createPayableInvoice(world: Pick<TestWorld, "api">): Promise<Json> {
  const { id } = await createOpenInvoice(world);
  return eventually(
    async () => (await world.api("GET", `/invoices/${id}`)).body,
    (seen) => seen.payment_link.status === "active",
  );
}

// A busy machine takes long, and slow queues take many turns for what they otherwise do at once.
const PATIENCE_MS = 60_000 + 100 * Number(env.QUEUE_JITTER_MS);

/** Waits for something that the queues do by themselves; fails after a minute with what was seen last. */
export async function eventually<T>(look: () => Promise<T>, isRight: (seen: T) => boolean): Promise<T> {
  const until = Date.now() + PATIENCE_MS;
  for (;;) {
    const seen = await look();
    if (isRight(seen)) return seen;
    if (Date.now() > until) throw new Error(`It did not come to be. Seen last: ${JSON.stringify(seen)}`);
    await new Promise((resolve) => setTimeout(resolve, 25));
  }
}
