// The door of the platform's Connect endpoint: one address for all connected accounts, and each event in its own
// environment's ledger alone.

import { env } from "cloudflare:workers";
import { beforeAll, expect, test, vi } from "vitest";
import { receiveConnectEvent } from "../../src/webhooks/receive-connect-event.ts";
import {
  CONNECT_SECRET,
  CONNECT_URL,
  createConnectedWorld,
  deliverToConnect,
  listenAtConnect,
} from "../connections/connected-world.ts";
import { countRows } from "../guarantees/paid-world.ts";
import { call, root } from "../harness/api.ts";
import { callWith } from "../harness/call-with.ts";
import { countAsked } from "../harness/count-asked.ts";
import { guardedDatabase } from "../harness/guarded-database.ts";
import { guardedLedgers } from "../harness/guarded-ledgers.ts";
import { sandbox } from "../harness/sandbox.ts";
import { deliver, eventsOf, signatureFor } from "../harness/stripe-delivery.ts";
import { createPayableInvoice, createWorld, eventually, type TestWorld, testDeps } from "../harness/world.ts";

const REFUSED = "The webhook was refused: its signature could not be verified for this address.";

beforeAll(async () => {
  await listenAtConnect();
});

const isPaid = (world: TestWorld, id: string) =>
  eventually(
    async () => (await world.api("GET", `/invoices/${id}`)).body,
    ({ status }) => status === "paid",
  );

const PATH = new URL(CONNECT_URL).pathname;
/** Other secrets than those of vitest.config.ts. */
const settings = (secrets: string) => ({ STRIPE_CONNECT_WEBHOOK_SECRETS: secrets }) as object;

const eventsIn = async (world: TestWorld) => (await world.api("GET", "/webhook_events?limit=100")).body.data;

let made = 0;
/** An event that nobody uses, so that it ends as a row alone. */
const unused = (fields: object) => ({
  ...{ id: `evt_unused${made++}`, object: "event", type: "plan.created", api_version: null },
  ...{ created: Math.floor(Date.now() / 1000), livemode: false, data: { object: {} } },
  ...fields,
});

const logged = (world: TestWorld, id: string) =>
  eventually(
    async () =>
      (await eventsIn(world)).find((event: { stripe_event_id: string }) => event.stripe_event_id === id),
    (event) => event !== undefined,
  );

/** How often the door counted a reason, as root sees it. */
async function counted(reason: string): Promise<number> {
  const { body } = await root("GET", "/stats");
  const found = body.connect_webhooks.find((one: { reason: string }) => one.reason === reason);
  return found?.count_24h ?? 0;
}

test("payments of many accounts, all sent to the one address, settle each its own invoice and show in no other log", async () => {
  const worlds = await Promise.all([1, 2, 3].map(() => createConnectedWorld()));
  const paid = await Promise.all(
    worlds.map(async (world) => {
      const invoice = await createPayableInvoice(world);
      await sandbox.pay(
        world.accountId,
        { paymentLinkId: invoice.payment_link.id },
        { card: "4242424242424242" },
      );
      return { world, id: invoice.id as string };
    }),
  );
  await sandbox.settle();
  for (const { world, id } of paid) {
    await isPaid(world, id);
    const sent = new Set(eventsOf(world).map((event) => event.id));
    for (const event of await eventsIn(world)) {
      expect(sent).toContain(event.stripe_event_id);
      expect(event.account).toBe(world.accountId);
    }
  }
});

test("a key connection and one by Stripe Connect stand side by side", async () => {
  const [byKey, byConnect] = [await createWorld(), await createConnectedWorld()];
  for (const world of [byKey, byConnect]) {
    const invoice = await createPayableInvoice(world);
    await sandbox.pay(
      world.accountId,
      { paymentLinkId: invoice.payment_link.id },
      { card: "4242424242424242" },
    );
    await sandbox.settle();
    await isPaid(world, invoice.id);
  }
});

