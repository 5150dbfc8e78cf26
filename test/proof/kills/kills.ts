// npm run proof:kills: the built Worker is killed again and again by SIGKILL, at random moments, while invoices are made
// and paid, and started anew over the same files. In the end nothing is lost and nothing is there twice.
//
// On Cloudflare a queue outlives whoever reads it. miniflare's queues (QueueBrokerObject, in its queues/broker.worker.js)
// hold their messages in an array in memory, so that a kill loses events that were answered with 200, which Cloudflare
// would bring again. That makes this the harder proof: such events have to come by reconciliation, works and messages
// by the ledgers' alarms.

import { setTimeout as sleep } from "node:timers/promises";
import * as z from "zod";
import { createApi } from "../../../tools/doctor/single-calls.ts";
import { inParallel } from "../../bench/in-parallel.ts";
import { runBench } from "../../bench/run-bench.ts";
import type { Bench } from "../../bench/serve-worker.ts";
import { formatDuration, say, step } from "../../demo/report.ts";
import type { Sandbox } from "../../stripe-sandbox/types.ts";
import { type Random, randomOf } from "../history.ts";
import { faultsOf, unfinished } from "./check.ts";
import type { LedgerFiles } from "./ledger-files.ts";
import type { MortalWorker } from "./mortal-worker.ts";
import { type KillsEnvironment, setUp } from "./scene.ts";
import { makeInvoice, payAll, type Sale, saleOf, Wanted } from "./traffic.ts";

// What .ci/run takes.
const isQuick = process.argv.includes("--quick");
const KILLS = Number(process.env.PROOF_KILLS || (isQuick ? 3 : 40));
const PAYMENTS = Number(process.env.PROOF_KILLS_PAYMENTS || (isQuick ? 30 : 800));
const SEED = Number(process.env.PROOF_KILLS_SEED || (isQuick ? 1 : Date.now() % 1_000_000_000));
// Stripe waits for minutes and hours; what it does is the same.
const STRIPE_TRIES_AGAIN_MS = [500, 1_000, 2_000, 4_000];
const CALLS_AT_ONCE = 6;
const LONGEST_LIFE_MS = 4_000;
// One of so many is killed while it starts.
const KILLED_EARLY = 8;
const EARLY_MS = 1_200;
// A message that the alarm has sent and that is lost, too, comes again after ten minutes.
const PATIENCE_MS = 25 * 60_000;
const LOOK_EVERY_MS = 1_000;
const SAY_EVERY_MS = 30_000;

const reconciliation = z.object({ status: z.string(), finished_at: z.string().nullable() });

await runBench("kills", run);

async function run(bench: Bench): Promise<void> {
  say(`PROOF_KILLS=${KILLS} PROOF_KILLS_PAYMENTS=${PAYMENTS} PROOF_KILLS_SEED=${SEED}\n`);
  const begunMs = Date.now();
  const { worker, sandbox, receiver, environments, files } = await setUp(bench, STRIPE_TRIES_AGAIN_MS);
  const sales = Array.from({ length: PAYMENTS }, (_, index) => saleOf(environments, index));
  const wanted = new Wanted(sales);
  const paid = new Set<string>();
  const traffic = Promise.all([
    inParallel(Array.from({ length: CALLS_AT_ONCE }), CALLS_AT_ONCE, async () => {
      for (let sale = await wanted.next(); sale; sale = await wanted.next())
        await makeInvoice(worker.origin, sale);
    }),
    payAll(worker.origin, sandbox, environments, paid, PAYMENTS),
  ]);
  await step(
    `killed ${KILLS} times`,
    () => Promise.race([killAgainAndAgain(worker, randomOf(SEED), wanted), failing(traffic)]),
    () => `${paid.size} of ${PAYMENTS} paid by then`,
  );
  await step(
    "all invoices paid at Stripe, all webhooks answered",
    async () => {
      await traffic;
      await untilDelivered(sandbox);
    },
    () => "",
  );
  await step(
    "what was missed is fetched",
    () => reconcile(worker.origin, environments, begunMs),
    () => "",
  );
  await step(
    "nothing left to do",
    () => untilDone(files, sales),
    () => "",
  );
  await worker.kill();
  report(files, sandbox, receiver.received, environments);
  const faults = faultsOf(files, sandbox, receiver, environments, sales);
  if (faults.length > 0) throw new Error(`PROOF_KILLS_SEED=${SEED}\n${faults.join("\n")}`);
  say(`\nNothing lost, nothing twice, in ${formatDuration(Date.now() - begunMs)}.`);
}

