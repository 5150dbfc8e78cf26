import { type Case, proveSeam } from "./faults-cases.ts";
import { leftToCron } from "./faults-plan.ts";
import { linkStory, paidStory, reconciledStory, refundStory, voidStory } from "./faults-stories.ts";

const CASES: Case[] = [
  { what: "an invoice is finalised, linked and mailed", story: linkStory, parts: ["api", "jobs"], least: 6 },
  {
    what: "an invoice is voided, its link switched off",
    story: voidStory,
    parts: ["api", "jobs"],
    least: 3,
  },
  {
    what: "a payment and a refund are told by Stripe, a receipt is mailed",
    story: paidStory,
    parts: ["door", "stripe-events", "jobs"],
    least: 8,
  },
  { what: "what happened is told to a destination", story: paidStory, parts: ["notifications"], least: 2 },
  { what: "a payment is found by reconciliation", story: reconciledStory, parts: ["api", "jobs"], least: 3 },
  { what: "a refund is asked for", story: refundStory, parts: ["api"], least: 3 },
  {
    what: "everything is left to the cron",
    story: paidStory,
    parts: ["cron"],
    least: 5,
    run: { plan: leftToCron },
    isLong: true,
  },
];

const SAID = {
  throws_before: "the ledger fails before each call of it in turn",
  throws_after: "the ledger fails after doing what it was asked, at each call in turn",
};

proveSeam("ledger", CASES, SAID, { words: "the isolate dies around each call in turn", sample: 3 });
