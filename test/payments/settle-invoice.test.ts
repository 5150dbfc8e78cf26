import { beforeAll, describe, expect, test } from "vitest";
import type { Book } from "../../src/ledger/book.ts";
import { settleInvoice } from "../../src/ledger/invoices/settle-invoice.ts";
import type { Scope } from "../../src/platform/deps.ts";
import { invoices } from "../../src/platform/tables/invoices.ts";
import { disputes, payments, refunds } from "../../src/platform/tables/payments.ts";
import { inLedgerUndone } from "../harness/in-ledger.ts";
import { createTenantWorld } from "../harness/world.ts";

// One ledger for all: each case is undone.
let ledgerScope: Scope;
beforeAll(async () => {
  ledgerScope = (await createTenantWorld()).scope;
});

const TIMES = { createdAtMs: 1, updatedAtMs: 1 };

type Money = { amount: number; currency?: string; status?: string };
type World = {
  status?: "draft" | "open" | "paid" | "void" | "uncollectible";
  payments?: (Money & { at?: number; refunds?: Money[]; disputes?: Money[] })[];
};

/** An invoice over 100.00 EUR with these rows, settled. */
async function settled(world: World): Promise<Record<string, unknown>> {
  const { value } = await inLedgerUndone(
    ledgerScope,
    (book) => {
      insertRows(book, world);
      settleInvoice(book, "inv");
      return book.sql.first(
        `SELECT status, payment_status, amount_paid_minor AS paid, amount_refunded_minor AS refunded,
           amount_disputed_minor AS disputed, paid_at_ms AS paid_at FROM invoices`,
      );
    },
    5000,
  );
  return value ?? {};
}

function insertRows({ db }: Book, world: World): void {
  const invoice = {
    id: "inv",
    number: "1",
    customerId: "cus",
    currency: "EUR",
    lines: [],
    amountDueMinor: 10_000,
    status: world.status ?? ("open" as const),
    paymentStatus: "unpaid" as const,
    sendEmail: false,
    metadata: {},
    ...TIMES,
  };
  db.insert(invoices).values(invoice).run();
  for (const [index, money] of (world.payments ?? []).entries()) {
    const id = `pay_${index}`;
    const common = { stateOrder: 1, occurredAtMs: money.at ?? 1000, ...TIMES };
    const of = { paymentId: id, invoiceId: "inv" };
    const moneyOf = ({ amount, currency }: Money) => ({
      amountMinor: amount,
      currency: currency ?? money.currency ?? "EUR",
    });
    const status = (money.status ?? "succeeded") as "succeeded";
    const owner = { source: "invoice" as const, invoiceId: "inv", customerId: "cus" };
    const payment = { ...common, ...moneyOf(money), id, ...owner, status };
    db.insert(payments).values(payment).run();
    for (const [at, refund] of (money.refunds ?? []).entries()) {
      const status = (refund.status ?? "succeeded") as "succeeded";
      db.insert(refunds)
        .values({ ...common, ...of, ...moneyOf(refund), id: `ref_${index}_${at}`, status })
        .run();
    }
    for (const [at, dispute] of (money.disputes ?? []).entries()) {
      const status = (dispute.status ?? "needs_response") as "lost";
      const ids = { id: `dsp_${index}_${at}`, stripeDisputeId: `du_${index}_${at}` };
      db.insert(disputes)
        .values({ ...common, ...of, ...moneyOf(dispute), ...ids, status })
        .run();
    }
  }
}

const paid = (money: Partial<NonNullable<World["payments"]>[number]> = {}): World => ({
  payments: [{ amount: 10_000, ...money }],
});

