// What webhooks cost at Cloudflare's list prices of the paid plan, beyond what it includes.

import type { Usage } from "./counted-bindings.ts";

export type PriceLine = { what: string; perWebhook: number; dollarsPerMillion: number };

/** US dollars a million; of rows, requests and operations each. */
const LIST = {
  // https://developers.cloudflare.com/workers/platform/pricing/
  workerRequest: 0.3,
  cpuMs: 0.02,
  // https://developers.cloudflare.com/queues/platform/pricing/
  queueOperation: 0.4,
  // https://developers.cloudflare.com/d1/platform/pricing/
  rowRead: 0.001,
  rowWritten: 1,
  // https://developers.cloudflare.com/durable-objects/platform/pricing/, where rows cost what D1's do
  objectRequest: 0.15,
  objectGbSecond: 12.5,
};

/** What an object is billed as having, whatever it uses. */
const OBJECT_GB = 0.128;

/** Prices what `webhooks` of them used. @param cpuMs of the whole runtime, D1 and the queues' broker included */
export function priceOf(usage: Usage, cpuMs: number, webhooks: number): PriceLine[] {
  const line = (what: string, count: number, dollars: number): PriceLine => ({
    what,
    perWebhook: count / webhooks,
    dollarsPerMillion: (count / webhooks) * dollars,
  });
  return [
    line("Worker requests, consumers' too", usage.workerRequests, LIST.workerRequest),
    line("CPU ms, the emulated services' too", cpuMs, LIST.cpuMs),
    line("queue operations", usage.queueOperations, LIST.queueOperation),
    line("D1 rows read", usage.databaseRowsRead, LIST.rowRead),
    line("D1 rows written", usage.databaseRowsWritten, LIST.rowWritten),
    line("Durable Object requests", usage.objectRequests, LIST.objectRequest),
    line("Durable Object GB-s", (usage.objectMs / 1_000) * OBJECT_GB, LIST.objectGbSecond),
    line("Durable Object rows read", usage.objectRowsRead, LIST.rowRead),
    line("Durable Object rows written", usage.objectRowsWritten, LIST.rowWritten),
  ];
}
