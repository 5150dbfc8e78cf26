// The hourly counts of a ledger as rows of one metric each, for queries that hold them against what is there.
// Each is SQL to be read FROM, with columns `hour_ms`, `metric`, `currency`, `count` and `sum`; what is 0 is left out.

const EVENTS = ["received", "processed", "ignored", "failed", "dead"];
const MONEY = [
  ["payments_paid", "paid"],
  ["payments_failed", "failed"],
  ["refunds", "refunded"],
] as const;

export const EVENT_COUNTS = counts(
  EVENTS.map((name) => {
    const lag = name === "processed" ? "lag_sum_ms" : "0";
    return `SELECT hour_ms, 'events_${name}' AS metric, '' AS currency, ${name} AS count, ${lag} AS sum
      FROM hourly_events`;
  }),
);

export const MONEY_COUNTS = counts(
  MONEY.map(
    ([metric, name]) =>
      `SELECT hour_ms, '${metric}' AS metric, currency, ${name}_count AS count, ${name}_sum AS sum FROM hourly_money`,
  ),
);

function counts(selects: readonly string[]): string {
  return `(SELECT * FROM (${selects.join(" UNION ALL ")}) WHERE (count, sum) <> (0, 0))`;
}
