// CPU a webhook, target by target in turn and round by round, so that a noisy moment falls on all of them.

import { setTimeout as sleep } from "node:timers/promises";
import * as z from "zod";
import { createApi } from "../../tools/doctor/single-calls.ts";
import { cpuMsOf, untilQuiet } from "./process-cpu.ts";
import { sendAll, signAll } from "./send-webhooks.ts";
import type { Served } from "./serve-worker.ts";
import type { BenchEnvironment, Webhook } from "./world.ts";

/** Longer than a consumer waits for a fuller batch (max_batch_timeout, 1 s). */
const QUIET_MS = 1_500;
const CHECKS = 40;
/**
 * An object that nobody has called for ten seconds goes to sleep
 * (https://developers.cloudflare.com/durable-objects/concepts/durable-object-lifecycle/).
 */
const FALLS_ASLEEP_MS = 15_000;

export type Target = {
  name: string;
  /** At most so many times what the first target costs. */
  aim?: number;
  served: Served;
  /** Sent before the first round. */
  warmUp: readonly Webhook[];
  /** Sent before each round, with the clock not yet running; what it set going has ended by then. */
  before: readonly Webhook[];
  /** Whether its ledgers have gone to sleep by then. */
  isAsleep?: boolean;
  webhooks: (round: number) => readonly Webhook[];
  /** How many it has processed so far: all must be before the clock stops. Left out: the answer is all. */
  countProcessed?: () => Promise<number>;
};

/** Of one round: CPU ms a webhook, and webhooks a second. */
export type Measured = { cpuMs: number; perSecond: number };

/** What each target's rounds measured. @throws Error when a webhook is refused or not processed */
export async function measure(
  targets: readonly Target[],
  rounds: number,
): Promise<ReadonlyMap<Target, Measured[]>> {
  const measured = new Map<Target, Measured[]>(targets.map((target) => [target, []]));
  for (const target of targets) {
    if (target.warmUp.length > 0) await run(target, target.warmUp);
  }
  for (let round = 0; round < rounds; round++) {
    for (let turn = 0; turn < targets.length; turn++) {
      const target = targets[(round + turn) % targets.length] as Target;
      if (target.before.length > 0) await (await send(target.served, target.before)).stopWhenQuiet();
      if (target.isAsleep) await sleep(FALLS_ASLEEP_MS);
      measured.get(target)?.push(await run(target, target.webhooks(round)));
    }
  }
  return measured;
}

async function run(target: Target, webhooks: readonly Webhook[]): Promise<Measured> {
  const { countProcessed } = target;
  const processedBefore = await countProcessed?.();
  const clock = await send(target.served, webhooks);
  if (!countProcessed || processedBefore === undefined) return clock.stop();
  for (let check = 0; check < CHECKS; check++) {
    // Nothing is asked while the clock runs: asking costs too.
    const measured = await clock.stopWhenQuiet();
    if ((await countProcessed()) - processedBefore === webhooks.length) return measured;
  }
  const remedy = "Where the machine is too busy, events are parked: measure again when it is quiet.";
  throw new Error(`${target.name}: not every webhook was processed. ${remedy}`);
}

/** Sends all of them; the clock runs from the first on. */
export async function send({ origin, pid }: Served, webhooks: readonly Webhook[]) {
  const signed = await signAll(webhooks);
  const [startCpuMs, startMs] = [cpuMsOf(pid), performance.now()];
  await sendAll(origin, signed);
  const since = (cpuMs: number, atMs: number): Measured => ({
    cpuMs: (cpuMs - startCpuMs) / webhooks.length,
    perSecond: (webhooks.length / (atMs - startMs)) * 1_000,
  });
  return {
    stop: () => since(cpuMsOf(pid), performance.now()),
    stopWhenQuiet: async () => {
      const { cpuMs, lastBusyMs } = await untilQuiet(pid, QUIET_MS);
      return since(cpuMs, lastBusyMs);
    },
  };
}

const stats = z.object({ totals: z.object({ events: z.object({ processed: z.int() }) }) });

/** Of all these environments. */
export async function countProcessedBy(
  environments: readonly BenchEnvironment[],
  { origin }: Served,
): Promise<number> {
  let sum = 0;
  for (const { apiKey } of environments) {
    sum += (await createApi(origin, apiKey).get("/stats", stats)).totals.events.processed;
  }
  return sum;
}

const keeper = z.object({ kept: z.int() });

/** Of a Worker that is no product. */
export async function countKept({ origin }: Served): Promise<number> {
  return keeper.parse(await (await fetch(`${origin}/kept`)).json()).kept;
}
