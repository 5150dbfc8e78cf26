import { beforeAll, describe, expect, test } from "vitest";
import { proveEach } from "./faults-proof.ts";
import {
  createStage,
  linkStory,
  paidStory,
  reconciledStory,
  refundStory,
  type Story,
  voidStory,
} from "./faults-stories.ts";

const STORIES = [
  { what: "an invoice is finalised and its link made", story: linkStory, parts: ["api", "jobs"], least: 15 },
  {
    what: "an invoice is voided and its link switched off",
    story: voidStory,
    parts: ["api", "jobs"],
    least: 12,
  },
  {
    what: "a payment and a refund are told by Stripe",
    story: paidStory,
    parts: ["stripe-events", "jobs"],
    least: 40,
  },
  { what: "a payment is found by reconciliation", story: reconciledStory, parts: ["api", "jobs"], least: 20 },
  { what: "a refund is asked for", story: refundStory, parts: ["api"], least: 9 },
] as const;

describe.each(STORIES)("$what", ({ story, parts, least }) => {
  let played: Story;
  beforeAll(async () => {
    played = await story(await createStage());
  });

  for (const trouble of ["throws_before", "throws_after"] as const) {
    const how = trouble === "throws_before" ? "before" : "after";
    test(`D1 throws ${how} doing each statement in turn: the end is the same`, {
      timeout: 300_000,
    }, async () => {
      const passages = await proveEach(played, { seam: "d1", parts, troubles: [trouble] });
      expect(passages).toBeGreaterThanOrEqual(least);
    });
  }

  test("the isolate dies around each statement in turn: the end is the same", {
    timeout: 300_000,
  }, async () => {
    const troubles = ["dies_before", "dies_after"] as const;
    await proveEach(played, { seam: "d1", parts, troubles, sample: 3 });
  });
});
