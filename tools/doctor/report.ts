// What the doctor says: a line for each thing that was looked at, and beside a red one how it is put right.

export type Finding = {
  /** `open`: it could not be looked at, and nothing is known of it. */
  state: "green" | "red" | "open";
  what: string;
  detail: string;
  /** How it is put right, or, of what is open, how it could be looked at. */
  remedy?: string;
};

export type Report = (finding: Finding) => void;

const MARKS = { green: "✓", red: "✗", open: "○" };
const COLOURS = { green: 32, red: 31, open: 33 };

export function toLines({ state, what, detail, remedy }: Finding, coloured: boolean): string {
  const mark = coloured ? `\u001b[${COLOURS[state]}m${MARKS[state]}\u001b[0m` : MARKS[state];
  const line = `${mark} ${what}: ${detail}`;
  return remedy === undefined ? line : `${line}\n    → ${remedy}`;
}

/** What a check throws where it knows the remedy. */
export class Remediable extends Error {
  readonly remedy: string;

  constructor(problem: string, remedy: string) {
    super(problem);
    this.remedy = remedy;
  }
}

/**
 * Reports what came of a check: green with what it says, or red with what it throws.
 * @returns what the check found, or null where it is red
 */
export async function check<T>(
  report: Report,
  what: string,
  look: () => Promise<{ detail: string; found: T }>,
  remedy: string,
): Promise<T | null> {
  try {
    const { detail, found } = await look();
    report({ state: "green", what, detail });
    return found;
  } catch (error) {
    const detail = wordsOf(error);
    report({ state: "red", what, detail, remedy: error instanceof Remediable ? error.remedy : remedy });
    return null;
  }
}

/** fetch says in its cause alone what has failed. */
function wordsOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const { cause } = error;
  return cause instanceof Error && cause.message !== ""
    ? `${error.message}: ${cause.message}`
    : error.message;
}
