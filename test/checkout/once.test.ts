import { beforeEach, expect, test } from "vitest";
import { ledgerSql } from "../harness/ledger-sql.ts";
import { sandbox } from "../harness/sandbox.ts";
import { createWorld, type TestWorld } from "../harness/world.ts";
import { rowsOf } from "../webhooks/deliver.ts";
import { ask, atStripe, CARD } from "./checkout-fixture.ts";

type Fault = Parameters<typeof sandbox.world.faults.push>[0];

beforeEach(() => {
  sandbox.world.deliveryPolicy.withhold = false;
  sandbox.world.faults.length = 0;
});

const ONCE = { "idempotency-key": "order-7" };
const fault = (kind: Fault["kind"], times = 1, more: Partial<Fault> = {}) =>
  sandbox.world.faults.push({ method: "POST", path: "/v1/checkout/sessions", times, kind, ...more });
/** Our own kept answers are lost; those that Stripe keeps are not. */
const loseAnswers = (world: TestWorld) =>
  ledgerSql(world.scope).prepare("DELETE FROM idempotency_keys").run();
const audits = (world: TestWorld) => rowsOf(world, "audit_log", "action = 'checkout_session.created'");

test("a call is written down in the audit log, with who made it", async () => {
  const world = await createWorld();
  const { id } = (await ask(world)).body;
  expect(await audits(world)).toMatchObject([{ object_id: id, actor_kind: "api_key" }]);
});

test("a cut after Stripe made the session: the same call again answers with that one", async () => {
  const world = await createWorld();
  fault("cut_after");
  const cut = await ask(world, {}, ONCE);
  expect(cut).toMatchObject({ status: 502, body: { code: "stripe_timeout" } });
  expect(await rowsOf(world, "checkout_sessions")).toEqual([]);
  const again = await ask(world, {}, ONCE);
  expect(again.status).toBe(201);
  expect(atStripe(world).map(({ id }) => id)).toEqual([again.body.id]);
  expect(await audits(world)).toHaveLength(1);
  // And from then on it is our own kept answer.
  const kept = await ask(world, {}, ONCE);
  expect(kept.headers.get("idempotent-replayed")).toBe("true");
  expect(kept.body).toEqual(again.body);
});

test("a cut before Stripe had it: the same call again makes one", async () => {
  const world = await createWorld();
  fault("cut_before");
  expect((await ask(world, {}, ONCE)).status).toBe(502);
  expect((await ask(world, {}, ONCE)).status).toBe(201);
  expect(atStripe(world)).toHaveLength(1);
});

test("a session paid before the repeated call is answered as complete, not as Stripe's kept answer has it", async () => {
  const world = await createWorld();
  const { id } = (await ask(world, {}, ONCE)).body;
  await sandbox.pay(world.accountId, { sessionId: id }, CARD);
  expect((await world.api("GET", `/checkout_sessions/${id}`)).body.status).toBe("complete");
  await loseAnswers(world);
  const again = await ask(world, {}, ONCE);
  expect(again).toMatchObject({
    status: 201,
    body: { id, status: "complete", payment_status: "paid", url: null },
  });
  expect(atStripe(world)).toHaveLength(1);
  expect(await audits(world)).toHaveLength(1);
});

test("a 500, which Stripe would replay for a day, is passed by at the next try", async () => {
  const world = await createWorld();
  fault("server_error", 3);
  for (const _ of ["first", "second", "third"]) {
    expect(await ask(world, {}, ONCE)).toMatchObject({ status: 502, body: { code: "stripe_unavailable" } });
  }
  expect((await ask(world, {}, ONCE)).status).toBe(201);
  expect(atStripe(world)).toHaveLength(1);
});

test("a rate limit is told with how long to wait, and leaves nothing behind", async () => {
  const world = await createWorld();
  fault("rate_limit", 1, { retryAfterSeconds: 7 });
  const limited = await ask(world, {}, ONCE);
  expect(limited).toMatchObject({ status: 502, body: { code: "stripe_rate_limited" } });
  expect(limited.headers.get("retry-after")).toBe("7");
  expect(await rowsOf(world, "checkout_sessions")).toEqual([]);
  expect((await ask(world, {}, ONCE)).status).toBe(201);
});

test("a customer whose session failed is made at Stripe once", async () => {
  const world = await createWorld();
  const customer = (await world.api("POST", "/customers", { name: "Ada" })).body;
  fault("cut_after");
  const fields = { customer_id: customer.id };
  expect((await ask(world, fields, ONCE)).status).toBe(502);
  expect((await ask(world, fields, ONCE)).status).toBe(201);
  expect(Object.keys(sandbox.accountFor(world.secretKey).customers)).toHaveLength(1);
  expect(atStripe(world)).toHaveLength(1);
});

test("without an Idempotency-Key each call is a session of its own, of the same body too", async () => {
  const world = await createWorld();
  const [first, second] = [(await ask(world)).body, (await ask(world)).body];
  expect(first.id).not.toBe(second.id);
  expect(atStripe(world)).toHaveLength(2);
});

test("a key used again after days makes a new session, though Stripe may still replay the old one", async () => {
  const world = await createWorld();
  const { id } = (await ask(world, {}, ONCE)).body;
  await loseAnswers(world);
  for (const answer of Object.values(sandbox.world.idempotency)) {
    if (answer.accountId !== world.accountId || !answer.body.includes(id)) continue;
    const made = JSON.parse(answer.body);
    answer.body = JSON.stringify({ ...made, created: made.created - 25 * 3600 });
  }
  const again = await ask(world, {}, ONCE);
  expect(again.status).toBe(201);
  expect(again.body.id).not.toBe(id);
});
