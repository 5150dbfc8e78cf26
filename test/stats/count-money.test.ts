// The hourly sums of money are what the rows say, whatever facts came, in whatever order, however often.

import fc from "fast-check";
import { beforeAll, expect, test } from "vitest";
import { ofInvoice } from "../../src/ledger/payments/payment-owner.ts";
import type { FactOwner, PaymentFact, RefundFact } from "../../src/ledger/payments/payment-state.ts";
import { recordPayment } from "../../src/ledger/payments/record-payment.ts";
import { recordRefund } from "../../src/ledger/payments/record-refund.ts";
import { HOUR_MS } from "../../src/ledger/stats/tally.ts";
import type { Scope } from "../../src/platform/deps.ts";
import { MONEY_COUNTS } from "../harness/hourly-counts.ts";
import { inLedger } from "../harness/in-ledger.ts";
import { ledgerSql } from "../harness/ledger-sql.ts";
import { createTenantWorld } from "../harness/world.ts";

// The last millisecond of an hour is among the times below.
const T = Math.ceil(1_793_697_600_000 / HOUR_MS) * HOUR_MS;
let scope: Scope;

beforeAll(async () => {
  ({ scope } = await createTenantWorld());
});

const owner: FactOwner = {
  metadata: { tenantId: null, environmentId: null, invoiceId: null, customerId: null, linkRevision: null },
  paymentLinkId: null,
  checkoutSessionId: null,
  paymentIntentId: null,
  chargeId: null,
};
const at = fc.constantFrom(T - HOUR_MS, T - 1, T, T + 1000, T + HOUR_MS);
const amountMinor = fc.constantFrom(100, 250, 999_999_999_999);
const currency = fc.constantFrom("EUR", "JPY");

const anyPayment: fc.Arbitrary<PaymentFact> = fc.record({
  kind: fc.constant("payment" as const),
  providerPaymentId: fc.constantFrom("pi_1", "pi_2"),
  status: fc.constantFrom("processing", "succeeded", "failed", "canceled"),
  amountMinor,
  amountDiscountedMinor: fc.constant(null),
  releasedMinor: fc.constant(null),
  currency,
  occurredAtMs: at,
  failureCode: fc.constant(null),
  failureMessage: fc.constant(null),
  paymentMethodType: fc.constant(null),
  receiptUrl: fc.constant(null),
  owner: fc.constantFrom(null, "ch_1").map((chargeId) => ({ ...owner, chargeId })),
});
const anyRefund: fc.Arbitrary<RefundFact> = fc.record({
  kind: fc.constant("refund" as const),
  refundId: fc.constantFrom("re_1", "re_2"),
  ownRefundId: fc.constant(null),
  status: fc.constantFrom("pending", "requires_action", "succeeded", "failed", "canceled"),
  amountMinor,
  currency,
  createdAtMs: fc.constant(T),
  occurredAtMs: at,
  reason: fc.constant(null),
  failureReason: fc.constant(null),
  mayBeReleased: fc.constant(false),
  owner: fc.constant(owner),
});

const COUNTED = `SELECT hour_ms, metric, currency, count, sum FROM ${MONEY_COUNTS} ORDER BY 1, 2, 3`;
const THERE = `SELECT occurred_at_ms - occurred_at_ms % ${HOUR_MS} AS hour_ms, metric, currency,
    COUNT(*) AS count, SUM(amount_minor) AS sum
  FROM (SELECT occurred_at_ms, currency, amount_minor,
      CASE status WHEN 'succeeded' THEN 'payments_paid' WHEN 'failed' THEN 'payments_failed' END AS metric
      FROM payments
    UNION ALL SELECT occurred_at_ms, currency, amount_minor, 'refunds' FROM refunds
      WHERE status = 'succeeded')
  WHERE metric IS NOT NULL GROUP BY 1, 2, 3 ORDER BY 1, 2, 3`;

async function read(query: string) {
  return (await ledgerSql(scope).prepare(query).all()).results;
}

/** As if nothing had been told yet. */
async function forget(): Promise<void> {
  const sql = ledgerSql(scope);
  await sql.batch(
    ["payments", "refunds", "past_money_hours", "currency_counts"].map((table) =>
      sql.prepare(`DELETE FROM ${table}`),
    ),
  );
}

test("any facts in any order, any number of times, end in the sums of the rows", async () => {
  const facts = fc.array(fc.oneof(anyPayment, anyRefund), { minLength: 1, maxLength: 8 });
  let counted = 0;
  await fc.assert(
    fc.asyncProperty(facts, async (given) => {
      await forget();
      await record(given);
      await record(given);
      const rows = await read(THERE);
      expect(await read(COUNTED)).toEqual(rows);
      counted += rows.length;
    }),
    { numRuns: 150 },
  );
  expect(counted).toBeGreaterThan(50);
});

test("a commit that is repeated as a whole, since its answer was lost, counts once", async () => {
  await forget();
  const fact: PaymentFact = {
    ...(fc.sample(anyPayment, 1)[0] as PaymentFact),
    status: "succeeded",
    amountMinor: 12900,
    currency: "EUR",
    occurredAtMs: T - 1,
  };
  await record([fact]);
  await record([fact]);
  expect(await read(COUNTED)).toEqual([
    { hour_ms: T - HOUR_MS, metric: "payments_paid", currency: "EUR", count: 1, sum: 12900 },
  ]);
});

/** In one transaction. */
async function record(facts: readonly (PaymentFact | RefundFact)[]): Promise<void> {
  await inLedger(scope, (book) => {
    for (const fact of facts) {
      if (fact.kind === "payment") recordPayment(book, fact, ofInvoice({ id: "inv", customerId: "cus" }));
      else recordRefund(book, fact, { id: "pay_1", invoiceId: "inv" });
    }
  });
}
