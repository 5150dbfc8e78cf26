// An environment that is bound to a jurisdiction has its ledger there and nowhere else, whoever asks it.

import { runInDurableObject } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { beforeAll, expect, test } from "vitest";
import { ledger, ledgerName } from "../../src/ledger/client.ts";
import type { Ledger } from "../../src/ledger/ledger.ts";
import type { Scope } from "../../src/platform/scope.ts";
import { type Json, ORIGIN, root } from "../harness/api.ts";
import { callWith } from "../harness/call-with.ts";
import { sandbox } from "../harness/sandbox.ts";
import { signatureFor } from "../harness/stripe-delivery.ts";
import { createEndpoint, createTenantWorld, testDeps } from "../harness/world.ts";

// workerd has no jurisdictions: here those of one have names of their own in the same namespace, since under a
// jurisdiction a name is another object.
const asked: string[] = [];
const placed = {
  getByName: (name: string) => env.LEDGER.getByName(name),
  jurisdiction: (jurisdiction: string) => ({
    getByName: (name: string) => {
      asked.push(jurisdiction);
      return env.LEDGER.getByName(`${jurisdiction}:${name}`);
    },
  }),
} as unknown as typeof env.LEDGER;

beforeAll(() => {
  sandbox.world.deliveryPolicy.withhold = true;
});

const asRoot = (method: string, path: string, body?: unknown) =>
  callWith({ LEDGER: placed }, method, `/api/v1${path}`, { key: env.ROOT_TOKEN, body });

/** How many tables the object of this name has: none where nothing was ever written. */
function tablesOf(name: string): Promise<number> {
  const count = "SELECT COUNT(*) AS count FROM sqlite_schema WHERE type = 'table'";
  return runInDurableObject(env.LEDGER.getByName(name), (_: Ledger, state) =>
    Number(state.storage.sql.exec(count).one().count),
  );
}

async function createPlaced(): Promise<{ scope: Scope; key: string; made: Json }> {
  const tenant = (await root("POST", "/tenants", { name: "Placed" })).body;
  const environments = `/tenants/${tenant.id}/environments`;
  const made = await asRoot("POST", environments, { name: "eu", livemode: false, jurisdiction: "eu" });
  expect(made.status).toBe(201);
  const scope = { tenantId: tenant.id, environmentId: made.body.id };
  const key = await root("POST", `${environments}/${made.body.id}/api_keys`, { name: "a", role: "admin" });
  return { scope, key: key.body.key, made: made.body };
}

test("where the runtime knows no jurisdictions such an environment is refused in plain words, and nothing is made", async () => {
  const { scope } = await createTenantWorld();
  const path = `/tenants/${scope.tenantId}/environments`;
  const refused = await root("POST", path, { id: "env_eu", name: "eu", livemode: false, jurisdiction: "eu" });
  expect([refused.status, refused.body.code, refused.body.errors[0].path]).toEqual([
    422,
    "validation_failed",
    "jurisdiction",
  ]);
  expect(refused.body.detail).toMatch(/cannot bind an environment to 'eu'.*Leave `jurisdiction` out/);
  expect((await root("GET", path)).body.data).toHaveLength(1);
  // The id is free, and the usual environment is made anywhere.
  const made = await root("POST", path, { id: "env_eu", name: "any", livemode: false });
  expect([made.status, made.body.jurisdiction]).toEqual([201, null]);
  const wrong = await root("POST", path, { name: "b", livemode: false, jurisdiction: "moon" });
  expect([wrong.status, wrong.body.errors[0].path]).toEqual([422, "jurisdiction"]);
});

