// The environments in which two calls are started together: one of every object, a moment to go back to, queues that
// only keep what they are given, so that nothing but the two calls changes anything, and a Stripe that takes its time.

import { env } from "cloudflare:workers";
import { vi } from "vitest";
import { keepUnreadable } from "../../src/directory/unreadable-messages.ts";
import { deliveryId } from "../../src/ledger/notifications/delivery-id.ts";
import { webhookEventIdFor } from "../../src/platform/ids.ts";
import { makePrice } from "../checkout/checkout-fixture.ts";
import { call, root } from "../harness/api.ts";
import { ledgerSql } from "../harness/ledger-sql.ts";
import { sandbox } from "../harness/sandbox.ts";
import {
  createOpenInvoice,
  createPayableInvoice,
  createWorld,
  eventually,
  testDeps,
} from "../harness/world.ts";
import { createDestination, createReceiver } from "../notifications/receiver.ts";
import { subscribe } from "../subscriptions/subscription-fixture.ts";
import { keepMoment } from "./faults-snapshot.ts";
import type { Ids, Named, ObjectName } from "./two-mutations.ts";
import { type Answered, comparable, idsIn, type Outcome, readState } from "./two-outcome.ts";

export type Stage = Awaited<ReturnType<typeof createTwoStage>>;

/** Which of the two are called, and how. */
export type Run = {
  order: "together" | "one, other" | "other, one" | "in one" | "in other" | "one" | "other";
  /** How much later the second begins, ms; negative for the first. */
  offsetMs?: number;
  stripeMs?: number;
  /** Left out: no key. */
  keys?: "same" | "different" | undefined;
};

export async function createTwoStage() {
  const world = await createWorld();
  const { scope, api } = world;
  const paid = await createPayableInvoice(world);
  await sandbox.pay(world.accountId, { paymentLinkId: paid.payment_link.id }, { card: "4242424242424242" });
  await sandbox.settle();
  await eventually(
    async () => (await api("GET", `/invoices/${paid.id}`)).body,
    (seen) => seen.status === "paid",
  );
  const subscription = await subscribe(world);
  await sandbox.settle();
  await eventually(
    async () => (await api("GET", `/subscriptions/${subscription.id}`)).status,
    (status) => status === 200,
  );
  sandbox.world.deliveryPolicy.withhold = true;
  const open = await createPayableInvoice(world);
  const byHand = await createPayableInvoice(world);
  const recorded = { amount: 12900, method: "cash", reference: "by hand" };
  const manual = await api("POST", `/invoices/${byHand.id}/payments`, recorded);
  const uncollectible = await createPayableInvoice(world);
  await api("POST", `/invoices/${uncollectible.id}/mark_uncollectible`);
  const draft = await createOpenInvoice(world, { finalize: false });
  const customer = async () =>
    (await api("POST", "/customers", { name: "Ada", email: "ada@example.com" })).body.id;
  const destination = await createDestination(world, createReceiver());
  const { tenantId, environmentId } = scope;
  const bare = (await root("POST", `/tenants/${tenantId}/environments`, { name: "bare", livemode: false }))
    .body;
  const bareScope = { tenantId, environmentId: bare.id as string };
  const keyOfBare = await root("POST", `/tenants/${tenantId}/environments/${bare.id}/api_keys`, {
    name: "admin",
    role: "admin",
  });
  const spare = await api("POST", "/api_keys", { name: "spare", role: "read" });
  await keepUnreadable(testDeps(), { id: "message_1", queue: "quittance-jobs", text: "{" });
  await eventually(
    () => ledgerSql(scope).prepare("SELECT COUNT(*) AS n FROM outbox").first<{ n: number }>(),
    (left) => left?.n === 0,
  );
  const newKey = "sk_test_of_the_unconnected_1";
  const bareAccount = sandbox.accountFor(newKey).account.id;
  const ids: Ids = {
    draft: draft.id,
    open_invoice: open.id,
    uncollectible: uncollectible.id,
    customer: await customer(),
    mail: await putMail(scope, open.id),
    other_customer: await customer(),
    payment: (await api("GET", `/payments?invoice_id=${paid.id}`)).body.data[0].id,
    manual_payment: manual.body.id,
    invoice_paid_by_hand: byHand.id,
    connection: world.connectionId,
    subscription: subscription.id,
    destination: destination.id,
    delivery: await failDelivery(world, draft.customer_id, destination.id),
    event: await killEvent(scope),
    job: await putDeadJob(scope),
    price_alias: (await api("PUT", "/price_aliases/starter", { price: await makePrice(world.secretKey) }))
      .body.id,
    price: await makePrice(world.secretKey),
    api_key: spare.body.id,
    tenant: tenantId,
    environment: environmentId,
    dead_message: "message_1",
    new_key: newKey,
    new_url: createReceiver().url,
  };
  holdQueues();
  const backs = [await keepMoment("twice", scope), await keepMoment("bare", bareScope)];
  const scopes = [scope, bareScope];
  const accountIds = [world.accountId, bareAccount];
  const known = idsIn(await readState(scopes, accountIds));
  return {
    ids,
    keys: { admin: world.keys.admin, bare: keyOfBare.body.key as string },
    read: () => readState(scopes, accountIds),
    back: async () => {
      for (const back of backs) await back();
    },
    known,
  };
}

