import { expect, test } from "vitest";
import { type Case, proveSeam } from "./faults-cases.ts";
import { atPassage } from "./faults-plan.ts";
import { linkStory, paidStory, reconciledStory, refundStory, voidStory } from "./faults-stories.ts";

const CASES: Case[] = [
  { what: "a link is made", story: linkStory, parts: ["jobs"], least: 1 },
  { what: "a link with an open session is switched off", story: voidStory, parts: ["jobs"], least: 3 },
  // Several events ask for it, each at its own time.
  {
    what: "the link of a paid invoice is switched off",
    story: paidStory,
    parts: ["jobs"],
    least: 2,
    isLong: true,
  },
  { what: "a refund is asked for", story: refundStory, parts: ["api"], least: 1 },
  {
    what: "a refund is asked for, of which Stripe tells nothing",
    story: refundStory,
    parts: ["api"],
    least: 1,
    run: { webhooks: false },
  },
  { what: "a reconciliation reads what happened", story: reconciledStory, parts: ["jobs"], least: 3 },
];

const SAID = {
  rate_limit: "Stripe answers 429 with Retry-After at each call in turn",
  server_error: "Stripe answers 500 at each call in turn",
  timeout: "Stripe does not answer in time at each call in turn",
  cut_before: "Stripe cuts the connection before executing each call in turn",
  cut_after: "Stripe cuts the connection after executing each call in turn",
};
const DYING = { words: "the isolate dies around each call to Stripe in turn", sample: 1 };

proveSeam("stripe", CASES, SAID, DYING, ({ story: make, parts }, story) => {
  if (parts[0] !== "jobs" || make === paidStory) return;
  test("after a 429 Stripe is not asked again before its Retry-After is over", async () => {
    await story().play({ plan: atPassage(1, "stripe", parts, "rate_limit") });
    const [refused, next] = story().simulation.stripeCalls;
    expect(refused?.trouble).toBe("rate_limit");
    expect(next?.call).toBe(refused?.call);
    expect(Number(next?.atMs) - Number(refused?.atMs)).toBeGreaterThanOrEqual(90_000);
  });
});
