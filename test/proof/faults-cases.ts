// The proofs of one seam: each story is set up once, and then played with every trouble at every passage. In `npm test`
// the isolate dies at every so many passages only, in turn before and after, and stories that are long are left out:
// `npm run proof:faults` plays them all.

import { beforeAll, describe, expect, test } from "vitest";
import type { Part, Seam, Trouble } from "./faults-plan.ts";
import { EVERYTHING, MINUTES, proveEach } from "./faults-proof.ts";
import type { Run } from "./faults-simulation.ts";
import { createStage, type Stage, type Story } from "./faults-stories.ts";

export type Case = {
  what: string;
  story: (stage: Stage) => Promise<Story>;
  parts: readonly Part[];
  /** So many passages at least: a proof that meets none proves nothing. */
  least: number;
  /** What else is so at every run. */
  run?: Run;
  /** Left to `npm run proof:faults`. */
  isLong?: boolean;
};

type Words = Partial<Record<Trouble, string>>;

/**
 * @param said each trouble in words: each has a test of its own, at every passage
 * @param dying where the isolate dies, in words; `npm test` does it at every so many passages
 * @param more further tests of a story, with what tells it
 */
export function proveSeam(
  seam: Seam,
  cases: readonly Case[],
  said: Words,
  dying: { words: string; sample: number },
  more?: (one: Case, story: () => Story) => void,
): void {
  for (const one of cases.filter(({ isLong }) => EVERYTHING || !isLong)) describe(one.what, () => prove(one));

  function prove(one: Case): void {
    const { story, parts, run = {}, least } = one;
    let played: Story;
    beforeAll(async () => {
      played = await story(await createStage());
    });

    for (const [trouble, words] of Object.entries(said) as [Trouble, string][]) {
      test(`${words}: the same end within ${MINUTES} minutes`, { timeout: 300_000 }, async () => {
        const passages = await proveEach(played, { seam, parts, run, troubles: [trouble] });
        expect(passages).toBeGreaterThanOrEqual(least);
      });
    }

    test(`${dying.words}: the same end within ${MINUTES} minutes`, { timeout: 300_000 }, async () => {
      const troubles = ["dies_before", "dies_after"] as const;
      await proveEach(played, { seam, parts, run, troubles, sample: dying.sample });
    });

    more?.(one, () => played);
  }
}
