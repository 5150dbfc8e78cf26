// Plays a story once for each passage of a seam, with that passage gone wrong, until a run meets none any more;
// every run must end as the one in which nothing went wrong.

import { env } from "cloudflare:workers";
import { expect } from "vitest";
import { atPassage, type Part, type Seam, type Trouble } from "./faults-plan.ts";
import type { Run } from "./faults-simulation.ts";
import type { Story } from "./faults-stories.ts";

/** `npm run proof:faults`: every trouble at every passage, where `npm test` takes turns or a sample. */
export const EVERYTHING = env.PROOF_FAULTS === "all";

// A story has tens of passages: one that never ends is a mistake of the proof.
const MOST_PASSAGES = 400;

/** So many simulated minutes after its beginning a run with one fault has come to rest. */
export const MINUTES = 15;

export type End = Record<string, unknown>;

export type Seams = {
  seam: Seam;
  parts: readonly Part[];
  /** All of them at every passage; with `sample` one of them at every so many passages. */
  troubles: readonly Trouble[];
  sample?: number;
  /** What else is so at every run; what its plan says comes after the trouble. */
  run?: Run;
  /** Throws when an end is not right; left out: when it is not the one of the run without troubles. */
  judge?: (end: End, expected: End) => void;
};

/** @returns how many passages there are */
export async function proveEach(
  story: Story,
  { seam, parts, troubles, sample = 0, run = {}, judge }: Seams,
): Promise<number> {
  const { end: expected } = await story.play(run);
  for (let k = 1; k <= MOST_PASSAGES; k++) {
    for (const trouble of troublesAt(k)) {
      const plan = atPassage(k, seam, parts, trouble, run.plan);
      await proveOne(story, `${seam} passage ${k} ${trouble}`, expected, { ...run, plan }, judge);
      if (plan.met() === 0) return k - 1;
    }
  }
  throw new Error("The story does not end.");

  function troublesAt(k: number): readonly Trouble[] {
    if (sample === 0 || EVERYTHING) return troubles;
    const turn = Math.floor(k / sample) % troubles.length;
    return k % sample === 0 ? troubles.slice(turn, turn + 1) : [];
  }
}

/** @returns how many simulated minutes it took */
export async function proveOne(
  story: Story,
  what: string,
  expected: End,
  run: Run,
  judge: Seams["judge"] = (end) => expect(end).toEqual(expected),
): Promise<number> {
  try {
    const { end, minutes } = await story.play({ minutes: MINUTES, ...run });
    judge(end, expected);
    return minutes;
  } catch (error) {
    if (error instanceof Error) error.message = `${what}: ${error.message}`;
    throw error;
  }
}
