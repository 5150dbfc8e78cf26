// What the reader sees: one aligned line a step, with its time, and nothing of wrangler's own output.

import { readFileSync } from "node:fs";

const LABEL_WIDTH = 32;
const TIME_WIDTH = 8;
const TAIL_LINES = 25;

export function say(line = ""): void {
  process.stdout.write(`${line}\n`);
}

/** Runs a step and reports it with its time; `detail` says what came of it. Throws what the step throws. */
export async function step<T>(
  label: string,
  run: () => Promise<T>,
  detail: (result: T) => string,
): Promise<T> {
  const beganMs = performance.now();
  try {
    const result = await run();
    sayStep("✓", label, performance.now() - beganMs, detail(result));
    return result;
  } catch (error) {
    sayStep("✗", label, performance.now() - beganMs, "");
    throw error;
  }
}

/** Lines of a name and a value each, aligned. */
export function sayTable(rows: readonly (readonly [name: string, value: string])[]): void {
  const width = Math.max(...rows.map(([name]) => name.length));
  for (const [name, value] of rows) say(`  ${name.padEnd(width)}   ${value}`.trimEnd());
}

/** `38 ms`, `1.2 s`. */
export function formatDuration(ms: number): string {
  return ms < 999.5 ? `${Math.round(ms)} ms` : `${(ms / 1000).toFixed(1)} s`;
}

/** What went wrong, and the end of the log, if this run has one: there may be more. */
export function sayFailure(error: unknown, logPath: string | null): void {
  const tail = logPath === null ? "" : lastLines(logPath);
  const message = error instanceof Error ? error.message : String(error);
  process.stderr.write(`\n${message}\n`);
  if (tail !== "") process.stderr.write(`\nThe end of ${logPath}:\n${tail}\n`);
}

function sayStep(mark: string, label: string, ms: number, detail: string): void {
  const time = formatDuration(ms).padStart(TIME_WIDTH);
  say(`  ${mark} ${label.padEnd(LABEL_WIDTH)} ${time}   ${detail}`.trimEnd());
}

function lastLines(path: string): string {
  try {
    const lines = readFileSync(path, "utf8").trimEnd().split("\n");
    return lines
      .filter((line) => !/ GET .* 200 OK /.test(line))
      .slice(-TAIL_LINES)
      .map((line) => `  ${line}`.trimEnd())
      .join("\n")
      .trimEnd();
  } catch {
    // There is no log yet: then there is nothing more to tell.
    return "";
  }
}