test("a wrong, stale, future or missing signature, and one of a tenant's own secret, is refused with the words of the other door", async () => {
  const [world, byKey] = [await createConnectedWorld(), await createWorld()];
  const event = unused({ account: world.accountId });
  const body = JSON.stringify(event);
  const now = Math.floor(Date.now() / 1000);
  const at = (seconds: number) => signatureFor(body, CONNECT_SECRET, now + seconds);
  const headers = [
    await signatureFor(body, "whsec_wrongwrongwrong"),
    await signatureFor(body, byKey.webhookSecret),
    await at(-301),
    await at(302),
    `t=${now},${await at(0)}`,
    "",
    null,
  ];
  for (const header of headers) {
    const answer = await deliver({ webhookUrl: CONNECT_URL }, body, header);
    expect([answer.status, answer.body.code, answer.body.detail]).toEqual([
      400,
      "signature_refused",
      REFUSED,
    ]);
  }
  expect((await deliver({ webhookUrl: CONNECT_URL }, `${body} `, await at(0))).status).toBe(400);
  expect((await deliver({ webhookUrl: CONNECT_URL }, body, await at(0))).status).toBe(200);
  await logged(world, event.id);
});

test("any of several secrets verifies; without any, all is refused in the same words", async () => {
  const world = await createConnectedWorld();
  const event = unused({ account: world.accountId });
  const body = JSON.stringify(event);
  const secrets = ["whsec_theOldOneOfTheEndpoint", "whsec_theNewOneOfTheEndpoint"];
  const send = async (set: string, secret: string) =>
    callWith(settings(set), "POST", PATH, {
      raw: body,
      headers: { "stripe-signature": await signatureFor(body, secret) },
    });
  for (const secret of secrets) expect((await send(secrets.join(","), secret)).status).toBe(200);
  const refused = await send("", secrets[0] ?? "");
  expect([refused.status, refused.body.detail]).toEqual([400, REFUSED]);
  await logged(world, event.id);
});

test("an event of an unknown account, of the platform's own or of no account that can be read is counted and answered with 200", async () => {
  const world = await createConnectedWorld();
  const unknown = unused({ account: "acct_nobodys" });
  expect((await deliverToConnect(unknown)).status).toBe(200);
  await eventually(
    () => counted("unknown_account"),
    (count) => count > 0,
  );
  expect((await deliverToConnect(unused({}))).status).toBe(200);
  await eventually(
    () => counted("no_account"),
    (count) => count > 0,
  );
  expect((await deliverToConnect({ account: world.accountId })).status).toBe(200);
  await eventually(
    () => counted("unreadable"),
    (count) => count > 0,
  );
  // An event that came after them is there, and they are not.
  const last = unused({ account: world.accountId });
  await deliverToConnect(last);
  await logged(world, last.id);
  expect(await eventsIn(world)).toHaveLength(1);
});

test("a rightly signed event in a form that nobody knows reaches its environment's log", async () => {
  const world = await createConnectedWorld();
  expect((await deliverToConnect({ account: world.accountId, livemode: false, odd: true })).status).toBe(200);
  const [event] = await eventually(
    () => eventsIn(world),
    (events) => events.length === 1,
  );
  expect(event).toMatchObject({ status: "ignored", reason: "unreadable" });
});

test("a test event that a live endpoint is sent goes to the test environment, and to no live one", async () => {
  const accountId = "acct_bothmodes";
  const live = await createConnectedWorld({ livemode: true, accountId });
  const test = await createConnectedWorld({ accountId });
  const event = unused({ account: accountId });
  await deliverToConnect(event);
  await logged(test, event.id);
  expect(await countRows("webhook_events", live)).toBe(0);
});

test("a test event of an account that is connected in live mode alone is counted", async () => {
  const accountId = "acct_liveonly";
  await createConnectedWorld({ livemode: true, accountId });
  const send = vi.spyOn(env.STRIPE_EVENTS, "send");
  expect((await deliverToConnect(unused({ account: accountId }))).status).toBe(200);
  expect(send).not.toHaveBeenCalled();
  send.mockRestore();
});

