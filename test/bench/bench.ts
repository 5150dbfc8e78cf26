// npm run bench: what a webhook costs, of the bundle that would be deployed, in workerd itself. `--quick` takes a
// little of everything: it shows that the bench runs, and its figures say nothing.

import { say, step } from "../demo/report.ts";
import { countUsage } from "./count-usage.ts";
import { measure } from "./measure.ts";
import { prepare } from "./prepare.ts";
import { printCpu, printPrice } from "./print-results.ts";
import { runBench } from "./run-bench.ts";
import type { Bench } from "./serve-worker.ts";
import { createTargets, type Size } from "./targets.ts";

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

const quick = process.argv.includes("--quick");
const unknown = process.argv.slice(2).filter((word) => word !== "--quick");
if (unknown.length > 0) {
  console.error(`The bench knows --quick alone, not ${unknown.join(" ")}.`);
  process.exit(1);
}
const size = quick ? QUICK : FULL;
await runBench("bench", run);

async function run(bench: Bench): Promise<void> {
  if (process.platform !== "linux") throw new Error("The bench reads CPU times from /proc: it needs Linux.");
  say(`Quittance bench${quick ? ", quick: the figures say nothing" : ""}\n`);
  const prepared = await prepare(bench, {
    paying: size.environments,
    unseen: size.rounds * size.unseen,
    payments: size.warmUp + size.rounds * size.webhooks,
  });
  const targets = await createTargets(bench, prepared, size);
  const measured = await step(
    "CPU measured",
    () => measure(targets, size.rounds),
    () => `${size.rounds} rounds`,
  );
  const counted = await step(
    "use counted",
    async () => countUsage(bench, await prepared.serveCounted(), prepared, size.counted),
    ({ webhooks }) => `${webhooks} webhooks`,
  );
  printCpu(measured, { aims: !quick });
  printPrice(counted);
}
