import { env } from "cloudflare:workers";
import fc from "fast-check";
import { expect, test } from "vitest";
import { ledger } from "../../src/ledger/client.ts";
import { AppError } from "../../src/platform/app-error.ts";
import { checkChargeable } from "../../src/platform/money.ts";
import { ledgerSql } from "../harness/ledger-sql.ts";
import { createWorld } from "../harness/world.ts";
import { deliver, type Place, putInvoice, quietDeps, rowsOf } from "../webhooks/deliver.ts";
import { anyHistory, type ByHand, type History, randomOf } from "./history.ts";
import { hourlySums, watchStatuses } from "./hourly-sums.ts";
import { type Expected, expectedInvoice } from "./reference-model.ts";
import { type Played, play } from "./stripe-account.ts";
import { BEGINNING } from "./stripe-objects.ts";

// `npm run proof:histories` sets it to thousands. A batch is always played whole.
const COUNT = Number(env.PROOF_HISTORIES || 200);
const BATCH = 10;
// What is wanted of Stripe is not done: a link that is being made stays so.
const deps = { ...quietDeps, queues: { ...quietDeps.queues, enqueueJobs: async () => {} } };

test(`${COUNT} random histories, delivered shuffled, several times and some of it late, end as Stripe's final objects say, and each payment, refund and event is counted once`, {
  timeout: 60 * 60 * 1000,
}, async () => {
  const place = await createWorld();
  await ledger(deps, place.scope).createCustomer({ id: "cus_1", name: "Ada", callId: null });
  await watchStatuses(place.scope);
  const batches = fc.array(anyHistory, { minLength: BATCH, maxLength: BATCH });
  const property = fc.asyncProperty(batches, async (histories) => {
    await clear(place);
    const runs = await Promise.all(histories.map((history, index) => live(place, `h${index}`, history)));
    await check(
      place,
      runs.map(({ history }) => history),
      runs,
    );
    await hourlySums(place, true);
  });
  await fc.assert(property, { numRuns: Math.ceil(COUNT / BATCH), endOnFailure: false });
});

/** @returns what was played, and the history as it came to be: one that is paid is not opened again */
async function live(place: Place, name: string, history: History): Promise<Played & { history: History }> {
  const invoiceId = `inv_${name}`;
  await putInvoice(place, invoiceId, {
    dueMinor: history.due,
    currency: history.currency,
    status: history.status,
  });
  await putLink(place, invoiceId, `plink_${name}`, history);
  const { tenantId, environmentId } = place.scope;
  const played = play(name, history, {
    invoice_id: invoiceId,
    customer_id: "cus_1",
    quittance_tenant_id: tenantId,
    quittance_environment_id: environmentId,
    quittance_link_revision: "1",
  });

  const random = randomOf(history.seed + 1);
  const late = played.events.filter(() => random.upTo(5) === 0);
  const copies = played.events
    .filter((event) => !late.includes(event))
    .flatMap((event) => Array.from({ length: random.upTo(3) === 0 ? 2 : 1 }, () => event));
  const deliveries = copies.map((event) => () => deliver(place, event, "webhook", deps));
  const byHand = history.status === "void" ? [] : history.byHand;
  const recorded = byHand.map((one, index) => () => recordByHand(place, invoiceId, one, index));
  let status = history.status;
  const reopens = status === "uncollectible" && history.reopened;
  const reopening = async () => {
    if (await reopen(place, invoiceId)) status = "open";
  };
  const acts = [...deliveries, ...recorded, ...(reopens ? [reopening] : [])];
  await inBits(random.shuffle(acts), (run) => run());
  await inBits(random.shuffle(late), (event) => deliver(place, event, "reconciliation", deps));
  return { ...played, history: { ...history, status } };

  // One to three at the same time, as a queue's consumers work.
  async function inBits<T>(items: readonly T[], work: (item: T) => Promise<void>): Promise<void> {
    for (let start = 0; start < items.length; ) {
      const size = 1 + random.upTo(2);
      await Promise.all(items.slice(start, start + size).map(work));
      start += size;
    }
  }
}