async function killAgainAndAgain(worker: MortalWorker, random: Random, wanted: Wanted): Promise<void> {
  for (let lives = 1; lives <= KILLS; lives++) {
    wanted.allow(lives / KILLS);
    const dies = random.upTo(LONGEST_LIFE_MS);
    if (random.upTo(KILLED_EARLY - 1) === 0) await sleep(random.upTo(EARLY_MS));
    else {
      await worker.untilReady();
      await sleep(dies);
    }
    await worker.kill();
    worker.start();
  }
  await worker.untilReady();
}

async function failing(work: Promise<unknown>): Promise<never> {
  await work;
  return new Promise(() => {});
}

async function untilDelivered(sandbox: Sandbox): Promise<void> {
  const pending = () =>
    Object.values(sandbox.world.accounts).flatMap(({ deliveries }) =>
      Object.values(deliveries).filter(({ status }) => status === "pending"),
    ).length;
  await untilNone("webhooks not delivered", () =>
    pending() === 0 ? null : `${pending()} webhooks on their way`,
  );
}

async function reconcile(
  origin: string,
  environments: readonly KillsEnvironment[],
  sinceMs: number,
): Promise<void> {
  const askedMs = Date.now();
  for (const { apiKey, connectionId } of environments)
    await createApi(origin, apiKey).post(
      `/connections/${connectionId}/reconcile`,
      { since: new Date(sinceMs).toISOString() },
      z.unknown(),
    );
  for (const { apiKey, connectionId } of environments) {
    const api = createApi(origin, apiKey);
    await untilNone("not reconciled", async () => {
      const run = await api.get(`/connections/${connectionId}/reconciliation`, reconciliation);
      return run.status === "idle" && Date.parse(run.finished_at ?? "") >= askedMs
        ? null
        : `reconciliation: ${run.status}`;
    });
  }
}

function untilDone(files: LedgerFiles, sales: readonly Sale[]): Promise<void> {
  return untilNone("not done", () => {
    const left = Object.entries(unfinished(files, sales)).map(([what, count]) => `${count} ${what}`);
    return left.length === 0 ? null : left.join(", ");
  });
}

/** @param look what is left, in words; null for nothing @throws Error when it is still there in the end */
async function untilNone(what: string, look: () => string | null | Promise<string | null>): Promise<void> {
  const begunMs = Date.now();
  let saidMs = begunMs;
  for (let left = await look(); left !== null; left = await look()) {
    if (Date.now() - begunMs > PATIENCE_MS) throw new Error(`PROOF_KILLS_SEED=${SEED} ${what}: ${left}`);
    if (Date.now() - saidMs > SAY_EVERY_MS) {
      saidMs = Date.now();
      say(`    ${left}`);
    }
    await sleep(LOOK_EVERY_MS);
  }
}

/** What the kills have hit. */
function report(
  files: LedgerFiles,
  sandbox: Sandbox,
  received: (environment: string) => readonly { id: string }[],
  environments: readonly KillsEnvironment[],
): void {
  const deliveries = environments.flatMap(({ secretKey }) =>
    Object.values(sandbox.accountFor(secretKey).deliveries),
  );
  const fetched = files.all("SELECT seq FROM webhook_events WHERE source = 'reconciliation'").length;
  const tried = deliveries.filter(({ attempts }) => attempts > 1).length;
  const messages = environments.flatMap(({ id: environment }) =>
    received(environment).map(({ id }) => `${environment} ${id}`),
  );
  const again = messages.length - new Set(messages).size;
  say(
    `    ${deliveries.length} events: ${tried} sent again by Stripe, ${fetched} answered, lost and fetched`,
  );
  say(`    ${messages.length} messages to the platform, ${again} of them once more`);
}
