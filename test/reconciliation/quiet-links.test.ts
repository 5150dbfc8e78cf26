import { beforeEach, expect, test } from "vitest";
import { takeInEvents } from "../../src/webhooks/take-in-events.ts";
import type { Json } from "../harness/api.ts";
import { ledgerSql } from "../harness/ledger-sql.ts";
import { sandbox } from "../harness/sandbox.ts";
import { eventsOf } from "../harness/stripe-delivery.ts";
import { createOpenInvoice, createWorld, eventually, type TestWorld, testDeps } from "../harness/world.ts";
import {
  payUnheard,
  quietDeps,
  reader,
  reconcile,
  requestReconciliation,
  rowOf,
} from "./reconcile-fixture.ts";

const HOUR = 3_600_000;
const DAY_SECONDS = 86_400;

// No event is listed or delivered in these tests: only asking about the links helps.
beforeEach(() => {
  sandbox.world.deliveryPolicy.withhold = true;
  sandbox.world.faults.length = 0;
});

function forgetEvents(world: TestWorld): void {
  const account = sandbox.world.accounts[world.accountId];
  if (account) account.eventOrder.length = 0;
}

async function checkLinks(world: TestWorld, hoursLater: number): Promise<void> {
  forgetEvents(world);
  await requestReconciliation(quietDeps(), world.scope, world.connectionId);
  await reconcile(world, quietDeps({ now: () => Date.now() + hoursLater * HOUR }));
}

async function payByDebit(world: TestWorld, card: string): Promise<Json> {
  const invoice = await createOpenInvoice(world);
  const linked = await eventually(reader(world, invoice.id), (seen) => seen.payment_link.status === "active");
  await sandbox.pay(world.accountId, { paymentLinkId: linked.payment_link.id }, { card });
  return linked;
}

const paymentsOf = async (world: TestWorld): Promise<Json[]> =>
  (await world.api("GET", "/payments")).body.data;

const madeByUs = async (world: TestWorld): Promise<Json[]> =>
  (await world.api("GET", "/webhook_events?limit=100")).body.data.filter((event: Json) =>
    event.stripe_event_id.startsWith("evt_reconciled"),
  );

/** The one intent of an account with what the sandbox holds of its charge, which the test may date. */
function moneyOf(world: TestWorld) {
  const account = sandbox.world.accounts[world.accountId];
  const [charge] = Object.values(account?.charges ?? {});
  const transaction = account?.balanceTransactions[String(charge?.balance_transaction)];
  if (!account || !charge) throw new Error("no charge");
  return { charge, transaction };
}

test("a card payment is dated by its charge, not by when its payment page was opened", async () => {
  const world = await createWorld();
  const { id } = await payUnheard(world);
  const { charge } = moneyOf(world);
  charge.created -= 1_000;
  for (const session of Object.values(sandbox.world.accounts[world.accountId]?.sessions ?? {}))
    session.created -= DAY_SECONDS;
  await checkLinks(world, 7);
  await eventually(reader(world, id), (invoice) => invoice.status === "paid");
  const [payment] = await paymentsOf(world);
  expect(Date.parse(payment.occurred_at)).toBe(charge.created * 1000);
  expect(await rowOf(world)).toMatchObject({ links_checked: 1, links_missed: 1, missed_count: 1 });
});

test("a bank debit is dated by when its money entered the balance, and a webhook that comes later changes nothing", async () => {
  const world = await createWorld();
  const { id } = await payByDebit(world, "bank_debit_success");
  await sandbox.advance(60_000);
  const events = eventsOf(world);
  const { charge, transaction } = moneyOf(world);
  if (!transaction) throw new Error("no balance transaction");
  charge.created -= 5 * DAY_SECONDS;
  transaction.created -= DAY_SECONDS;
  await checkLinks(world, 7);
  await eventually(reader(world, id), (invoice) => invoice.status === "paid");
  const [payment] = await paymentsOf(world);
  expect(Date.parse(payment.occurred_at)).toBe(transaction.created * 1000);

  const succeeded = events.find(({ type }) => type === "payment_intent.succeeded");
  if (!succeeded) throw new Error("no event");
  succeeded.created = transaction.created + 2;
  await takeInEvents(testDeps(), world.scope, world.connectionId, [succeeded]);
  await eventually(
    async () => (await world.api("GET", "/webhook_events?type=payment_intent.succeeded")).body.data,
    (seen: Json[]) => seen.some((event) => event.stripe_event_id === succeeded.id),
  );
  expect(await paymentsOf(world)).toMatchObject([{ occurred_at: payment.occurred_at, amount: 12900 }]);
});