/** Plays it from the beginning. */
export async function play(stage: Stage, [one, other]: readonly [Named, Named], run: Run): Promise<Outcome> {
  await stage.back();
  const { ids } = one.mutation.of === "tenant" ? await withNewEnvironment(stage) : stage;
  const begin = (named: Named, nth: number) => () => callOnce(stage, ids, named, nth, run.keys);
  const calls = [begin(one, 0), begin(other, 1)] as const;
  const stepped = run.order === "in one" ? one : run.order === "in other" ? other : null;
  if (stepped) await takeFirstStep(stage, ids, stepped);
  const slow = slowStripe(run.stripeMs ?? 0);
  try {
    const answers = await inOrder(calls, run);
    for (const answer of answers)
      if (answer && answer.status >= 500) throw new Error(`${run.order}: ${JSON.stringify(answer)}`);
    return comparable({ answers, state: await stage.read() }, stage.known);
  } finally {
    slow.end();
  }
}

async function inOrder(
  [one, other]: readonly [() => Promise<Answered>, () => Promise<Answered>],
  { order, offsetMs = 0 }: Run,
): Promise<(Answered | null)[]> {
  switch (order) {
    case "one":
      return [await one(), null];
    case "other":
      return [null, await other()];
    // After the other's first step.
    case "in other":
    case "one, other": {
      const first = await one();
      return [first, await other()];
    }
    case "in one":
    case "other, one": {
      const first = await other();
      return [await one(), first];
    }
    case "together":
      return Promise.all([later(one, -offsetMs), later(other, offsetMs)]);
  }
}

async function later<T>(act: () => Promise<T>, ms: number): Promise<T> {
  if (ms > 0) await new Promise((resolve) => setTimeout(resolve, ms));
  return act();
}

async function callOnce(
  { keys }: Stage,
  ids: Ids,
  { route, mutation }: Named,
  nth: number,
  idempotency: Run["keys"],
): Promise<Answered> {
  const [method = "", pattern = ""] = route.split(" ");
  const id = ids[mutation.id ?? (mutation.of as keyof Ids)];
  const path = pattern
    .replace(":tenant_id", ids.tenant)
    .replace(":environment_id", ids.environment)
    .replace(":id", encodeURIComponent(id));
  const isSame = idempotency === "same";
  const body = mutation.body?.(ids, isSame ? 0 : nth);
  const headers = idempotency && { "idempotency-key": isSame ? "twice" : `twice-${nth}` };
  const { status, body: said } = await call(method, path, {
    key: keyFor(mutation.of, pattern, keys),
    ...(body === undefined ? {} : { body }),
    ...(headers && { headers }),
  });
  return { status, body: mutation.isReport && status < 300 ? null : said };
}