test("calls by API key, Stripe's events and the ledger's own work reach the ledger in its jurisdiction, and none is made elsewhere", async () => {
  const { scope, key, made } = await createPlaced();
  expect(made.jurisdiction).toBe("eu");
  const api = (method: string, path: string, body?: unknown) =>
    callWith({ LEDGER: placed }, method, `/api/v1${path}`, { key, body });
  const webhookUrl = `${ORIGIN}/api/v1/webhooks/stripe/${scope.tenantId}/${scope.environmentId}`;
  const secretKey = `sk_test_placed${Date.now().toString(36)}_1`;
  const endpoint = await createEndpoint(secretKey, webhookUrl);
  const connection = { name: "Stripe", provider: "stripe", secret_key: secretKey };
  const connected = await api("POST", "/connections", { ...connection, webhook_secret: endpoint.secret });
  expect(connected.status).toBe(201);
  expect((await api("POST", "/customers", { id: "cus_placed", name: "Ada" })).status).toBe(201);

  const body = JSON.stringify({
    id: "evt_placed",
    object: "event",
    type: "charge.succeeded",
    created: Math.floor(Date.now() / 1000),
    livemode: false,
    data: { object: { id: "ch_1", object: "charge" } },
  });
  const headers = { "stripe-signature": await signatureFor(body, endpoint.secret) };
  const event = await sentBy("STRIPE_EVENTS", new URL(webhookUrl).pathname, { raw: body, headers });
  expect(event).toMatchObject([{ ...scope, jurisdiction: "eu", source: "webhook" }]);
  const lines = [{ description: "Pro plan", quantity: 1, unit_amount: 12900 }];
  const invoice = { customer_id: "cus_placed", currency: "EUR", lines, finalize: true };
  const work = await sentBy("JOBS", "/api/v1/invoices", { key, body: invoice });
  expect(work).toMatchObject([{ ...scope, jurisdiction: "eu", kind: "create_payment_link" }]);

  expect(asked).toContain("eu");
  expect(await tablesOf(`eu:${ledgerName(scope)}`)).toBeGreaterThan(10);
  expect(await tablesOf(ledgerName(scope))).toBe(0);
});

/** Posts and takes what is sent to a queue: of each message the line that says whose it is. */
async function sentBy(
  binding: "STRIPE_EVENTS" | "JOBS",
  path: string,
  options: { key?: string; body?: unknown; raw?: string; headers?: Record<string, string> },
): Promise<Json[]> {
  const sent: Json[] = [];
  const take = (text: string) => void sent.push(JSON.parse(text.split("\n", 1)[0] ?? ""));
  const queue = {
    send: async (text: string) => take(text),
    sendBatch: async (messages: { body: string }[]) => {
      for (const { body } of messages) take(body);
    },
  } as unknown as Queue;
  await callWith({ LEDGER: placed, [binding]: queue }, "POST", path, options);
  return sent;
}

test("a caller that has forgotten the jurisdiction finds the ledger all the same, and writes nothing elsewhere", async () => {
  const { scope } = await createPlaced();
  const deps = testDeps();
  const ledgers = { ...deps.ledgers, namespace: placed };
  await ledger({ ...deps, ledgers }, scope).changeSettings({ locale: "de" });
  const known = await ledger({ ...deps, ledgers }, { ...scope, jurisdiction: "eu" }).readSettings({});
  expect(known.settings).toEqual({ locale: "de" });
  expect(await tablesOf(ledgerName(scope))).toBe(0);
});

test("its payment URLs lead to the ledger that is there", async () => {
  const { scope, key } = await createPlaced();
  const asKey = (method: string, path: string, body?: unknown) =>
    callWith({ LEDGER: placed }, method, `/api/v1${path}`, { key, body });
  const customer = (await asKey("POST", "/customers", { name: "Ada" })).body;
  const lines = [{ description: "Free", quantity: 1, unit_amount: 0 }];
  const body = { customer_id: customer.id, currency: "eur", lines, finalize: true };
  const invoice = (await asKey("POST", "/invoices", body)).body;
  asked.length = 0;
  const { pathname } = new URL(invoice.payment_url);
  const page = await callWith({ LEDGER: placed }, "GET", pathname);
  expect([page.status, asked]).toEqual([200, ["eu"]]);
  expect(String(page.body)).toContain(invoice.number);
  expect(await tablesOf(ledgerName(scope))).toBe(0);
});
