// Nobody fills or floods what all share: what an environment sends and makes beyond its budgets is refused in words,
// and nothing that Stripe sent is lost by it.

import { env } from "cloudflare:workers";
import { afterEach, expect, test } from "vitest";
import { admitEvents } from "../../src/ledger/budgets/count-admitted.ts";
import { sumEvents } from "../../src/ledger/events/count-events.ts";
import type { StripeEventMessage } from "../../src/platform/event-message.ts";
import { createQueues } from "../../src/platform/jobs.ts";
import { receiveEvent } from "../../src/webhooks/receive-event.ts";
import { SETUP } from "../checkout/checkout-fixture.ts";
import { open } from "../dashboard/browse.ts";
import { enterConsole } from "../dashboard/enter-console.ts";
import { paidWorld } from "../guarantees/paid-world.ts";
import { type Json, root } from "../harness/api.ts";
import { callWith } from "../harness/call-with.ts";
import { inLedger } from "../harness/in-ledger.ts";
import { ledgerRows } from "../harness/ledger-rows.ts";
import { nextPulse } from "../harness/pulse.ts";
import { deliverEvent, signatureFor } from "../harness/stripe-delivery.ts";
import { createTenantWorld, createWorld, eventually, type TestWorld, testDeps } from "../harness/world.ts";
import { answerAs, askForMail, createLinkedInvoice, depsWith, RESEND } from "../mail/mail-fixture.ts";
import { createDestination, createReceiver } from "../notifications/receiver.ts";
import { reconcile, requestReconciliation } from "../reconciliation/reconcile-fixture.ts";
import { quietDeps } from "./deliver.ts";
import { event } from "./payloads/event.ts";
import { newIntent } from "./payloads/payment.ts";

type Place = Pick<TestWorld, "scope">;
const MINUTE_MS = 60_000;
/** In the middle of one that has not come yet: what is asked meanwhile by the real clock begins no count anew. */
const MINUTE = (Math.floor(Date.now() / MINUTE_MS) + 10) * MINUTE_MS + MINUTE_MS / 2;

const setBudgets = ({ scope }: Place, change: object) =>
  root("PATCH", `/tenants/${scope.tenantId}/environments/${scope.environmentId}/budgets`, change);

async function budgetOf({ api }: Pick<TestWorld, "api">, name: string): Promise<Json> {
  const { body } = await api("GET", "/budgets");
  return body.budgets.find((one: Json) => one.name === name);
}

/** A door whose clock stands, whose database is counted, and whose queue only collects. */
function openDoor(world: TestWorld, atMs: number) {
  const usual = testDeps();
  const reads = { count: 0 };
  const directory = new Proxy(usual.directory, {
    get(target, name, receiver) {
      if (name === "$client") reads.count++;
      return Reflect.get(target, name, receiver);
    },
  });
  const taken: string[] = [];
  const clock = { nowMs: atMs };
  const deps = {
    ...quietDeps,
    directory,
    limits: {},
    now: () => clock.nowMs,
    actor: { kind: "stripe" as const, id: null, ip: null },
    queues: {
      ...usual.queues,
      enqueueStripeEvent: async ({ body }: StripeEventMessage) => void taken.push(body ?? ""),
    },
  };
  /** @returns null where it was taken in */
  async function send(sent: unknown): Promise<Json | null> {
    const body = JSON.stringify(sent);
    const signature = await signatureFor(body, world.webhookSecret, Math.floor(clock.nowMs / 1000));
    try {
      await receiveEvent(deps, world.scope, body, signature);
      return null;
    } catch (error) {
      return error as Json;
    }
  }
  return { send, taken, reads, clock };
}

const foreign = (n: number, more: object = {}) => ({
  ...event("payment_intent.succeeded", newIntent({ id: `pi_foreign_${n}`, metadata: {}, ...more })),
  id: `evt_foreign_${n}`,
});

