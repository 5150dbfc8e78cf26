import { env } from "cloudflare:workers";
import { beforeEach, describe, expect, test } from "vitest";
import { runChores } from "../../src/cron.ts";
import type { StripeEventShape } from "../../src/webhooks/facts.ts";
import { call } from "../harness/api.ts";
import { sandbox } from "../harness/sandbox.ts";
import { eventsOf } from "../harness/stripe-delivery.ts";
import { createWorld, eventually } from "../harness/world.ts";
import { deliver, rowsOf } from "../webhooks/deliver.ts";
import { ask, CARD, listeningWorld, makeSession, postToStripe, quiet } from "./checkout-fixture.ts";

beforeEach(() => {
  // Stripe's webhooks are late in these tests.
  sandbox.world.deliveryPolicy.withhold = true;
  sandbox.world.faults.length = 0;
});

const fault = (kind: Parameters<typeof sandbox.world.faults.push>[0]["kind"]) =>
  sandbox.world.faults.push({ method: "GET", path: "/v1/checkout/sessions", times: 1, kind });

describe("a thank-you page", () => {
  test("gets the truth before any webhook came, and the completion is told once, whoever brings it", async () => {
    const world = await listeningWorld();
    const { id } = await makeSession(world);
    const look = async () => (await world.api("GET", `/checkout_sessions/${id}`)).body;
    expect(await look()).toMatchObject({ status: "open", payment_status: "unpaid" });
    await sandbox.pay(world.accountId, { sessionId: id }, CARD);
    const seen = await look();
    expect(seen).toMatchObject({ status: "complete", payment_status: "paid", url: null });
    expect(await look()).toEqual(seen);
    await runChores(env);
    expect(await world.untilTold(id)).toMatchObject({ status: "complete" });

    for (const one of eventsOf(world)) await deliver(world, one as unknown as StripeEventShape);
    await runChores(env);
    await quiet();
    expect(world.completed(id)).toHaveLength(1);
  });

  test("that finds a session completed tells the platform at once, not at the next sweep", async () => {
    const world = await listeningWorld();
    const { id } = await makeSession(world);
    await sandbox.pay(world.accountId, { sessionId: id }, CARD);
    await world.api("GET", `/checkout_sessions/${id}`);
    expect(await world.untilTold(id)).toMatchObject({ status: "complete" });
  });

  test("gets the truth that webhooks brought, and that a session has expired", async () => {
    const world = await createWorld();
    const { id } = await makeSession(world);
    await postToStripe(world.secretKey, `/v1/checkout/sessions/${id}/expire`, {});
    const { body } = await world.api("GET", `/checkout_sessions/${id}`);
    expect(body).toMatchObject({ status: "expired", payment_status: "unpaid", url: null });
  });

  test("that asks again and again writes nothing while nothing changes", async () => {
    const world = await createWorld();
    const { id, updated_at } = await makeSession(world);
    for (let time = 0; time < 3; time++) {
      expect((await world.api("GET", `/checkout_sessions/${id}`)).body.updated_at).toBe(updated_at);
    }
  });
});

describe("when Stripe cannot say, nothing stale is answered:", () => {
  test.each([
    ["cut_before", 502, "stripe_timeout"],
    ["server_error", 502, "stripe_unavailable"],
    ["rate_limit", 502, "stripe_rate_limited"],
  ] as const)("%s is %i %s", async (kind, status, code) => {
    const world = await createWorld();
    const { id } = await makeSession(world);
    fault(kind);
    const answer = await world.api("GET", `/checkout_sessions/${id}`);
    expect(answer).toMatchObject({ status, body: { code } });
    expect(answer.body).not.toHaveProperty("payment_status");
  });

  test("a session of an account that is connected no more is 404, with the reason", async () => {
    const world = await createWorld();
    const { id } = await makeSession(world);
    sandbox.accountFor(world.secretKey).sessions = {};
    const answer = await world.api("GET", `/checkout_sessions/${id}`);
    expect(answer).toMatchObject({ status: 404, body: { code: "not_found" } });
    expect(answer.body.detail).toContain("account that is connected now");
  });
});

test("another environment's session is 404 without asking Stripe, even in the same Stripe account", async () => {
  const [ours, theirs] = [await createWorld(), await createWorld()];
  const { id } = await makeSession(ours);
  // Whoever asked Stripe would run into this.
  fault("server_error");
  const answer = await call("GET", `/checkout_sessions/${id}`, { key: theirs.keys.admin });
  expect(answer).toMatchObject({ status: 404, body: { code: "not_found" } });
  expect(sandbox.world.faults).toHaveLength(1);
  sandbox.world.faults.length = 0;

  // One account, two environments: each event comes to both, and belongs to one.
  await sandbox.pay(ours.accountId, { sessionId: id }, CARD);
  for (const one of eventsOf(ours)) await deliver(theirs, one as unknown as StripeEventShape);
  expect(await rowsOf(theirs, "checkout_sessions")).toEqual([]);
});

test("a key that may only read can look and cannot make", async () => {
  const world = await createWorld();
  const { id } = await makeSession(world);
  expect((await call("GET", `/checkout_sessions/${id}`, { key: world.keys.read })).status).toBe(200);
  const api = (method: string, path: string, body?: unknown) =>
    call(method, path, { key: world.keys.read, body });
  expect((await ask({ api })).status).toBe(403);
});

test("reconciliation brings a completion that no webhook told of", async () => {
  const world = await listeningWorld();
  const { id } = await makeSession(world);
  await sandbox.pay(world.accountId, { sessionId: id }, CARD);
  const started = await world.api("POST", `/connections/${world.connectionId}/reconcile`, {
    since: new Date(Date.now() - 3_600_000).toISOString(),
  });
  expect(started.status).toBe(202);
  expect(await world.untilTold(id)).toMatchObject({ status: "complete", payment_status: "paid" });
  const [event] = await eventually(
    async () => (await world.api("GET", "/webhook_events?type=checkout.session.completed")).body.data,
    (events) => events.length > 0,
  );
  expect(event).toMatchObject({ source: "reconciliation", status: "processed" });
});

test("the test door of a destination sends an example of the same shape", async () => {
  const world = await listeningWorld();
  const { id: _, ...made } = await makeSession(world);
  const [destination] = (await world.api("GET", "/event_destinations")).body.data;
  const sent = await world.api("POST", `/event_destinations/${destination.id}/test`, {
    type: "checkout_session.completed",
  });
  expect(sent.status).toBeLessThan(300);
  const [example] = await eventually(
    async () => world.told().filter(({ type }) => type === "checkout_session.completed"),
    (messages) => messages.length > 0,
  );
  expect(Object.keys(example?.data.object).sort()).toEqual([...Object.keys(made), "id"].sort());
});
