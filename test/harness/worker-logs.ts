// The Worker's log lines are kept back and shown where a test fails. Sent to the runner from a queue's consumer,
// one may never be answered, and the file never ends (cloudflare/workers-sdk issue 15719).

type Print = Console["log"] & { real?: Console["log"] };

const lines: string[] = [];

/** From now on, and after the file has ended too: whatever still runs then is not heard either. */
export function keepBackLogs(): void {
  for (const level of ["log", "warn", "error"] as const) {
    const now: Print = console[level];
    // An earlier file's stands in the way of none of these.
    const real = now.real ?? now;
    const keepBack: Print = (...parts) => {
      const [line] = parts;
      if (typeof line === "string" && line.startsWith('{"level":')) lines.push(line);
      else real(...parts);
    };
    keepBack.real = real;
    console[level] = keepBack;
  }
}

/** Ends a test. */
export function endLogs({ areShown }: { areShown: boolean }): void {
  if (areShown && lines.length > 0) console.log(`The Worker's log:\n${lines.join("\n")}`);
  lines.length = 0;
}
