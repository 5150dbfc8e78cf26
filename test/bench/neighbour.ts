// npm run proof:neighbour: one tenant floods its webhook door; how long another's payments take meanwhile, from the
// door to the settled invoice. And that its event destination, which does not answer, keeps another's message waiting
// in no batch behind it. In workerd itself, on the bundle that would be deployed.

import { Agent } from "node:http";
import * as z from "zod";
import { createApi } from "../../tools/doctor/single-calls.ts";
import { say } from "../demo/report.ts";
import { foreignEvent } from "./foreign-event.ts";
import { inParallel } from "./in-parallel.ts";
import { prepare } from "./prepare.ts";
import { runBench } from "./run-bench.ts";
import { postWebhook, signAll } from "./send-webhooks.ts";
import type { Bench } from "./serve-worker.ts";
import { deliverBehindSlow } from "./slow-destination.ts";
import type { BenchEnvironment, Payment, Webhook } from "./world.ts";

const FLOOD = 3_000;
const FLOOD_MS = 13_000;
const AT_ONCE = 16;
const PAYMENTS = 24;

const stats = z.object({ totals: z.object({ events: z.object({ ignored: z.int(), processed: z.int() }) }) });
const paid = z.object({ amount_remaining: z.int() });

await runBench("neighbour", run);

async function run(bench: Bench): Promise<void> {
  const prepared = await prepare(bench, { paying: 2, unseen: 0, payments: PAYMENTS });
  const [noisy, quiet] = prepared.environments as [BenchEnvironment, BenchEnvironment];
  const payments = prepared.payments.filter(([first]) => first?.environment === quiet);
  const { origin } = await prepared.serveCopy([], true);
  const [warm, alone, ...rest] = payments as [Payment, Payment, ...Payment[]];
  await settled(origin, quiet, warm);
  say(`alone: ${await settled(origin, quiet, alone)} ms`);
  const isOver = { so: false };
  const begunMs = Date.now();
  const flooded = flood(origin, noisy).finally(() => {
    isOver.so = true;
  });
  const waits: number[] = [];
  for (const payment of rest) {
    if (isOver.so) break;
    await new Promise((resolve) => setTimeout(resolve, 700));
    waits.push(await settled(origin, quiet, payment));
  }
  const statuses = await flooded;
  say(`flood: ${JSON.stringify(statuses)} in ${((Date.now() - begunMs) / 1000).toFixed(1)} s`);
  say(`meanwhile: ${waits.join(", ")} ms`);
  const api = createApi(origin, noisy.apiKey);
  for (let done = 0; done < (statuses[200] ?? 0); ) {
    await new Promise((resolve) => setTimeout(resolve, 500));
    const { totals } = await api.get("/stats", stats);
    done = totals.events.ignored + totals.events.processed;
  }
  say(`flood digested after ${((Date.now() - begunMs) / 1000).toFixed(1)} s`);
  const behindMs = await deliverBehindSlow(origin, bench.lifetime, { slow: noisy, quick: quiet });
  say(`behind a destination that does not answer: a message after ${behindMs} ms`);
}

/** Sends what Stripe tells of a payment. @returns ms until the invoice was settled */
async function settled(origin: string, environment: BenchEnvironment, payment: Payment): Promise<number> {
  const api = createApi(origin, environment.apiKey);
  const id = /"invoice_id":\s*"([^"]+)"/.exec(payment[0]?.body ?? "")?.[1];
  const agent = new Agent({ keepAlive: true });
  const signed = await signAll(payment);
  const begunMs = Date.now();
  for (const webhook of signed) await postWebhook(agent, origin, webhook);
  for (;;) {
    const { amount_remaining } = await api.get(`/invoices/${id}`, paid);
    if (amount_remaining === 0) break;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  agent.destroy();
  return Date.now() - begunMs;
}

/** @returns how many were answered how */
async function flood(origin: string, environment: BenchEnvironment): Promise<Record<number, number>> {
  const webhooks: Webhook[] = Array.from({ length: FLOOD }, (_, index) => foreignEvent(environment, index));
  const signed = await signAll(webhooks);
  const agent = new Agent({ keepAlive: true, maxSockets: AT_ONCE });
  const begunMs = Date.now();
  const statuses: Record<number, number> = {};
  await inParallel([...signed.entries()], AT_ONCE, async ([index, webhook]) => {
    const dueMs = begunMs + (index / FLOOD) * FLOOD_MS;
    if (dueMs > Date.now()) await new Promise((resolve) => setTimeout(resolve, dueMs - Date.now()));
    const status = await postWebhook(agent, origin, webhook);
    statuses[status] = (statuses[status] ?? 0) + 1;
  });
  agent.destroy();
  return statuses;
}
