import { beforeAll, describe, expect, test } from "vitest";
import type { Plan } from "./faults-plan.ts";
import { proveEach, proveOne } from "./faults-proof.ts";
import {
  createStage,
  linkStory,
  paidStory,
  reconciledStory,
  type Story,
  voidStory,
} from "./faults-stories.ts";

const STORIES = [
  { what: "an invoice is finalised and its link made", story: linkStory, parts: ["api", "jobs"], least: 2 },
  { what: "an invoice is voided", story: voidStory, parts: ["api", "jobs"], least: 1 },
  {
    what: "a payment and a refund are told at the door",
    story: paidStory,
    parts: ["door", "stripe-events"],
    least: 5,
  },
  { what: "a payment is found by reconciliation", story: reconciledStory, parts: ["api", "jobs"], least: 4 },
  { what: "what happened is announced", story: paidStory, parts: ["notifications", "cron"], least: 2 },
] as const;

describe.each(STORIES)("$what", ({ story, parts, least }) => {
  let played: Story;
  beforeAll(async () => {
    played = await story(await createStage());
  });

  for (const trouble of ["throws_before", "throws_after"] as const) {
    const how = trouble === "throws_before" ? "refuses" : "takes the messages and seems to refuse";
    test(`the queue ${how} at each enqueueing in turn: the end is the same`, {
      timeout: 300_000,
    }, async () => {
      const passages = await proveEach(played, { seam: "queue", parts, troubles: [trouble] });
      expect(passages).toBeGreaterThanOrEqual(least);
    });
  }

  test("the isolate dies around each enqueueing in turn: the end is the same", {
    timeout: 300_000,
  }, async () => {
    const troubles = ["dies_before", "dies_after"] as const;
    await proveEach(played, { seam: "queue", parts, troubles, sample: 2 });
  });

  test("the queue refuses everything for ten minutes: the end is the same", {
    timeout: 300_000,
  }, async () => {
    const { end } = await played.play();
    const plan: Plan = {
      next: (seam) =>
        seam === "queue" && played.simulation.now() < played.beginMs + 600_000 ? "throws_before" : null,
      met: () => 0,
    };
    const minutes = await proveOne(played, "queue down", end, { plan });
    expect(minutes).toBeGreaterThanOrEqual(10);
    expect(minutes).toBeLessThan(45);
  });
});

describe("the process dies at message k of n", () => {
  let played: Story;
  beforeAll(async () => {
    played = await paidStory(await createStage());
  });

  test("whichever message it is, and whatever the others of its batch have done: the end is the same", {
    timeout: 300_000,
  }, async () => {
    const { end } = await played.play();
    const size = Math.max(...played.simulation.batchSizes);
    expect(size).toBeGreaterThanOrEqual(4);
    for (let k = 1; k <= size; k++) {
      await proveOne(played, `message ${k} of ${size}`, end, { diesAtMessage: k });
    }
  });
});
