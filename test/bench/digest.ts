// npm run proof:digest: how many events a second one ledger digests, sent as fast as the door takes them, and what the
// door lets in at the most. In workerd itself, on the bundle that would be deployed.

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
import type { BenchEnvironment } from "./world.ts";

// Below the door's limit and the budget of a minute, so that none is refused.
const EVENTS = 1_500;
const AT_ONCE = 16;
const ROUNDS = 2;

const stats = z.object({ totals: z.object({ events: z.object({ ignored: z.int(), processed: z.int() }) }) });

await runBench("digest", run);

async function run(bench: Bench): Promise<void> {
  const { environments, payments, serveCopy } = await prepare(bench, {
    paying: ROUNDS,
    unseen: 0,
    payments: ROUNDS * 50,
  });
  const { origin } = await serveCopy([]);
  for (const environment of environments) {
    const paying = payments.filter(([first]) => first?.environment === environment).flat();
    const foreign = Array.from({ length: EVENTS }, (_, index) => foreignEvent(environment, index));
    say(`foreign events: ${await digest(origin, environment, foreign)} a second`);
    say(`events of payments: ${await digest(origin, environment, paying)} a second`);
  }
}

/** @returns how many a second, from the first that was sent to the last that is decided */
async function digest(
  origin: string,
  environment: BenchEnvironment,
  webhooks: Parameters<typeof signAll>[0],
): Promise<number> {
  const signed = await signAll(webhooks);
  const api = createApi(origin, environment.apiKey);
  const decided = async () => {
    const { ignored, processed } = (await api.get("/stats", stats)).totals.events;
    return ignored + processed;
  };
  const before = await decided();
  const agent = new Agent({ keepAlive: true, maxSockets: AT_ONCE });
  const begunMs = Date.now();
  let taken = 0;
  await inParallel([...signed], AT_ONCE, async (webhook) => {
    if ((await postWebhook(agent, origin, webhook)) === 200) taken += 1;
  });
  agent.destroy();
  while ((await decided()) - before < taken) await new Promise((resolve) => setTimeout(resolve, 100));
  return Math.round((taken * 1000) / (Date.now() - begunMs));
}