test("a rightly signed event for another account changes nothing elsewhere, whatever it names in its metadata", async () => {
  const [world, other] = [await createConnectedWorld(), await createConnectedWorld()];
  const invoice = await createPayableInvoice(world);
  sandbox.world.deliveryPolicy.withhold = true;
  await sandbox.pay(
    world.accountId,
    { paymentLinkId: invoice.payment_link.id },
    { card: "4242424242424242" },
  );
  sandbox.world.deliveryPolicy.withhold = false;
  const succeeded = eventsOf(world).find(({ type }) => type === "payment_intent.succeeded");
  // The very payment of the first account's invoice, said to have happened in the other.
  await deliverToConnect({ ...succeeded, account: other.accountId });
  const [event] = await eventually(
    () => eventsIn(other),
    (events) => events.length === 1,
  );
  expect(event.status).toBe("ignored");
  expect(await eventsIn(world)).toHaveLength(0);
  expect((await world.api("GET", `/invoices/${invoice.id}`)).body).toMatchObject({
    status: "open",
    amount_paid: 0,
  });
});

test("an event whose account and context contradict each other changes nothing", async () => {
  const [world, other] = [await createConnectedWorld(), await createConnectedWorld()];
  const event = unused({ account: world.accountId, context: other.accountId });
  await deliverToConnect(event);
  expect(await logged(world, event.id)).toMatchObject({ status: "ignored", reason: "other_account" });
});

test("a thin event, which names its account in its context, is fetched and decided", async () => {
  const world = await createConnectedWorld();
  const invoice = await createPayableInvoice(world);
  sandbox.world.deliveryPolicy.withhold = true;
  await sandbox.pay(
    world.accountId,
    { paymentLinkId: invoice.payment_link.id },
    { card: "4242424242424242" },
  );
  sandbox.world.deliveryPolicy.withhold = false;
  const succeeded = eventsOf(world).find(({ type }) => type === "payment_intent.succeeded");
  if (succeeded?.type !== "payment_intent.succeeded") throw new Error("The sandbox made no payment.");
  const { id } = succeeded.data.object;
  await deliverToConnect({
    ...{ id: "evt_thin1", object: "v2.core.event", type: "v1.payment_intent.succeeded", livemode: false },
    ...{ created: new Date().toISOString(), context: world.accountId, snapshot_event: succeeded.id },
    related_object: { id, type: "payment_intent", url: `/v1/payment_intents/${id}` },
  });
  await isPaid(world, invoice.id);
});

test("a connection that is switched off refuses nothing here: its events are set aside, and decided once it is on", async () => {
  const world = await createConnectedWorld();
  const invoice = await createPayableInvoice(world);
  await world.api("PATCH", `/connections/${world.connectionId}`, { is_active: false });
  await sandbox.pay(
    world.accountId,
    { paymentLinkId: invoice.payment_link.id },
    { card: "4242424242424242" },
  );
  await sandbox.settle();
  await eventually(
    () => eventsIn(world),
    (events) => events.some(({ reason }: { reason: string }) => reason === "connection_disabled"),
  );
  expect((await world.api("GET", `/invoices/${invoice.id}`)).body.status).toBe("open");
  await world.api("PATCH", `/connections/${world.connectionId}`, { is_active: true });
  await isPaid(world, invoice.id);
});

test("cold, the door asks the directory once, by one keyed read; warm, neither it nor a ledger, and writes nothing", async () => {
  const world = await createConnectedWorld();
  const body = JSON.stringify(unused({ account: world.accountId }));
  const signature = await signatureFor(body, CONNECT_SECRET);
  const taken: unknown[] = [];
  const usual = testDeps();
  const queues = {
    ...usual.queues,
    enqueueStripeEvent: async (message: unknown) => void taken.push(message),
  };
  const asked = await countAsked(() => receiveConnectEvent({ ...usual, queues }, body, signature));
  expect(asked).toEqual({ directory: 1, ledgers: 0 });
  const refusing = async () => {
    throw new Error("The hot path asked.");
  };
  const warm = testDeps({ queues }, { DB: guardedDatabase(refusing), LEDGER: guardedLedgers(refusing) });
  await receiveConnectEvent(warm, body, signature);
  expect(taken).toHaveLength(2);
  expect(taken[1]).toMatchObject({ ...world.scope, connectionId: world.connectionId });
  // The one read goes along the index, and reads the one row.
  const { results, meta } = await env.DB.prepare(
    `SELECT id FROM connections WHERE account_id = ? AND livemode = 0 AND auth_type = 'oauth' AND disconnected_at_ms IS NULL`,
  )
    .bind(world.accountId)
    .all();
  expect([results.length, meta.rows_read <= 2]).toEqual([1, true]);
});

