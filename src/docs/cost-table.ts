// What webhooks cost, in the words of the operations guide: docs/cost.json is what `npm run bench -- --write` counted
// last, times Cloudflare's list prices. Nothing of it is typed.

import cost from "../../docs/cost.json";
import { table } from "./table.ts";

const EXAMPLE_INVOICES = 1_000;
const LOG_LINES: readonly string[] = ["log_lines", "trace_spans"];

/** In Markdown; what costs less than a cent a million is left out. */
export function costTable(): string {
  const lines = cost.lines
    .filter((line) => line.dollars_a_million_webhooks > 0)
    .toSorted((a, b) => b.dollars_a_million_webhooks - a.dollars_a_million_webhooks);
  return table(
    ["What", "Each webhook", "List price a million", "A million webhooks"],
    [
      ...lines.map((line) => [
        line.what,
        line.per_webhook.toFixed(2),
        `$${line.list_dollars_a_million}`,
        dollars(line.dollars_a_million_webhooks),
      ]),
      ["**Together**", "", "", `**${dollars(cost.dollars_a_million_webhooks)}**`],
    ],
  );
}

const webhooksAnInvoice = cost.webhooks / cost.paid_invoices;

export const COST_VALUES = {
  cost_counted_on: () => cost.counted_on,
  cost_webhooks_an_invoice: () => String(webhooksAnInvoice),
  cost_example_invoices: () => EXAMPLE_INVOICES.toLocaleString("en"),
  cost_example_webhooks: () => (EXAMPLE_INVOICES * webhooksAnInvoice).toLocaleString("en"),
  cost_example: () =>
    dollars((EXAMPLE_INVOICES * webhooksAnInvoice * cost.dollars_a_million_webhooks) / 1_000_000),
  cost_of_the_log: () =>
    dollars(
      cost.lines
        .filter(({ name }) => LOG_LINES.includes(name))
        .reduce((sum, line) => sum + line.dollars_a_million_webhooks, 0),
    ),
  cost_logs_kept: () => `${cost.sampling.logs * 100} %`,
  cost_traces_kept: () => `${cost.sampling.traces * 100} %`,
};

function dollars(amount: number): string {
  return `$${amount.toFixed(2)}`;
}
