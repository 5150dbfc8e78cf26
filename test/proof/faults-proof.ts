// Plays a story once for each passage of a seam, with that passage gone wrong, until a run meets none any more;
// every run must end as the one in which nothing went wrong.

import { env } from "cloudflare:workers";
import { expect } from "vitest";
import { atPassage, type Part, type Seam, type Trouble } from "./faults-plan.ts";
import type { Run } from "./faults-simulation.ts";
import type { Story } from "./faults-stories.ts";

/** `npm run proof:faults`: every trouble at every passage, where `npm test` takes turns. */
export const EVERYTHING = env.PROOF_FAULTS === "all";

// A story has tens of passages: one that never ends is a mistake of the proof.
const MOST_PASSAGES = 400;

export type Seams = {
  seam: Seam;
  parts: readonly Part[];
  /** One after the other at every passage; with `takeTurns` one at each. */
  troubles: readonly Trouble[];
  takeTurns?: boolean;
  run?: Run;
};

/** @returns how many passages there are */
export async function proveEach(
  story: Story,
  { seam, parts, troubles, takeTurns, run }: Seams,
): Promise<number> {
  const { end: expected } = await story.play(run);
  for (let k = 1; k <= MOST_PASSAGES; k++) {
    const turn = takeTurns && !EVERYTHING ? troubles.slice(k % troubles.length).slice(0, 1) : troubles;
    for (const trouble of turn) {
      const plan = atPassage(k, seam, parts, trouble);
      await proveOne(story, `${seam} passage ${k} ${trouble}`, expected, { ...run, plan });
      if (plan.met() === 0) return k - 1;
    }
  }
  throw new Error("The story does not end.");
}

/** @returns how many simulated minutes it took */
export async function proveOne(
  story: Story,
  what: string,
  expected: Record<string, unknown>,
  run: Run,
): Promise<number> {
  try {
    const { end, minutes } = await story.play(run);
    expect(end).toEqual(expected);
    return minutes;
  } catch (error) {
    if (error instanceof Error) error.message = `${what}: ${error.message}`;
    throw error;
  }
}