test("where the key may not see the balance the time is when it was learned, and a later webhook puts it right", async () => {
  const world = await createWorld();
  const { id } = await payByDebit(world, "bank_debit_success");
  await sandbox.advance(60_000);
  const succeeded = eventsOf(world).find(({ type }) => type === "payment_intent.succeeded");
  const { transaction } = moneyOf(world);
  if (!succeeded || !transaction) throw new Error("not paid");
  const account = sandbox.world.accounts[world.accountId];
  // What cannot be seen is not expanded.
  if (account) delete account.balanceTransactions[transaction.id];
  await checkLinks(world, 7);
  await eventually(reader(world, id), (invoice) => invoice.status === "paid");
  const [learned] = await paymentsOf(world);
  expect(Date.parse(learned.occurred_at)).toBeGreaterThan(succeeded.created * 1000);

  await takeInEvents(testDeps(), world.scope, world.connectionId, [succeeded]);
  const right = await eventually(
    () => paymentsOf(world),
    ([payment]) => payment.occurred_at !== learned.occurred_at,
  );
  expect(Date.parse(right[0].occurred_at)).toBe(succeeded.created * 1000);
});

test("a bank debit that failed unheard is a failed payment with its reason, and the invoice gets a new link", async () => {
  const world = await createWorld();
  const invoice = await payByDebit(world, "bank_debit_failure");
  await checkLinks(world, 7);
  await eventually(reader(world, invoice.id), (seen) => seen.payment_status === "processing");
  await sandbox.advance(60_000);
  await checkLinks(world, 14);
  const again = await eventually(
    reader(world, invoice.id),
    (seen) => seen.payment_link.id !== invoice.payment_link.id && seen.payment_link.status === "active",
  );
  expect(again).toMatchObject({ status: "open", payment_status: "unpaid" });
  const [payment] = await paymentsOf(world);
  expect(payment.status).toBe("failed");
  expect(payment.failure_code).toEqual(expect.any(String));
});

test("what Stripe is just delivering is not reported as missed, nor told a second time", async () => {
  const world = await createWorld();
  const invoice = await createOpenInvoice(world);
  const linked = await eventually(reader(world, invoice.id), (seen) => seen.payment_link.status === "active");
  // A link of yesterday, of which nothing was heard, is paid this second.
  await ledgerSql(world.scope)
    .prepare("UPDATE payment_links SET created_at_ms = ?1, next_check_at_ms = ?1 + 6 * 3600000")
    .bind(Date.now() - 24 * HOUR)
    .run();
  await sandbox.pay(world.accountId, { paymentLinkId: linked.payment_link.id }, { card: "4242424242424242" });
  await checkLinks(world, 0);
  expect(await rowOf(world)).toMatchObject({ links_checked: 1, links_missed: 0, missed_at_ms: null });
  expect(await madeByUs(world)).toEqual([]);
  // Should its webhook not come after all, the link does not wait for long.
  const link = await ledgerSql(world.scope)
    .prepare("SELECT next_check_at_ms AS at FROM payment_links")
    .first<{ at: number }>();
  expect(link?.at).toBeLessThan(Date.now() + 10 * 60_000);
  await sandbox.fetch(new Request("http://stripe.sandbox/_sandbox/deliveries/release", { method: "POST" }));
  await sandbox.settle();
  await eventually(reader(world, invoice.id), (seen) => seen.status === "paid");
});

test("a link that is looked at again and again tells of one payment once", async () => {
  const world = await createWorld();
  const { id } = await payByDebit(world, "bank_debit_success");
  await checkLinks(world, 7);
  await eventually(reader(world, id), (seen) => seen.payment_status === "processing");
  const first = await eventually(
    () => madeByUs(world),
    (events) => events.length === 2,
  );
  await checkLinks(world, 14);
  expect(await rowOf(world)).toMatchObject({ links_checked: 1, links_missed: 0 });
  expect(await madeByUs(world)).toHaveLength(first.length);
});

test("a completed page is found however many others of the link were opened after it", async () => {
  const world = await createWorld();
  const { id, payment_link } = await payUnheard(world);
  const account = sandbox.world.accounts[world.accountId];
  const [paid] = Object.values(account?.sessions ?? {});
  if (!account || !paid) throw new Error("no session");
  for (let index = 0; index < 30; index++) {
    const left = { ...paid, id: `cs_left_${index}`, status: "expired" as const, payment_intent: null };
    account.sessions[left.id] = { ...left, payment_status: "unpaid", payment_link: payment_link.id };
  }
  await checkLinks(world, 7);
  await eventually(reader(world, id), (invoice) => invoice.status === "paid");
});

test("what a run missed is said by the API while later runs find nothing", async () => {
  const world = await createWorld();
  const path = `/connections/${world.connectionId}/reconciliation`;
  expect((await world.api("GET", path)).body).toMatchObject({ status: "never", last_missed_at: null });
  const { id } = await payUnheard(world);
  await checkLinks(world, 7);
  await eventually(reader(world, id), (invoice) => invoice.status === "paid");
  const seen = (await world.api("GET", path)).body;
  expect(seen).toMatchObject({ object: "reconciliation", status: "idle", links_missed: 1, events_missed: 0 });
  expect(seen).toMatchObject({ last_missed_count: 1, last_missed_at: expect.stringMatching(/^20/) });

  await checkLinks(world, 8);
  const after = (await world.api("GET", path)).body;
  expect(after).toMatchObject({ links_missed: 0, last_missed_count: 1, last_missed_at: seen.last_missed_at });
  const other = await createWorld();
  expect((await other.api("GET", path)).status).toBe(404);
});
