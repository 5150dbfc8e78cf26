import { type Case, proveSeam } from "./faults-cases.ts";
import { leftToCron } from "./faults-plan.ts";
import { linkStory, paidStory, reconciledStory, refundStory, voidStory } from "./faults-stories.ts";

const CASES: Case[] = [
  { what: "an invoice is finalised, linked and mailed", story: linkStory, parts: ["api", "jobs"], least: 4 },
  {
    what: "an invoice is voided, its link switched off",
    story: voidStory,
    parts: ["api", "jobs"],
    least: 2,
  },
  {
    what: "a payment and a refund are told by Stripe, a receipt is mailed",
    story: paidStory,
    parts: ["door", "stripe-events", "jobs"],
    least: 3,
  },
  { what: "what happened is told to a destination", story: paidStory, parts: ["notifications"], least: 1 },
  { what: "a payment is found by reconciliation", story: reconciledStory, parts: ["api", "jobs"], least: 3 },
  { what: "a refund is asked for", story: refundStory, parts: ["api"], least: 1 },
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
  throws_before: "the directory throws before doing each statement in turn",
  throws_after: "the directory throws after doing each statement in turn",
};

proveSeam("d1", CASES, SAID, { words: "the isolate dies around each statement in turn", sample: 1 });
