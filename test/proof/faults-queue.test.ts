import { expect, test } from "vitest";
import { type Case, proveSeam } from "./faults-cases.ts";
import { leftToCron, type Plan } from "./faults-plan.ts";
import { proveOne } from "./faults-proof.ts";
import {
  createStage,
  linkStory,
  longStory,
  paidStory,
  reconciledStory,
  voidStory,
} from "./faults-stories.ts";

const CASES: Case[] = [
  { what: "an invoice is finalised, linked and mailed", story: linkStory, parts: ["api", "jobs"], least: 3 },
  { what: "an invoice is voided", story: voidStory, parts: ["api", "jobs"], least: 1 },
  {
    what: "a payment and a refund are told at the door, a receipt is mailed",
    story: paidStory,
    parts: ["door", "stripe-events"],
    least: 5,
  },
  { what: "a payment is found by reconciliation", story: reconciledStory, parts: ["api", "jobs"], least: 2 },
  {
    what: "what happened is told to a destination",
    story: paidStory,
    parts: ["stripe-events", "jobs"],
    least: 2,
  },
];

/** The ledger's own sending, where nobody else's arrives. */
CASES.push({
  what: "everything is left to the ledger's alarm",
  story: linkStory,
  parts: ["alarm"],
  least: 2,
  run: { plan: leftToCron },
});

const SAID = {
  throws_before: "the queue refuses at each enqueueing in turn",
  throws_after: "the queue takes the messages and seems to refuse at each enqueueing in turn",
};
const DYING = { words: "the isolate dies around each enqueueing in turn", sample: 2 };

proveSeam("queue", CASES, SAID, DYING, (_, story) => {
  test("the queue refuses everything for ten minutes: the same end within 30 minutes", {
    timeout: 300_000,
  }, async () => {
    const { simulation, beginMs, play } = story();
    const { end } = await play();
    const isDown = () => simulation.now() < beginMs + 600_000;
    const plan: Plan = {
      next: (seam) => (seam === "queue" && isDown() ? "throws_before" : null),
      met: () => 0,
    };
    const minutes = await proveOne(story(), "queue down", end, { plan, minutes: 30 });
    expect(minutes).toBeGreaterThanOrEqual(10);
  });
});

test.for([
  { queue: "stripe-events", make: paidStory, least: 4 },
  { queue: "jobs", make: longStory, least: 2 },
  { queue: "notifications", make: longStory, least: 2 },
] as const)(
  "the process dies at message k of n of $queue, for every k: the same end within 15 minutes",
  { timeout: 300_000 },
  async ({ queue, make, least }) => {
    const story = await make(await createStage());
    const { end } = await story.play();
    const of = Math.max(...story.simulation.batchSizes(queue));
    expect(of).toBeGreaterThanOrEqual(least);
    for (let message = 1; message <= of; message++) {
      for (const acksStand of [false, true]) {
        const diesAt = { queue, message, of, acksStand };
        await proveOne(story, `message ${message} of ${of}`, end, { diesAt });
      }
    }
  },
);

test.for([
  ["a link", linkStory],
  ["a payment", paidStory],
  ["much at once", longStory],
] as const)(
  "every queue hands each message over three times at once (%s): the same end within 15 minutes",
  { timeout: 300_000 },
  async ([what, make]) => {
    const story = await make(await createStage());
    const { end } = await story.play();
    await proveOne(story, what, end, { copies: 3 });
  },
);