/** The first link: of an open invoice one that can be paid, else one that is off. */
async function putLink(
  place: Place,
  invoiceId: string,
  stripeId: string,
  { due, status }: History,
): Promise<void> {
  const [state, deactivation, reason] =
    status === "open" ? ["active", "none", null] : ["inactive", "done", status];
  await ledgerSql(place.scope)
    .prepare(
      `INSERT INTO payment_links (invoice_id, revision, status, stripe_payment_link_id, amount_minor, deactivation,
       switched_off_reason, created_at_ms, updated_at_ms) VALUES (?, 1, ?, ?, ?, ?, ?, 1, 1)`,
    )
    .bind(invoiceId, state, stripeId, due, deactivation, reason)
    .run();
  if (status === "uncollectible")
    await ledgerSql(place.scope)
      .prepare("UPDATE invoices SET uncollectible_at_ms = 1 WHERE id = ?")
      .bind(invoiceId)
      .run();
}

async function recordByHand(
  { scope }: Place,
  invoiceId: string,
  { amount: amountMinor, at, reversed, back }: ByHand,
  index: number,
): Promise<void> {
  const occurredAtMs = (BEGINNING + at) * 1000;
  const mine = ledger(deps, scope);
  const input = { invoiceId, amountMinor, method: "cash", reference: `${index}`, occurredAtMs };
  const { payment } = await mine.recordManualPayment(input);
  if (reversed) await mine.reversePayment({ id: payment.id });
  else if (back)
    await mine.recordManualRefund({
      ...{ paymentId: payment.id, amountMinor: Math.min(back.amount, amountMinor), reason: undefined },
      ...{ method: "cash", reference: "back", occurredAtMs: occurredAtMs + back.after * 1000 },
    });
}

async function reopen({ scope }: Place, id: string): Promise<boolean> {
  try {
    await ledger(deps, scope).reopenInvoice({ id });
    return true;
  } catch (error) {
    if (error instanceof AppError && error.code === "conflict") return false;
    throw error;
  }
}

async function check(place: Place, histories: readonly History[], runs: readonly Played[]): Promise<void> {
  const [invoices, payments, refunds, disputes, events] = await Promise.all(
    ["invoices", "payments", "refunds", "disputes", "webhook_events"].map((table) => rowsOf(place, table)),
  );
  const expectedInvoices = histories.map((history, index) => {
    const expected = expectedInvoice(history, runs[index]?.payments ?? []);
    return {
      id: `inv_h${index}`,
      status: expected.status,
      payment_status: expected.payment_status,
      amount_paid_minor: expected.paid,
      amount_refunded_minor: expected.refunded,
      amount_disputed_minor: expected.disputed,
      amount_discounted_minor: expected.discounted,
      paid_at_ms: expected.paidAt,
    };
  });
  expect(sorted(invoices, "id")).toMatchObject(sorted(expectedInvoices, "id"));

  const known = runs.flatMap((run) => run.payments).filter((payment) => payment.known);
  const expectedPayments = known.map((payment) => ({
    provider_payment_id: payment.id,
    status: payment.status,
    amount_minor: payment.amount,
    currency: payment.currency,
    ...(payment.status === "processing" ? {} : { failure_code: payment.reason }),
    ...(payment.status === "succeeded"
      ? {
          stripe_charge_id: payment.chargeId,
          ...(payment.chargeId === null ? {} : { payment_method_type: "card" }),
          occurred_at_ms: (payment.succeededAt ?? 0) * 1000,
        }
      : {}),
  }));
  const ofStripe = payments?.filter((row) => row.provider_payment_id !== null);
  expect(sorted(ofStripe, "provider_payment_id")).toMatchObject(
    sorted(expectedPayments, "provider_payment_id"),
  );
  const refundsOfStripe = refunds?.filter((row) => row.stripe_refund_id !== null);
  expect(sorted(refundsOfStripe, "stripe_refund_id")).toMatchObject(
    sorted(
      known.flatMap((payment) =>
        payment.refunds.map((refund) => ({
          stripe_refund_id: refund.id,
          amount_minor: refund.amount,
          status: refund.status,
          failure_reason: refund.failureReason,
        })),
      ),
      "stripe_refund_id",
    ),
  );
  expect(sorted(disputes, "stripe_dispute_id")).toMatchObject(
    sorted(
      known.flatMap((payment) =>
        payment.disputes.map((dispute) => ({
          stripe_dispute_id: dispute.id,
          amount_minor: dispute.amount,
          status: dispute.status,
          evidence_due_at_ms: dispute.dueAt * 1000,
        })),
      ),
      "stripe_dispute_id",
    ),
  );
  checkEvents(events ?? [], runs);
  await checkShares(place);
  for (const [index, history] of histories.entries()) {
    const expected = expectedInvoice(history, runs[index]?.payments ?? []);
    await checkLinks(place, `inv_h${index}`, history, expected);
  }
}

