import fc from "fast-check";
import { beforeAll, describe, expect, test } from "vitest";
import type { Book } from "../../src/ledger/book.ts";
import { ofInvoice } from "../../src/ledger/payments/payment-owner.ts";
import type {
  DisputeFact,
  FactOwner,
  PaymentFact,
  RefundFact,
} from "../../src/ledger/payments/payment-state.ts";
import { recordDispute } from "../../src/ledger/payments/record-dispute.ts";
import { recordPayment } from "../../src/ledger/payments/record-payment.ts";
import { recordRefund } from "../../src/ledger/payments/record-refund.ts";
import type { Scope } from "../../src/platform/deps.ts";
import { DISPUTE_STATUSES, REFUND_STATUSES } from "../../src/platform/tables/payments.ts";
import { inLedgerUndone } from "../harness/in-ledger.ts";
import { createTenantWorld } from "../harness/world.ts";

// One ledger for all: each case is undone.
let ledgerScope: Scope;
beforeAll(async () => {
  ledgerScope = (await createTenantWorld()).scope;
});

const NOBODY = { tenantId: null, environmentId: null, invoiceId: null, customerId: null, linkRevision: null };
const T = 1_793_697_600_000;

type Row = Record<string, unknown>;

/** The one row that these facts leave behind in an empty ledger, each recorded a ms later. */
async function rowAfter<Fact>(
  table: string,
  facts: readonly Fact[],
  record: (book: Book, fact: Fact) => unknown,
): Promise<Row> {
  const { value: rows } = await inLedgerUndone(
    ledgerScope,
    (book) => {
      for (const [index, fact] of facts.entries()) record({ ...book, nowMs: index }, fact);
      return book.sql.all<Record<string, SqlStorageValue>>(`SELECT * FROM ${table}`);
    },
    0,
  );
  expect(rows).toHaveLength(1);
  const { created_at_ms, updated_at_ms, ...row } = rows[0] ?? {};
  return table === "payments" ? row : { ...row, created_at_ms };
}

const payment = (fact: Partial<PaymentFact> & { chargeId?: string | null }): PaymentFact => {
  const { chargeId = null, ...rest } = fact;
  const owner: FactOwner = {
    metadata: NOBODY,
    paymentLinkId: null,
    checkoutSessionId: null,
    paymentIntentId: "pi_1",
    chargeId,
  };
  return {
    kind: "payment",
    providerPaymentId: "pi_1",
    status: "failed",
    amountMinor: 100,
    amountDiscountedMinor: null,
    releasedMinor: null,
    currency: "EUR",
    occurredAtMs: T,
    failureCode: null,
    failureMessage: null,
    paymentMethodType: null,
    receiptUrl: null,
    owner,
    ...rest,
  };
};
const afterPayments = (facts: readonly PaymentFact[]) =>
  rowAfter("payments", facts, (book, fact) =>
    recordPayment(book, fact, ofInvoice({ id: "inv", customerId: "cus" })),
  );

const declined = payment({
  failureCode: "insufficient_funds",
  failureMessage: "Your card has insufficient funds.",
  chargeId: "ch_1",
});

describe("a failed payment keeps the reason that is known", () => {
  const session = payment({ occurredAtMs: T + 1000 });
  test.each([
    ["intent, then session", [declined, session]],
    ["session, then intent", [session, declined]],
    ["twice each", [declined, session, session, declined]],
  ])("%s", async (_, facts) => {
    expect(await afterPayments(facts)).toMatchObject({
      status: "failed",
      failure_code: "insufficient_funds",
      failure_message: "Your card has insufficient funds.",
    });
  });

  test("over a new attempt in between, whatever comes first", async () => {
    const again = payment({ status: "processing", occurredAtMs: T + 5000 });
    const failedAgain = payment({ occurredAtMs: T + 9000 });
    const rows = await Promise.all([
      afterPayments([declined, again, failedAgain]),
      afterPayments([failedAgain, again, declined]),
      afterPayments([again, failedAgain, declined]),
    ]);
    for (const row of rows)
      expect(row).toMatchObject({ status: "failed", failure_code: "insufficient_funds" });
  });

  test("and yields to the reason of a later attempt, and to success", async () => {
    const expired = payment({ failureCode: "expired_card", occurredAtMs: T + 9000 });
    const paid = payment({ status: "succeeded", occurredAtMs: T + 20_000, chargeId: "ch_2" });
    expect(await afterPayments([expired, declined])).toMatchObject({
      failure_code: "expired_card",
      failure_message: null,
    });
    for (const facts of [
      [declined, paid],
      [paid, declined],
    ]) {
      expect(await afterPayments(facts)).toMatchObject({
        status: "succeeded",
        failure_code: null,
        failure_message: null,
      });
    }
  });
});

