// The results as a reader sees them. Ratios come first: they hold between machines, milliseconds do not.

import { say, sayTable } from "../demo/report.ts";
import type { Measured, Target } from "./measure.ts";
import type { Cost } from "./price.ts";

/** The median of each target's rounds, each against the same round of the first target. */
export function printCpu(
  measured: ReadonlyMap<Target, readonly Measured[]>,
  { aims }: { aims: boolean },
): void {
  const [baseRounds = []] = measured.values();
  say("\nCPU a webhook, against a bare Worker that answers 200 (medians of the rounds of this run)\n");
  sayTable(
    [...measured].map(([target, rounds]) => {
      const times = median(
        rounds.map(({ cpuMs }, round) => cpuMs / (baseRounds[round]?.cpuMs ?? Number.NaN)),
      );
      const cpuMs = median(rounds.map((round) => round.cpuMs));
      const perSecond = median(rounds.map((round) => round.perSecond));
      const columns = `${fixed(times, 1)} x ${fixed(cpuMs, 2)} ms ${fixed(perSecond, 0)} a second`;
      return [target.name, `${columns}${aims ? aimWords(times, target.aim) : ""}`] as const;
    }),
  );
}

export function printPrice(cost: Cost): void {
  say(
    `\nA million webhooks at Cloudflare's list prices, from ${cost.webhooks} that told of ${cost.paid_invoices} paid invoices\n`,
  );
  sayTable([
    ...cost.lines
      .filter((line) => line.per_webhook > 0)
      .map((line) => {
        const columns = `${fixed(line.per_webhook, 2)} each ${dollars(line.dollars_a_million_webhooks)}`;
        return [line.what, columns] as const;
      }),
    ["together", `${"".padStart(12)} ${dollars(cost.dollars_a_million_webhooks)}`],
  ]);
  const { logs, traces, invocation_logs: ofInvocations } = cost.sampling;
  say(
    `\n  Of the log ${percent(logs)} is kept, with${ofInvocations ? "" : "out"} a line for each invocation, and of traces ${percent(traces)}, as wrangler.toml has it. Without storage, without what retention deletes later, and without what the plan includes.`,
  );
}

function percent(part: number): string {
  return `${Number((part * 100).toFixed(2))} %`;
}

function aimWords(times: number, aim: number | undefined): string {
  if (aim === undefined) return "";
  return `   aim: at most ${aim} x, ${times <= aim ? "reached" : "missed"}`;
}

/** `?` where a round was too short for the clock's ticks. */
function fixed(value: number, decimals: number): string {
  return (Number.isFinite(value) ? value.toFixed(decimals) : "?").padStart(7);
}

function dollars(amount: number): string {
  return `$${amount.toFixed(2)}`.padStart(9);
}

function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const [low, high] = [
    sorted[Math.floor((sorted.length - 1) / 2)],
    sorted[Math.ceil((sorted.length - 1) / 2)],
  ];
  return ((low ?? Number.NaN) + (high ?? Number.NaN)) / 2;
}