test("while the directory is away, an account that was seen in the last ten minutes is served; any other is put off, never passed over", async () => {
  const [world, unseen] = [await createConnectedWorld(), await createConnectedWorld()];
  const usual = testDeps();
  const queues = { ...usual.queues, enqueueStripeEvent: async () => {} };
  const readAtMs = Date.now();
  const come = async (afterMs: number, accountId: string, DB = env.DB) => {
    const now = readAtMs + afterMs;
    const body = JSON.stringify(unused({ account: accountId }));
    const signature = await signatureFor(body, CONNECT_SECRET, Math.floor(now / 1000));
    await receiveConnectEvent(testDeps({ queues, now: () => now }, { DB }), body, signature);
  };
  const away = guardedDatabase(async () => {
    throw new Error("Network connection lost.");
  });
  await come(0, world.accountId);
  await come(9 * 60_000, world.accountId, away);
  for (const [afterMs, accountId] of [
    [9 * 60_000, unseen.accountId],
    [9 * 60_000, "acct_nobodys"],
    [11 * 60_000, world.accountId],
  ] as const)
    await expect(come(afterMs, accountId, away)).rejects.toMatchObject({ code: "database_unavailable" });
});

test("an account that is connected a moment after its first event was passed over is heard at once", async () => {
  const accountId = "acct_justconnected";
  expect((await deliverToConnect(unused({ account: accountId }))).status).toBe(200);
  const world = await createConnectedWorld({ accountId });
  const event = unused({ account: accountId });
  await deliverToConnect(event);
  await logged(world, event.id);
});

test("an event that the queue does not take is answered 503; a body over 1 MiB is 413 before anything is verified", async () => {
  const world = await createConnectedWorld();
  const broken = vi.spyOn(env.STRIPE_EVENTS, "send").mockRejectedValue(new Error("queue down"));
  const refused = await deliverToConnect(unused({ account: world.accountId }));
  broken.mockRestore();
  expect([refused.status, refused.body.code]).toEqual([503, "queue_unavailable"]);
  expect((await deliver({ webhookUrl: CONNECT_URL }, "x".repeat(1024 * 1024 + 1), "t=1,v1=00")).status).toBe(
    413,
  );
});

test("the door is no tenant called 'connect', and answers nothing but POST", async () => {
  const body = JSON.stringify(unused({}));
  const answer = await deliver(
    { webhookUrl: `${CONNECT_URL}/env_none` },
    body,
    await signatureFor(body, CONNECT_SECRET),
  );
  expect([answer.status, answer.body.code]).toEqual([400, "signature_refused"]);
  expect((await call("GET", CONNECT_URL)).status).toBe(404);
});

test("an account beyond its environment's budget is refused, and others go on", async () => {
  const [world, other] = [await createConnectedWorld(), await createConnectedWorld()];
  const { tenantId, environmentId } = world.scope;
  const budgets = `/tenants/${tenantId}/environments/${environmentId}/budgets`;
  expect((await root("PATCH", budgets, { events_per_minute: 1 })).status).toBe(200);
  const send = (to: TestWorld) => deliverToConnect(unused({ account: to.accountId }));
  const statuses = new Set<number>();
  // The ledger is asked once for fifty.
  for (let sent = 0; sent < 50; sent++) statuses.add((await send(world)).status);
  expect([...statuses]).toEqual([200, 429]);
  expect((await send(other)).status).toBe(200);
});