async function flood(send: (sent: unknown) => Promise<Json | null>, count: number): Promise<(Json | null)[]> {
  const answers: (Json | null)[] = [];
  for (let n = 0; n < count; n++) answers.push(await send(foreign(n)));
  return answers;
}

test("what is over the budget of a minute is refused with when to come again, and pays once it is sent again", async () => {
  const { world, succeeded, read } = await paidWorld();
  expect((await setBudgets(world, { events_per_minute: 100 })).status).toBe(200);
  const door = openDoor(world, MINUTE);
  const answers = await flood(door.send, 130);
  // It is asked for with every fiftieth.
  expect(answers.slice(0, 99)).toEqual(Array(99).fill(null));
  for (const refused of answers.slice(99))
    expect(refused).toMatchObject({
      status: 429,
      code: "over_budget",
      retryAfterSeconds: 30,
      message: expect.stringMatching(
        /budget events_per_minute is used up: 100 webhook events a minute.* raise it/,
      ),
    });
  expect(await door.send(succeeded)).toMatchObject({ status: 429 });
  expect(door.taken).toHaveLength(99);
  expect((await read()).status).toBe("open");

  door.clock.nowMs = MINUTE + MINUTE_MS;
  expect(await door.send(succeeded)).toBeNull();
  // What the door has put on its queue, on the real one.
  await createQueues(env).enqueueStripeEvents([
    {
      ...world.scope,
      connectionId: world.connectionId,
      deliveryId: "dlv_again",
      receivedAtMs: Date.now(),
      source: "webhook",
      body: door.taken.at(-1) ?? "",
    },
  ]);
  expect(await eventually(read, ({ status }) => status === "paid")).toMatchObject({ amount_remaining: 0 });
});

test("a payment whose events were all refused over budget is found by reconciliation", async () => {
  const { world, succeeded, read } = await paidWorld();
  await setBudgets(world, { event_bytes_per_minute: 1_000 });
  const sent = { ...succeeded, padding: "x".repeat(1_000_000) };
  const answer = await deliverEvent(world, sent);
  expect(answer.status).toBe(429);
  expect(answer.body).toMatchObject({
    code: "over_budget",
    detail: expect.stringContaining("event_bytes_per_minute"),
  });
  expect(Number(answer.headers.get("retry-after"))).toBeGreaterThan(0);
  expect((await deliverEvent(world, succeeded)).status).toBe(429);
  expect((await read()).status).toBe("open");
  await requestReconciliation(quietDeps, world.scope, world.connectionId);
  await reconcile(world);
  expect(await eventually(read, ({ status }) => status === "paid")).toMatchObject({ amount_remaining: 0 });
});

test("a budget costs no statement and no row, and its warning is written once a count", async () => {
  const world = await createWorld();
  await setBudgets(world, { events_per_minute: 250 });
  const door = openDoor(world, MINUTE);
  expect(await door.send(foreign(0))).toBeNull();
  door.reads.count = 0;
  const quiet = await ledgerRows(world.scope, () => flood(door.send, 190));
  expect([door.reads.count, quiet.written]).toEqual([0, 0]);
  const near = await ledgerRows(world.scope, () => flood(door.send, 20));
  expect(near.written).toBe(1);
  const over = await ledgerRows(world.scope, () => flood(door.send, 200));
  expect(over.written).toBe(1);
  expect((await door.send(foreign(1)))?.status).toBe(429);
  const { data } = (await world.api("GET", "/issues")).body;
  expect(data.filter(({ code }: Json) => code.startsWith("budget"))).toHaveLength(1);
  expect(await budgetOf(world, "events_per_minute")).toMatchObject({
    most: 250,
    last_near_at: new Date(MINUTE).toISOString(),
    last_over_at: new Date(MINUTE).toISOString(),
  });
});

test("one environment's flood uses nothing up of another's", async () => {
  const [noisy, other] = [await createWorld(), await createWorld()];
  await setBudgets(noisy, { events_per_minute: 50 });
  const door = openDoor(noisy, MINUTE);
  expect((await flood(door.send, 60)).at(-1)).toMatchObject({ code: "over_budget" });
  expect(await flood(openDoor(other, MINUTE).send, 60)).toEqual(Array(60).fill(null));
});