async function takeFirstStep(stage: Stage, ids: Ids, { mutation }: Named): Promise<void> {
  const { route = "", body } = mutation.firstStep ?? {};
  await callOnce(
    stage,
    ids,
    { route, name: route, mutation: { of: mutation.of, body: () => body } },
    0,
    undefined,
  );
}

function keyFor(of: ObjectName, pattern: string, keys: Stage["keys"]): string {
  if (/^\/(tenants|keyring|dead_messages)/.test(pattern)) return env.ROOT_TOKEN;
  return of === "unconnected" ? keys.bare : keys.admin;
}

/** One that may be erased. */
async function withNewEnvironment({ ids }: Stage): Promise<{ ids: Ids }> {
  const body = { name: "twice", livemode: false };
  const made = await root("POST", `/tenants/${ids.tenant}/environments`, body);
  return { ids: { ...ids, environment: made.body.id } };
}

/** A message to the destination that could not be delivered. */
async function failDelivery(
  world: Parameters<typeof createDestination>[0] & { scope: { tenantId: string; environmentId: string } },
  customerId: string,
  destinationId: string,
): Promise<string> {
  await world.api("PATCH", `/customers/${customerId}`, { name: "Ada King" });
  const sql = ledgerSql(world.scope);
  const find = () =>
    sql.prepare("SELECT seq, status FROM deliveries").first<{ seq: number; status: string }>();
  const row = await eventually(find, (seen) => seen?.status === "succeeded");
  await sql.prepare("UPDATE deliveries SET status = 'failed', succeeded_at_ms = NULL").run();
  return deliveryId({ destinationId, seq: row?.seq ?? 0 });
}

/** One that was sent. */
async function putMail(
  scope: { tenantId: string; environmentId: string },
  invoiceId: string,
): Promise<string> {
  const id = `${invoiceId}/link/1`;
  await ledgerSql(scope)
    .prepare(
      `INSERT OR REPLACE INTO mails (id, invoice_id, kind, recipient, status, created_at_ms, updated_at_ms)
       VALUES (?1, ?2, 'invoice', 'ada@example.com', 'sent', ?3, ?3)`,
    )
    .bind(id, invoiceId, Date.now())
    .run();
  return id;
}

async function putDeadJob(scope: { tenantId: string; environmentId: string }): Promise<string> {
  const job = "reconcile/of_two";
  await ledgerSql(scope)
    .prepare(
      "INSERT INTO outbox (id, kind, subject, status, created_at_ms, updated_at_ms) VALUES (?1, 'reconcile', '{}', 'dead', ?2, ?2)",
    )
    .bind(job, Date.now())
    .run();
  return job;
}

async function killEvent(scope: { tenantId: string; environmentId: string }): Promise<string> {
  const sql = ledgerSql(scope);
  const query = "SELECT stripe_event_id AS id FROM webhook_events WHERE type = 'payment_intent.succeeded'";
  const { id = "" } = (await sql.prepare(query).first<{ id: string }>()) ?? {};
  await sql.prepare("UPDATE webhook_events SET status = 'dead' WHERE stripe_event_id = ?").bind(id).run();
  return webhookEventIdFor(id);
}

function holdQueues(): void {
  for (const name of ["JOBS", "NOTIFICATIONS", "STRIPE_EVENTS"] as const) {
    vi.spyOn(env[name], "sendBatch").mockResolvedValue({} as never);
    vi.spyOn(env[name], "send").mockResolvedValue({} as never);
  }
}

/** Each call waits on its way to Stripe, and its answer on the way back. */
function slowStripe(ms: number): { end: () => void } {
  if (ms === 0) return { end() {} };
  const fast = globalThis.fetch;
  const wait = () => new Promise((resolve) => setTimeout(resolve, ms));
  globalThis.fetch = async (input, init) => {
    const request = new Request(input, init);
    await wait();
    const answer = await fast(request);
    await wait();
    return answer;
  };
  return {
    end() {
      globalThis.fetch = fast;
    },
  };
}
