// npm run bench: what a webhook costs, of the bundle that would be deployed, in workerd itself. `--price` counts and
// leaves out what is timed; `--write` keeps what was counted as docs/cost.json. `--quick` takes a little of everything:
// it shows that the bench runs, and its figures say nothing.

import { say, step } from "../demo/report.ts";
import { countUsage } from "./count-usage.ts";
import { measure } from "./measure.ts";
import { type Prepared, prepare } from "./prepare.ts";
import { priceOf } from "./price.ts";
import { printCpu, printPrice } from "./print-results.ts";
import { runBench } from "./run-bench.ts";
import type { Bench } from "./serve-worker.ts";
import { createTargets, type Size } from "./targets.ts";
import { configuredSampling, writeCost } from "./write-cost.ts";

const FULL: Size = {
  environments: 50,
  rounds: 3,
  warmUp: 200,
  webhooks: 400,
  unseen: 60,
  counted: 100,
  jobsWait: true,
};
const QUICK: Size = {
  environments: 3,
  rounds: 1,
  warmUp: 0,
  webhooks: 6,
  unseen: 3,
  counted: 6,
  jobsWait: false,
};

const FLAGS = ["--quick", "--price", "--write"] as const;
const [quick, priceOnly, writes] = FLAGS.map((flag) => process.argv.includes(flag));
const unknown = process.argv.slice(2).filter((word) => !FLAGS.some((flag) => flag === word));
if (unknown.length > 0 || (quick && writes)) {
  console.error(
    `The bench knows ${FLAGS.join(", ")}, not ${unknown.join(" ") || "--quick and --write together"}.`,
  );
  process.exit(1);
}
const size = quick ? QUICK : FULL;
await runBench("bench", run);

async function run(bench: Bench): Promise<void> {
  if (process.platform !== "linux") throw new Error("The bench reads CPU times from /proc: it needs Linux.");
  say(`Quittance bench${quick ? ", quick: the figures say nothing" : ""}\n`);
  const prepared = await prepare(bench, {
    paying: size.environments,
    unseen: priceOnly ? 0 : size.rounds * size.unseen,
    payments: priceOnly ? 2 * size.counted : size.warmUp + size.rounds * size.webhooks,
  });
  const measured = priceOnly ? null : await timed(bench, prepared);
  const counted = await step(
    "use counted",
    async () => countUsage(bench, await prepared.serveCounted(), prepared, size.counted),
    ({ webhooks }) => `${webhooks} webhooks`,
  );
  const cost = priceOf(counted, configuredSampling(bench.paths), new Date().toISOString().slice(0, 10));
  if (measured) printCpu(measured, { aims: !quick });
  printPrice(cost);
  if (writes) await writeCost(bench.paths, cost);
}

async function timed(bench: Bench, prepared: Prepared) {
  const targets = await createTargets(bench, prepared, size);
  return step(
    "CPU measured",
    () => measure(targets, size.rounds),
    () => `${size.rounds} rounds`,
  );
}