test("the day's count is kept where the ledger begins anew, and a day later it begins again", async () => {
  const world = await createWorld();
  await setBudgets(world, { events_per_day: 500 });
  expect((await deliverEvent(world, foreign(1))).status).toBe(200);
  const events = async () => (await world.api("GET", "/webhook_events")).body.data;
  await eventually(events, ([only]) => only?.status === "ignored");
  const day = 24 * 60 * MINUTE_MS;
  const atMs = (Math.floor(Date.now() / day) + 1) * day + MINUTE_MS;
  const admit = (events: number, nowMs: number) =>
    inLedger(world.scope, (book) => admitEvents(book, { events, bytes: 10 }).over, nowMs);
  await inLedger(
    world.scope,
    (book) => {
      admitEvents(book, { events: 450, bytes: 10 });
      sumEvents(book);
    },
    atMs,
  );
  // Each of these has its own memory, as an object that begins anew.
  expect((await admit(40, atMs)).value).toBeNull();
  expect((await admit(50, atMs)).value).toMatchObject({ name: "events_per_day", most: 500 });
  expect((await admit(50, atMs + day)).value).toBeNull();
});

test("where a ledger is as large as it may be, nothing new is made in it and payments still come in", async () => {
  const { world, succeeded, read } = await paidWorld();
  await setBudgets(world, { ledger_bytes: 1 });
  const customer = await world.api("POST", "/customers", { name: "Ada" });
  expect(customer).toMatchObject({
    status: 429,
    body: {
      code: "over_budget",
      detail: expect.stringMatching(/ledger_bytes is used up: 1 bytes.*RETENTION_DAYS/),
    },
  });
  const { customer_id } = await read();
  const lines = [{ description: "Pro", quantity: 1, unit_amount: 100 }];
  const invoice = { customer_id, currency: "eur", lines };
  expect((await world.api("POST", "/invoices", invoice)).body).toMatchObject({ code: "over_budget" });
  for (const [method, path, body] of [
    ["POST", "/checkout_sessions", SETUP],
    ["POST", "/customers/import", undefined],
  ] as const)
    expect([path, (await world.api(method, path, body)).body.code]).toEqual([path, "over_budget"]);
  expect((await world.api("GET", "/issues")).body.data).toContainEqual(
    expect.objectContaining({ code: "budget_used_up", severity: "critical" }),
  );
  expect((await deliverEvent(world, succeeded)).status).toBe(200);
  await eventually(read, ({ status }) => status === "paid");

  await setBudgets(world, { ledger_bytes: null });
  expect((await world.api("POST", "/invoices", invoice)).status).toBe(201);
});

test("API keys and event destinations have a number, beyond which the answer says what to do", async () => {
  const world = await createTenantWorld();
  await setBudgets(world, { api_keys: 5, event_destinations: 1 });
  const key = { name: "another", role: "read" };
  expect((await world.api("POST", "/api/v1/api_keys", key)).status).toBe(201);
  const made = await world.api("POST", "/api/v1/api_keys", key);
  expect(made.status).toBe(201);
  expect(await budgetOf(world, "api_keys")).toMatchObject({ used: 5, most: 5, state: "over" });
  expect(await world.api("POST", "/api/v1/api_keys", key)).toMatchObject({
    status: 409,
    body: { code: "conflict", detail: expect.stringMatching(/api_keys is used up: 5 API keys.*Revoke/) },
  });
  expect((await world.api("DELETE", `/api/v1/api_keys/${made.body.id}`)).status).toBe(200);
  expect((await world.api("POST", "/api/v1/api_keys", key)).status).toBe(201);

  const receiver = createReceiver();
  await createDestination(world, receiver);
  expect(await world.api("POST", "/event_destinations", { url: receiver.url })).toMatchObject({
    status: 409,
    body: {
      code: "conflict",
      detail: expect.stringMatching(/event_destinations is used up: 1 .*Delete one/),
    },
  });
});

