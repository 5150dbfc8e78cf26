// The ledger and the directory are proved on the same stories: whatever is asked of either goes wrong in turn.

import { type Case, proveSeam } from "./faults-cases.ts";
import { leftToCron } from "./faults-plan.ts";
import { linkStory, paidStory, reconciledStory, refundStory, voidStory } from "./faults-stories.ts";

type Database = "ledger" | "d1";

const CASES: (Omit<Case, "least"> & { least: Record<Database, number> })[] = [
  {
    what: "an invoice is finalised, linked and mailed",
    story: linkStory,
    parts: ["api", "jobs"],
    least: { ledger: 6, d1: 4 },
  },
  {
    what: "an invoice is voided, its link switched off",
    story: voidStory,
    parts: ["api", "jobs"],
    least: { ledger: 3, d1: 2 },
  },
  {
    what: "a payment and a refund are told by Stripe, a receipt is mailed",
    story: paidStory,
    parts: ["door", "stripe-events", "jobs"],
    least: { ledger: 8, d1: 3 },
  },
  {
    what: "what happened is told to a destination",
    story: paidStory,
    parts: ["notifications"],
    least: { ledger: 2, d1: 1 },
  },
  {
    what: "a payment is found by reconciliation",
    story: reconciledStory,
    parts: ["api", "jobs"],
    least: { ledger: 3, d1: 3 },
  },
  { what: "a refund is asked for", story: refundStory, parts: ["api"], least: { ledger: 3, d1: 1 } },
  {
    what: "everything is left to the cron",
    story: paidStory,
    parts: ["cron", "jobs", "notifications"],
    least: { ledger: 5, d1: 5 },
    run: { plan: leftToCron },
    isLong: true,
  },
];

/**
 * @param said what is done to it, in words: before it does what it is asked, and after
 * @param dying where the isolate dies; `npm test` has it die at every so many passages
 */
export function proveDatabase(
  database: Database,
  said: { throws_before: string; throws_after: string },
  dying: { words: string; sample: number },
): void {
  const cases = CASES.map((one) => ({ ...one, least: one.least[database] }));
  proveSeam(database, cases, said, dying);
}
