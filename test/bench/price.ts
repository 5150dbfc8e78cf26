// What webhooks cost at Cloudflare's list prices of the paid plan, beyond what it includes.

import type { CountedUsage } from "./count-usage.ts";

/** US dollars a million of each, with what it is called. */
export const LIST_PRICES = {
  // https://developers.cloudflare.com/workers/platform/pricing/
  worker_requests: { what: "Worker requests, consumers' too", dollars: 0.3 },
  cpu_ms: { what: "CPU ms, the emulated services' too", dollars: 0.02 },
  // https://developers.cloudflare.com/queues/platform/pricing/
  queue_operations: { what: "queue operations", dollars: 0.4 },
  // https://developers.cloudflare.com/d1/platform/pricing/
  d1_rows_read: { what: "D1 rows read", dollars: 0.001 },
  d1_rows_written: { what: "D1 rows written", dollars: 1 },
  // https://developers.cloudflare.com/durable-objects/platform/pricing/, where rows cost what D1's do
  object_requests: { what: "Durable Object requests, alarms too", dollars: 0.15 },
  object_gb_seconds: { what: "Durable Object GB-s", dollars: 12.5 },
  object_rows_read: { what: "Durable Object rows read", dollars: 0.001 },
  object_rows_written: { what: "Durable Object rows written", dollars: 1 },
  // https://developers.cloudflare.com/workers/observability/logs/workers-logs/
  log_lines: { what: "lines of the log", dollars: 0.6 },
  // https://developers.cloudflare.com/workers/observability/traces/, since October 2026 by the span, as a log line
  trace_spans: { what: "spans of traces", dollars: 0.6 },
} as const;

/** What an object is billed as having, whatever it uses. */
const OBJECT_GB = 0.128;

/** Of which part of all invocations Workers Logs keeps what, as wrangler.toml has it. */
export type Sampling = {
  logs: number;
  /** Whether each invocation has a line of its own in the log. */
  invocation_logs: boolean;
  traces: number;
};

/** docs/cost.json. Each line is its count, as it stands there, times its list price. */
export type Cost = {
  /** ISO day. */
  counted_on: string;
  webhooks: number;
  paid_invoices: number;
  sampling: Sampling;
  lines: CostLine[];
  dollars_a_million_webhooks: number;
};

export type CostLine = {
  name: keyof typeof LIST_PRICES;
  what: string;
  per_webhook: number;
  list_dollars_a_million: number;
  dollars_a_million_webhooks: number;
};

/** @param counted.cpuMs of the whole runtime, D1 and the queues' broker included */
export function priceOf(counted: CountedUsage, sampling: Sampling, countedOn: string): Cost {
  const { usage, webhooks } = counted;
  const invocations = usage.workerRequests + usage.objectRequests;
  const used: Record<keyof typeof LIST_PRICES, number> = {
    worker_requests: usage.workerRequests,
    cpu_ms: counted.cpuMs,
    queue_operations: usage.queueOperations,
    d1_rows_read: usage.databaseRowsRead,
    d1_rows_written: usage.databaseRowsWritten,
    object_requests: usage.objectRequests,
    object_gb_seconds: (usage.objectMs / 1_000) * OBJECT_GB,
    object_rows_read: usage.objectRowsRead,
    object_rows_written: usage.objectRowsWritten,
    log_lines: (usage.logLines + (sampling.invocation_logs ? invocations : 0)) * sampling.logs,
    trace_spans: (invocations + usage.spans) * sampling.traces,
  };
  const lines = (Object.keys(LIST_PRICES) as (keyof typeof LIST_PRICES)[]).map((name): CostLine => {
    const { what, dollars } = LIST_PRICES[name];
    const each = rounded(used[name] / webhooks, 4);
    return {
      ...{ name, what, per_webhook: each, list_dollars_a_million: dollars },
      dollars_a_million_webhooks: rounded(each * dollars, 2),
    };
  });
  return {
    counted_on: countedOn,
    webhooks,
    paid_invoices: counted.invoices,
    sampling,
    lines,
    dollars_a_million_webhooks: sumOf(lines),
  };
}

/** US dollars, to the cent. */
export function sumOf(lines: readonly CostLine[]): number {
  return rounded(
    lines.reduce((sum, line) => sum + line.dollars_a_million_webhooks, 0),
    2,
  );
}

export function rounded(value: number, decimals: number): number {
  return Number(value.toFixed(decimals));
}
