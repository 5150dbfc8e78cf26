import { beforeAll, describe, expect, test } from "vitest";
import { ledgerSql } from "../harness/ledger-sql.ts";
import { leftToCron, type Plan, storm } from "./faults-plan.ts";
import { EVERYTHING, proveOne } from "./faults-proof.ts";
import {
  createStage,
  linkStory,
  longStory,
  paidStory,
  type Story,
  threeDaysStory,
  voidStory,
} from "./faults-stories.ts";

const HOUR_MS = 3_600_000;

const LONG = { timeout: 300_000 };

test(
  "a destination is down for a day: each of its messages is effective once, within 31 hours",
  LONG,
  async () => {
    const story = await paidStory(await createStage());
    const { end } = await story.play();
    expect(end.effects).toEqual(expect.arrayContaining(["invoice.paid inv_paid"]));
    story.receiver.answer = async () => {
      const isDown = story.simulation.now() < story.beginMs + 24 * HOUR_MS;
      return isDown ? new Response("down", { status: 503 }) : new Response("thanks");
    };
    // The schedule has 27.6 hours, each wait up to a tenth longer by chance.
    const minutes = await proveOne(story, "down for a day", end, { minutes: 31 * 60, stepMinutes: 15 });
    expect(minutes).toBeGreaterThan(24 * 60);
  },
);

test(
  "a receiver's answer is lost each other time: it gets messages twice, under the same id",
  LONG,
  async () => {
    const story = await paidStory(await createStage());
    const { end } = await story.play();
    let answers = 0;
    story.receiver.answer = async () => new Response(null, { status: answers++ % 2 === 0 ? 504 : 200 });
    await proveOne(story, "answers lost", end, {});
    expect(story.receiver.received.length).toBeGreaterThan(
      new Set(story.receiver.received.map(({ id }) => id)).size,
    );
  },
);

test(
  "the cron runs twice at once, with everything left to it: the same end within 15 minutes",
  LONG,
  async () => {
    for (const make of [paidStory, voidStory, linkStory]) {
      const story = await make(await createStage());
      const { end } = await story.play();
      for (const cronsAtOnce of [2, 5]) {
        await proveOne(story, `${cronsAtOnce} crons`, end, { plan: leftToCron, cronsAtOnce });
      }
    }
  },
);

describe("the endpoint was off for three days", () => {
  test(
    "payments, a refund, a dispute, a declined card and bank debits of those days: the alarm's reconciliation ends as webhooks would have, within 30 minutes",
    LONG,
    async () => {
      const { heard, unheard, missed } = await threeDaysStory(await createStage());
      const { end } = await heard.play();
      const { end: found, minutes } = await unheard.play();
      expect(found).toEqual(end);
      expect(minutes).toBeLessThanOrEqual(30);
      const [row] = (
        await ledgerSql(unheard.world.scope)
          .prepare("SELECT events_missed FROM reconciliations")
          .all<{ events_missed: number }>()
      ).results;
      // Each counted once, though Stripe lists it both as new and as undelivered.
      expect(row?.events_missed).toBe(missed);
    },
  );
});

describe("one of them is down for an hour, while much is going on", () => {
  let story: Story;
  beforeAll(async () => {
    story = await longStory(await createStage());
  });

  const quick = [
    ["d1", "throws_before"],
    ["ledger", "throws_before"],
    ["stripe", "server_error"],
  ] as const;
  const others = [
    ["queue", "throws_before"],
    ["stripe", "rate_limit"],
    ["stripe", "timeout"],
    ["mail", "server_error"],
    ["mail", "timeout"],
  ] as const;
  for (const [seam, trouble] of EVERYTHING ? [...quick, ...others] : quick) {
    test(`${seam} ${trouble}: the same end within three hours`, LONG, async () => {
      const { end } = await story.play();
      const isDown = () => story.simulation.now() < story.beginMs + HOUR_MS;
      const plan: Plan = { next: (passed) => (passed === seam && isDown() ? trouble : null), met: () => 0 };
      const minutes = await proveOne(story, `${seam} down`, end, { plan, minutes: 180 });
      expect(minutes).toBeGreaterThanOrEqual(60);
    });
  }
});

describe("a storm: everything goes wrong now and then, at every seam and in every part", () => {
  test("the same end within twelve hours", { timeout: 1_800_000 }, async () => {
    const story = await longStory(await createStage());
    const { end } = await story.play();
    let met = 0;
    for (let seed = 1; seed <= (EVERYTHING ? 200 : 3); seed++) {
      const plan = storm(seed, 12, 40);
      await proveOne(story, `storm ${seed}`, end, { plan, minutes: 12 * 60 });
      met += plan.met();
    }
    expect(met).toBeGreaterThan(40);
  });
});
