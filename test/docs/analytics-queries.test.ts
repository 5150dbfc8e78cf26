// The queries of docs/operations.md cannot be run here: they ask for columns that the Worker writes, by what they mean.

import { expect, test } from "vitest";
import operations from "../../docs/operations.md";
import { COLUMNS, COMMON_COLUMNS, createAnalytics, type DataPoint } from "../../src/platform/analytics.ts";
import { createLogger } from "../../src/platform/logger.ts";
import { WEBHOOK_EVENT_STATUSES } from "../../src/platform/tables/webhook-events.ts";

const [block = ""] = operations.match(/```sql\n.*?```/s) ?? [];
const queries = block
  .replaceAll(/```(sql)?/g, "")
  .split(";")
  .map((query) => query.replaceAll(/^--.*$/gm, "").trim())
  .filter(Boolean);

/** What a query takes a column for and the code does not write there. */
function faultsOf(query: string): string[] {
  const kind = /blob1 = '(\w+)'/.exec(query)?.[1] ?? "";
  if (!(kind in COLUMNS)) return [`There is no kind ${kind}.`];
  const columns: Record<string, string> = { ...COMMON_COLUMNS, ...COLUMNS[kind as DataPoint["kind"]] };
  const named = [...query.matchAll(/\b(blob\d+) AS (\w+)/g)].map(([, column = "", name = ""]) => [
    column,
    name,
  ]);
  const counted = [...query.matchAll(/\b(double\d+)\b[^,]*(?:, _sample_interval)?\) AS (\w+)/g)].map(
    ([, column = "", name = ""]) => [column, name.replace(/_p\d+$/, "")],
  );
  const used = new Set(query.match(/\b(?:blob|double)\d+\b/g));
  const explained = new Set([...named, ...counted].map(([column]) => column));
  return [
    ...[...named, ...counted]
      .filter(([column = "", name]) => columns[column] !== name)
      .map(([column, name]) => `${column} is not ${name}.`),
    // blob1 is the kind, which was looked for above; blob4 is compared with a status.
    ...[...used].filter((column) => !explained.has(column) && !["blob1", "blob4"].includes(column)),
    ...[...query.matchAll(/blob4 = '(\w+)'/g)]
      .map(([, status = ""]) => status)
      .filter(
        (status) =>
          columns.blob4 !== "status" || !(WEBHOOK_EVENT_STATUSES as readonly string[]).includes(status),
      ),
  ];
}

test("every column of the three queries is what the code writes there", () => {
  expect(queries.length).toBe(3);
  for (const query of queries) expect([query, faultsOf(query)]).toEqual([query, []]);
});

test.each([
  ["a kind that nobody writes", "blob1 = 'payment'", "blob1 = 'invoice'"],
  ["another column", "blob5 AS currency", "blob6 AS currency"],
  ["a number that is another's", "AS amount", "AS lag_ms"],
])("a query with %s is found", (_, right, wrong) => {
  const query = queries.find((one) => one.includes(right)) ?? "";
  expect(faultsOf(query.replace(right, wrong)).length).toBeGreaterThan(0);
});

test.each<DataPoint>([
  { kind: "webhook_event", type: "charge.succeeded", status: "dead", reason: "r", lagMs: 7 },
  { kind: "payment", status: "succeeded", currency: "EUR", method: null, amountMinor: 12900 },
  { kind: "mail_report", provider: "resend", what: "bounced", outcome: "recorded" },
])("a point of $kind has its values in the columns that are described", (point) => {
  const points: AnalyticsEngineDataPoint[] = [];
  const binding = { writeDataPoint: (one?: AnalyticsEngineDataPoint) => void points.push(one ?? {}) };
  createAnalytics(binding, createLogger({}))?.write({ tenantId: "t", environmentId: "e" }, point);
  const values: Record<string, unknown> = { ...point, reports: 1 };
  const written = (name: string) =>
    name === "lag_ms" ? values.lagMs : name === "amount" ? values.amountMinor : (values[name] ?? "");
  const { blob4, blob5, blob6, double1 } = COLUMNS[point.kind];
  expect(points).toEqual([
    {
      indexes: ["e"],
      blobs: [point.kind, "t", "e", ...[blob4, blob5, blob6].map(written)],
      doubles: [written(double1)],
    },
  ]);
});
