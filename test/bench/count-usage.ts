// What the webhooks of paid invoices use of what Cloudflare bills, with a destination that hears of each
// invoice: counted by the Worker with counted bindings.

import * as z from "zod";
import { createApi } from "../../tools/doctor/single-calls.ts";
import { until } from "../demo/until.ts";
import { USAGE_PATH, type Usage } from "./counted-bindings.ts";
import { send } from "./measure.ts";
import type { Prepared } from "./prepare.ts";
import { startReceiver } from "./receiver.ts";
import type { Bench, Served } from "./serve-worker.ts";
import type { Payment } from "./world.ts";

// A busy machine takes its time; what is counted does not change by it.
const HEARD_WITHIN_MS = 5 * 60_000;

export type CountedUsage = { usage: Usage; cpuMs: number; webhooks: number; invoices: number };

/**
 * Sends the webhooks of so many paid invoices and waits for all that follows of them; those of as many others
 * are sent before, uncounted, if there are so many.
 * @throws Error when a destination is not told of every invoice
 */
export async function countUsage(
  bench: Bench,
  served: Served,
  { environments, payments: all }: Prepared,
  count: number,
): Promise<CountedUsage> {
  const [payments, warmUp] = [all.slice(0, count), all.slice(count, 2 * count)];
  const receiver = await startReceiver(bench.lifetime);
  for (const { apiKey } of environments) {
    const destination = { url: receiver.origin, event_types: ["invoice.paid"] };
    await createApi(served.origin, apiKey).post("/event_destinations", destination, z.unknown());
  }
  if (warmUp.length > 0) await sendAndHear(warmUp);
  const before = await readUsage(served);
  const webhooks = payments.flat().length;
  const cpuMs = webhooks * (await sendAndHear(payments));
  const after = await readUsage(served);
  const usage = Object.fromEntries(
    Object.entries(after).map(([name, count]) => [name, count - before[name as keyof Usage]]),
  ) as Usage;
  return { usage, cpuMs, webhooks, invoices: payments.length };

  /** CPU ms a webhook. */
  async function sendAndHear(some: readonly Payment[]): Promise<number> {
    const heard = receiver.received();
    const clock = await send(served, some.flat());
    const missing = "a destination was not told of every paid invoice";
    await until(
      missing,
      async () => (receiver.received() - heard >= some.length ? true : null),
      HEARD_WITHIN_MS,
    );
    return (await clock.stopWhenQuiet()).cpuMs;
  }
}

async function readUsage({ origin }: Served): Promise<Usage> {
  return (await (await fetch(`${origin}${USAGE_PATH}`)).json()) as Usage;
}