const SETTINGS = ["EMAIL_PROVIDER", "EMAIL_FROM", "RESEND_API_KEY"] as const;
afterEach(() => {
  for (const name of SETTINGS) Reflect.deleteProperty(env, name);
});

test("the mails of a day are one of the budgets", async () => {
  Object.assign(env, {
    EMAIL_PROVIDER: "resend",
    EMAIL_FROM: "P <b@p.example>",
    RESEND_API_KEY: "re_test_key_1234",
  });
  const world = await createWorld();
  answerAs("api.resend.com", () => Response.json({ id: "1" }));
  await setBudgets(world, { mails_per_day: 1 });
  const invoice = await createLinkedInvoice(world, { send_email: false });
  expect((await world.api("POST", `/invoices/${invoice.id}/send`)).status).toBe(202);
  await eventually(
    () => budgetOf(world, "mails_per_day"),
    ({ used }) => used === 1,
  );
  await expect(askForMail(depsWith(RESEND), world, invoice.id, "second")).rejects.toMatchObject({
    code: "rate_limited",
    message: expect.stringMatching(/mails_per_day is used up: 1 mails within a day/),
  });
});

test("root alone sets budgets, for what there is, within what can be; it is audited, and null is the default", async () => {
  const world = await createTenantWorld();
  const before = await budgetOf(world, "events_per_day");
  for (const [change, path] of [
    [{ events_per_day: 0 }, "events_per_day"],
    [{ ledger_bytes: 10_000_000_001 }, "ledger_bytes"],
    [{ event_per_day: 5 }, "event_per_day"],
  ] as const)
    expect(await setBudgets(world, change)).toMatchObject({ status: 422, body: { errors: [{ path }] } });
  expect((await setBudgets(world, { events_per_day: 7 })).body.budgets).toContainEqual(
    expect.objectContaining({ name: "events_per_day", most: 7 }),
  );
  expect((await world.api("GET", "/audit_log")).body.data).toContainEqual(
    expect.objectContaining({
      action: "budgets.updated",
      detail: { events_per_day: { from: before.most, to: 7 } },
    }),
  );
  await setBudgets(world, { events_per_day: null });
  expect(await budgetOf(world, "events_per_day")).toEqual(before);
  const nowhere = { scope: { ...world.scope, environmentId: "env_nowhere" } };
  expect((await setBudgets(nowhere, { api_keys: 5 })).status).toBe(404);
});

test("whoever runs the installation sees which environment is near a budget or beyond it, until it is not", async () => {
  const world = await createTenantWorld();
  await setBudgets(world, { ledger_bytes: 1 });
  const pulse = await nextPulse(world.scope);
  expect(JSON.parse(String(pulse.budgets))).toEqual({
    ledger_bytes: { state: "over", most: 1, untilMs: null },
  });
  const ready = await callWith({}, "GET", "/readyz", { key: env.ROOT_TOKEN });
  const check = ready.body.checks.find((one: Json) => one.name === "budgets");
  expect([ready.status, check.ok]).toEqual([200, false]);
  expect(check.detail).toContain(
    `${world.scope.environmentId} of ${world.scope.tenantId}: ledger_bytes is used up`,
  );
  const standing = async () =>
    (await root("GET", `/environments?q=${world.scope.environmentId}`)).body.data[0].told;
  expect((await standing()).budgets).toEqual([{ name: "ledger_bytes", state: "over", most: 1 }]);
  const page = await open(`/console/environments?q=${world.scope.environmentId}`, await enterConsole());
  expect(page.html).toContain("ledger_bytes is used up (1 bytes of stored rows)");

  await setBudgets(world, { ledger_bytes: null });
  expect((await nextPulse(world.scope)).budgets).toBe("{}");
  expect((await standing()).budgets).toEqual([]);
});