test("what was received stands over what a session asked for, whichever comes first", async () => {
  const session = payment({ status: "succeeded", amountMinor: 12_900, occurredAtMs: T });
  const intent = payment({
    status: "succeeded",
    amountMinor: 12_400,
    occurredAtMs: T + 1000,
    chargeId: "ch_1",
  });
  for (const facts of [
    [session, intent],
    [intent, session],
  ]) {
    expect(await afterPayments(facts)).toMatchObject({ amount_minor: 12_400, occurred_at_ms: T });
  }
});

// Few values over few seconds, so that facts of one moment that contradict each other are common.
const at = fc.integer({ min: 0, max: 3 }).map((second) => T + second * 1000);
const known = (...values: string[]) => fc.option(fc.constantFrom(...values), { nil: null });
const anyPayment = fc
  .record({
    status: fc.constantFrom("processing", "succeeded", "failed", "canceled"),
    amountMinor: fc.constantFrom(100, 200, 300),
    currency: fc.constantFrom("EUR", "USD"),
    occurredAtMs: at,
    failureCode: known("a", "b"),
    failureMessage: known("x", "y"),
    paymentMethodType: known("card", "sepa_debit"),
    receiptUrl: known("r1", "r2"),
    chargeId: known("ch_1", "ch_2"),
  })
  .map((fields) => {
    const reason = fields.status === "failed" || fields.status === "canceled";
    return payment({
      ...(fields as Partial<PaymentFact>),
      ...(reason ? {} : { failureCode: null, failureMessage: null }),
    });
  });
const anyRefund = fc.record({
  kind: fc.constant("refund" as const),
  refundId: fc.constant("re_1"),
  ownRefundId: fc.constant(null),
  status: fc.constantFrom(...REFUND_STATUSES),
  amountMinor: fc.constantFrom(100, 200),
  currency: fc.constant("EUR"),
  createdAtMs: fc.constant(T),
  occurredAtMs: at,
  reason: known("duplicate"),
  failureReason: known("unknown", "expired_or_canceled_card"),
});
const anyDispute = fc.record({
  kind: fc.constant("dispute" as const),
  disputeId: fc.constant("du_1"),
  status: fc.constantFrom(...DISPUTE_STATUSES),
  amountMinor: fc.constantFrom(100, 200),
  currency: fc.constant("EUR"),
  reason: known("fraudulent", "general"),
  evidenceDueAtMs: fc.option(at, { nil: null }),
  withdrawnMinor: fc.constantFrom(null, 100, 200),
  reinstatedMinor: fc.constantFrom(null, 0, 50),
  isChargeRefundable: fc.constantFrom(null, true, false),
  createdAtMs: fc.constant(T),
  occurredAtMs: at,
});
const of = { id: "pay_1", invoiceId: "inv" };

describe("any facts about one object, in any order and any number of times, end in one row:", () => {
  const cases = [
    ["payments", anyPayment, afterPayments],
    [
      "refunds",
      anyRefund,
      (facts: readonly unknown[]) =>
        rowAfter("refunds", facts, (book, fact) => recordRefund(book, fact as RefundFact, of)),
    ],
    [
      "disputes",
      anyDispute,
      (facts: readonly unknown[]) =>
        rowAfter("disputes", facts, (book, fact) => recordDispute(book, fact as DisputeFact, of)),
    ],
  ] as const;

  test.each(cases)("%s", async (_, anyFact, rowOf) => {
    const facts = fc.array(anyFact as fc.Arbitrary<PaymentFact>, { minLength: 2, maxLength: 5 });
    const shuffled = facts.chain((one) =>
      fc.tuple(
        fc.constant(one),
        fc.shuffledSubarray([...one, ...one], { minLength: one.length * 2, maxLength: one.length * 2 }),
      ),
    );
    await fc.assert(
      fc.asyncProperty(shuffled, async ([one, other]) => {
        const rows = await Promise.all([rowOf(one), rowOf(other)]);
        expect(rows[1]).toEqual(rows[0]);
      }),
      { numRuns: 150 },
    );
  });
});
