// A random history of one invoice's money, told as a plan: what was tried and what became of it.

import fc from "fast-check";

export type PaymentPlan = {
  currency: string;
  amount: number;
  /** Whether the intent carries our metadata, or only its session tells by the link whose it is. */
  named: "by_metadata" | "by_link";
  /** Objects of API versions before 2022: no `latest_charge`, refunds and disputes that name the charge alone. */
  old: boolean;
  attempts: ("declined" | "bank_debit_failed")[];
  end: "paid" | "bank_debit_paid" | "canceled" | "processing" | "given_up" | "for_nothing";
  /** What a code takes off beside `amount`. */
  discount: number;
  refunds: { amount: number; path: readonly string[] }[];
  disputes: DisputePlan[];
};

export type DisputePlan = {
  path: readonly string[];
  amount: number;
  /** Its balance transactions: none are told, all comes back with `won`, or part with `won` and with `lost`. */
  booked: "not_told" | "all" | "part";
};

/** Money that came another way, and was perhaps recorded by mistake. */
export type ByHand = {
  amount: number;
  /** Seconds after the beginning. */
  at: number;
  reversed: boolean;
  /** What went back of one that was not reversed, how many seconds after it; null: nothing. */
  back: { amount: number; after: number } | null;
};

export type History = {
  due: number;
  currency: string;
  status: "open" | "void" | "uncollectible";
  /** One that was given up is opened again, at some moment. */
  reopened: boolean;
  payments: PaymentPlan[];
  byHand: ByHand[];
  /** Somebody switches the first link off at Stripe, at some moment, and perhaps on again. */
  switchedOff: boolean;
  switchedOn: boolean;
  /** Decides times, order, copies and what is dropped at first. */
  seed: number;
};

const REFUND_PATHS: readonly (readonly string[])[] = [
  ["succeeded"],
  ["pending", "succeeded"],
  ["succeeded", "failed"],
  ["pending", "failed"],
  ["pending", "succeeded", "failed"],
  ["requires_action", "canceled"],
  ["requires_action", "succeeded"],
  ["pending"],
];

const DISPUTE_PATHS: readonly (readonly string[])[] = [
  ["needs_response"],
  ["needs_response", "under_review"],
  ["needs_response", "under_review", "won"],
  ["needs_response", "under_review", "lost"],
  ["needs_response", "lost"],
  ["lost"],
  ["lost", "appeal_needs_response", "appeal_under_review", "won"],
  ["lost", "appeal_needs_response", "lost"],
  ["warning_needs_response"],
  ["warning_needs_response", "warning_under_review", "warning_closed"],
  ["warning_needs_response", "needs_response", "lost"],
  ["warning_under_review", "needs_response", "under_review", "won"],
  ["prevented"],
];

const payment = (currency: string, due: number): fc.Arbitrary<PaymentPlan> =>
  fc.record({
    currency: fc.oneof(
      { weight: 5, arbitrary: fc.constant(currency) },
      { weight: 1, arbitrary: fc.constantFrom("USD", "KWD") },
    ),
    amount: fc.oneof(
      { weight: 3, arbitrary: fc.constant(due) },
      { weight: 1, arbitrary: fc.constant(Math.floor(due / 2)) },
      { weight: 1, arbitrary: fc.integer({ min: 1, max: due * 2 }) },
    ),
    named: fc.constantFrom("by_metadata", "by_metadata", "by_link"),
    old: fc.boolean(),
    attempts: fc.array(fc.constantFrom("declined", "bank_debit_failed"), { maxLength: 2 }),
    end: fc.constantFrom(
      ...(["paid", "paid", "paid", "paid", "bank_debit_paid"] as const),
      ...(["canceled", "processing", "given_up", "for_nothing"] as const),
    ),
    refunds: fc.array(
      fc.record({ amount: fc.integer({ min: 1, max: due }), path: fc.constantFrom(...REFUND_PATHS) }),
      { maxLength: 2 },
    ),
    discount: fc.oneof(
      { weight: 4, arbitrary: fc.constant(0) },
      { weight: 1, arbitrary: fc.integer({ min: 1, max: due }) },
    ),
    disputes: fc.oneof(
      { weight: 2, arbitrary: fc.constant<PaymentPlan["disputes"]>([]) },
      {
        weight: 1,
        arbitrary: fc.array(
          fc.record({
            path: fc.constantFrom(...DISPUTE_PATHS),
            amount: fc.oneof(fc.constant(due), fc.integer({ min: 1, max: due })),
            booked: fc.constantFrom("not_told", "all", "part"),
          }),
          { maxLength: 3 },
        ),
      },
    ),
  });

export const anyHistory: fc.Arbitrary<History> = fc
  .record({
    due: fc.integer({ min: 50, max: 99_999_999 }),
    currency: fc.constantFrom("EUR", "JPY"),
    status: fc.constantFrom("open", "open", "open", "open", "void", "uncollectible"),
    seed: fc.integer({ min: 1, max: 0x7fff_ffff }),
  })
  .chain((invoice) =>
    fc.record({
      due: fc.constant(invoice.due),
      currency: fc.constant(invoice.currency),
      status: fc.constant(invoice.status as History["status"]),
      seed: fc.constant(invoice.seed),
      payments: fc.array(payment(invoice.currency, invoice.due), { minLength: 1, maxLength: 3 }),
      byHand: fc.array(
        fc.record({
          amount: fc.oneof(fc.constant(Math.ceil(invoice.due / 2)), fc.integer({ min: 1, max: invoice.due })),
          at: fc.integer({ min: 0, max: 300 }),
          reversed: fc.boolean(),
          back: fc.option(
            fc.record({
              amount: fc.integer({ min: 1, max: invoice.due }),
              after: fc.integer({ min: 0, max: 300 }),
            }),
          ),
        }),
        { maxLength: 2 },
      ),
      reopened: fc.boolean(),
      switchedOff: fc.oneof(
        { weight: 3, arbitrary: fc.constant(false) },
        { weight: 1, arbitrary: fc.constant(true) },
      ),
      switchedOn: fc.boolean(),
    }),
  );

export type Random = {
  /** A whole number from 0 to `max`. */
  upTo: (max: number) => number;
  shuffle: <T>(items: readonly T[]) => T[];
};

/** Numbers that are the same for the same seed (mulberry32). */
export function randomOf(seed: number): Random {
  let state = seed;
  const next = () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4_294_967_296;
  };
  return {
    upTo: (max) => Math.floor(next() * (max + 1)),
    shuffle: (items) =>
      items
        .map((item) => ({ item, at: next() }))
        .sort((one, other) => one.at - other.at)
        .map(({ item }) => item),
  };
}
