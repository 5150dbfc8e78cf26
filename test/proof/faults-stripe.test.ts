import { beforeAll, describe, expect, test } from "vitest";
import { atPassage } from "./faults-plan.ts";
import { EVERYTHING, proveEach } from "./faults-proof.ts";
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
  { what: "a link is made", story: linkStory, parts: ["jobs"], least: 1 },
  { what: "a link with an open session is switched off", story: voidStory, parts: ["jobs"], least: 3 },
  { what: "the link of a paid invoice is switched off", story: paidStory, parts: ["jobs"], least: 2 },
  { what: "a refund is asked for", story: refundStory, parts: ["api"], least: 1 },
  { what: "a reconciliation reads what happened", story: reconciledStory, parts: ["jobs"], least: 3 },
] as const;

const SAID = {
  rate_limit: "answers 429 with Retry-After",
  server_error: "answers 500",
  timeout: "does not answer in time",
  cut_before: "cuts the connection before it has done anything",
  cut_after: "cuts the connection after it has done it",
} as const;

// Of a paid invoice several events ask for its link to be switched off, each at its own time.
const isOfSeveral = (story: unknown) => story === paidStory;

describe.each(STORIES.filter(({ story }) => EVERYTHING || !isOfSeveral(story)))(
  "$what",
  ({ story, parts, least }) => {
    let played: Story;
    beforeAll(async () => {
      played = await story(await createStage());
    });

    for (const [trouble, words] of Object.entries(SAID) as [keyof typeof SAID, string][]) {
      test(`Stripe ${words} at each call in turn: the end is the same`, { timeout: 300_000 }, async () => {
        const calls = await proveEach(played, { seam: "stripe", parts, troubles: [trouble] });
        expect(calls).toBeGreaterThanOrEqual(least);
      });
    }

    test("the isolate dies before and after each call to Stripe in turn: the end is the same", {
      timeout: 300_000,
    }, async () => {
      await proveEach(played, {
        seam: "stripe",
        parts,
        troubles: ["dies_before", "dies_after"],
        sample: 1,
      });
    });

    if (parts[0] === "jobs" && !isOfSeveral(story)) {
      test("after a 429 Stripe is not asked again before its Retry-After is over", async () => {
        await played.play({ plan: atPassage(1, "stripe", parts, "rate_limit") });
        const [refused, next] = played.simulation.stripeCalls;
        expect(refused?.trouble).toBe("rate_limit");
        expect(next?.call).toBe(refused?.call);
        expect(Number(next?.atMs) - Number(refused?.atMs)).toBeGreaterThanOrEqual(90_000);
      });
    }
  },
);