/** Of no payment more is refunded and disputed than was paid. */
async function checkShares({ scope }: Place): Promise<void> {
  const page = { limit: 1000, after: null };
  const { rows } = await ledger(deps, scope).listPayments({ filter: {}, page });
  const over = rows.filter((one) => one.amountRefundedMinor + one.amountDisputedMinor > one.amountMinor);
  expect(over).toEqual([]);
}

/** An open invoice has one link that can be paid for what is left, or a reason that a person was told; others have none. */
async function checkLinks(place: Place, id: string, history: History, expected: Expected): Promise<void> {
  const where = `invoice_id = '${id}'`;
  const [links, payments, timeline] = await Promise.all(
    ["payment_links", "payments", "invoice_timeline"].map((table) => rowsOf(place, table, where)),
  );
  const used = new Set(payments?.map((payment) => payment.stripe_payment_link_id));
  const payable = (links ?? []).filter(
    (link) =>
      (link.status === "active" && !used.has(link.stripe_payment_link_id)) || link.status === "pending",
  );
  const isOnItsWay = payments?.some((payment) => payment.status === "processing");
  const wasTold = timeline?.some((entry) => entry.kind === "link_missing");
  const isChargeable = checkChargeable(expected.remaining, history.currency).ok;
  if (expected.status !== "open") return expect(payable).toEqual([]);
  const amounts = payable.map((link) => link.amount_minor ?? expected.remaining);
  if (amounts.length > 0) expect(amounts).toEqual([expected.remaining]);
  else
    expect({ id, isOnItsWay, isChargeable, wasTold }).toSatisfy(
      () => isOnItsWay === true || wasTold === true,
    );
  if (!isChargeable && !isOnItsWay) expect(amounts).toEqual([]);
}

/** Every event was dealt with; what is ignored is so because nothing says whose it is, or because others tell it. */
function checkEvents(events: readonly Record<string, unknown>[], runs: readonly Played[]): void {
  expect(events).toHaveLength(new Set(runs.flatMap((run) => run.events.map(({ id }) => id))).size);
  const reasons = new Set(events.map(({ status, reason }) => `${status}/${reason}`));
  expect(["processed/null", "ignored/foreign_object", "ignored/refund_events_decide"]).toEqual(
    expect.arrayContaining([...reasons]),
  );
}

/** A batch is looked at whole, and what the one before has left is none of it. */
async function clear({ scope }: Place): Promise<void> {
  const tables = [
    "invoices",
    "payment_links",
    "payments",
    "refunds",
    "disputes",
    "webhook_events",
    "large_payloads",
    "invoice_timeline",
    "outbox",
    "hourly_events",
    "past_money_hours",
    "currency_counts",
    "seen_statuses",
  ];
  const sql = ledgerSql(scope);
  await sql.batch(tables.map((table) => sql.prepare(`DELETE FROM ${table}`)));
}

function sorted<T extends Record<string, unknown>>(rows: readonly T[] | undefined, key: string): T[] {
  return [...(rows ?? [])].sort((one, other) => (String(one[key]) < String(other[key]) ? -1 : 1));
}
