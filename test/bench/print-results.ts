// The results as a reader sees them. Ratios come first: they hold between machines, milliseconds do not.

import { say, sayTable } from "../demo/report.ts";
import type { CountedUsage } from "./count-usage.ts";
import type { Measured, Target } from "./measure.ts";
import { priceOf } from "./price.ts";

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

export function printPrice({ usage, cpuMs, webhooks, invoices }: CountedUsage): void {
  const lines = priceOf(usage, cpuMs, webhooks).filter(({ perWebhook }) => perWebhook > 0);
  const total = lines.reduce((sum, { dollarsPerMillion }) => sum + dollarsPerMillion, 0);
  say(
    `\nA million webhooks at Cloudflare's list prices, from ${webhooks} that told of ${invoices} paid invoices\n`,
  );
  sayTable([
    ...lines.map(({ what, perWebhook, dollarsPerMillion }) => {
      return [what, `${fixed(perWebhook, 2)} each ${dollars(dollarsPerMillion)}`] as const;
    }),
    ["together", `${"".padStart(12)} ${dollars(total)}`],
  ]);
  say("\n  Without storage, and without what retention deletes later.");
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