describe("what was paid", () => {
  test.each<[string, World, Record<string, unknown>]>([
    ["nothing", {}, { status: "open", payment_status: "unpaid", paid: 0, paid_at: null }],
    ["on its way", paid({ status: "processing" }), { status: "open", payment_status: "processing", paid: 0 }],
    ["failed", paid({ status: "failed" }), { status: "open", payment_status: "unpaid", paid: 0 }],
    ["all of it", paid(), { status: "paid", payment_status: "paid", paid: 10_000, paid_at: 1000 }],
    [
      "less",
      paid({ amount: 9999 }),
      { status: "open", payment_status: "partially_paid", paid: 9999, paid_at: null },
    ],
    ["more", paid({ amount: 10_001 }), { status: "paid", payment_status: "overpaid", paid: 10_001 }],
    [
      "another currency, which is never counted",
      paid({ currency: "USD" }),
      { status: "open", payment_status: "unpaid", paid: 0, paid_at: null },
    ],
    [
      "another currency on its way",
      paid({ currency: "USD", status: "processing" }),
      { payment_status: "unpaid" },
    ],
    [
      "all of a void invoice",
      { status: "void", ...paid() },
      { status: "void", payment_status: "overpaid", paid: 10_000, paid_at: null },
    ],
    [
      "all of one that was given up",
      { status: "uncollectible", ...paid() },
      { status: "paid", payment_status: "paid" },
    ],
    [
      "part of one that was given up",
      { status: "uncollectible", ...paid({ amount: 1 }) },
      { status: "uncollectible", payment_status: "partially_paid" },
    ],
  ])("%s", async (_, world, expected) => {
    expect(await settled(world)).toMatchObject(expected);
  });

  test("in parts is paid when the part came that filled it, in whatever order the rows are there", async () => {
    const parts = [
      { amount: 5000, at: 3000 },
      { amount: 4000, at: 1000 },
      { amount: 1000, at: 7000 },
      { amount: 1000, at: 9000 },
    ];
    for (const some of [parts, parts.toReversed()]) {
      expect(await settled({ payments: some })).toMatchObject({
        payment_status: "overpaid",
        paid: 11_000,
        paid_at: 7000,
      });
    }
  });
});

describe("what went back", () => {
  test.each<[string, World, Record<string, unknown>]>([
    ["part", paid({ refunds: [{ amount: 3000 }] }), { payment_status: "partially_refunded", refunded: 3000 }],
    [
      "all, in two parts",
      paid({ refunds: [{ amount: 3000 }, { amount: 7000 }] }),
      { payment_status: "refunded", refunded: 10_000 },
    ],
    [
      "a refund that is not yet certain or failed takes nothing",
      paid({
        refunds: ["pending", "requires_action", "failed", "canceled"].map((status) => ({
          amount: 2500,
          status,
        })),
      }),
      { payment_status: "paid", refunded: 0 },
    ],
    [
      "the excess of an overpaid one",
      paid({ amount: 12_000, refunds: [{ amount: 2000 }] }),
      { payment_status: "paid", refunded: 2000, paid: 12_000 },
    ],
    [
      "of a payment in another currency",
      { payments: [{ amount: 10_000 }, { amount: 500, currency: "USD", refunds: [{ amount: 500 }] }] },
      { payment_status: "paid", refunded: 0 },
    ],
    [
      "of a payment that has not succeeded",
      paid({ status: "failed", refunds: [{ amount: 10_000 }] }),
      { payment_status: "unpaid", refunded: 0 },
    ],
  ])("%s", async (_, world, expected) => {
    expect(await settled(world)).toMatchObject(expected);
  });

  test("never reopens the invoice", async () => {
    const world = paid({ refunds: [{ amount: 10_000 }], disputes: [{ amount: 10_000, status: "lost" }] });
    expect(await settled(world)).toMatchObject({ status: "paid", paid: 10_000, paid_at: 1000 });
  });
});

describe("what is disputed", () => {
  test.each([
    ["needs_response", "disputed", 10_000],
    ["under_review", "disputed", 10_000],
    ["appeal_needs_response", "disputed", 10_000],
    ["appeal_under_review", "disputed", 10_000],
    ["lost", "disputed", 10_000],
    ["won", "paid", 0],
    ["prevented", "paid", 0],
    // Inquiries take no money: https://docs.stripe.com/disputes/how-disputes-work
    ["warning_needs_response", "paid", 0],
    ["warning_under_review", "paid", 0],
    ["warning_closed", "paid", 0],
  ])("%s is %s", async (status, paymentStatus, disputed) => {
    expect(await settled(paid({ disputes: [{ amount: 10_000, status }] }))).toMatchObject({
      status: "paid",
      payment_status: paymentStatus,
      disputed,
    });
  });

  test("stands above refunded and overpaid, and counts beside them", async () => {
    const world = paid({ amount: 12_000, refunds: [{ amount: 1000 }], disputes: [{ amount: 11_000 }] });
    expect(await settled(world)).toMatchObject({
      payment_status: "disputed",
      refunded: 1000,
      disputed: 11_000,
      paid: 12_000,
    });
  });

  test("in another currency than the payment's says so, and adds no amount", async () => {
    expect(await settled(paid({ disputes: [{ amount: 1, currency: "USD" }] }))).toMatchObject({
      payment_status: "disputed",
      disputed: 0,
    });
  });
});
