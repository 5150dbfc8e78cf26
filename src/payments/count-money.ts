// Counts payments and refunds by hour, as what the rows say: a payment in the hour in which it succeeded or
// failed, a refund in the one in which it succeeded. A fact that changes a row moves its count with it, so
// that facts in any order, any number of times, end in the same sums.

import { type SQL, sql } from "drizzle-orm";
import type { Database, Statement } from "../platform/commit.ts";
import { payments } from "../platform/tables/payments.ts";
import { countUp, HOUR_MS } from "../stats/count-up.ts";
import { mergedRefund, type RefundRow } from "./refund-store.ts";
import { mergedPayment, type PaymentRow } from "./store.ts";

/** The statement that counts what {@link mergePayment} is about to do; it comes before that one. */
export function countPayment(database: Database, row: PaymentRow): Statement {
  const metric = sql`CASE status WHEN 'succeeded' THEN 'payments_paid' WHEN 'failed' THEN 'payments_failed' END`;
  return countMerge(database, "payments", row, mergedPayment(), metric);
}

/** The same for {@link mergeRefund}. */
export function countRefund(database: Database, row: RefundRow): Statement {
  const metric = sql`CASE status WHEN 'succeeded' THEN 'refunds' END`;
  return countMerge(database, "refunds", row, mergedRefund(), metric);
}

/** The same for {@link insertPayment}, which leaves a payment that is there already as it is. */
export function countNewPayment(database: Database, row: PaymentRow): Statement {
  const { environmentId, id, occurredAtMs, currency, amountMinor } = row;
  return countUp(
    database,
    row,
    sql`SELECT ${occurredAtMs} AS at_ms, 'payments_paid' AS metric, ${currency} AS currency,
        1 AS count, ${amountMinor} AS sum, 0 AS max
      WHERE NOT EXISTS (SELECT 1 FROM ${payments} WHERE environment_id = ${environmentId} AND id = ${id})`,
  );
}

type Counted = { status: string; amountMinor: number; currency: string; occurredAtMs: number };
type Fact = Counted & { environmentId: string; id: string; stateOrder: number };

/** What the row says is taken back and what it will say is added, where the two differ. */
function countMerge(
  database: Database,
  table: "payments" | "refunds",
  fact: Fact,
  merged: Record<keyof Counted, SQL>,
  metric: SQL,
): Statement {
  const row = sql.raw(table);
  const mine = sql`${row}.environment_id = ${fact.environmentId} AND ${row}.id = ${fact.id}`;
  const after = (column: string, merge: SQL) =>
    sql`CASE WHEN ${row}.id IS NULL THEN excluded.${sql.raw(column)} ELSE ${merge} END AS ${sql.raw(column)}`;
  const counted = sql`${metric} AS metric, currency, amount_minor, occurred_at_ms - occurred_at_ms % ${HOUR_MS} AS at_ms`;
  // Named as ON CONFLICT names what comes, so that the merge reads here as it does there.
  return countUp(
    database,
    fact,
    sql`WITH excluded AS (SELECT ${fact.status} AS status, ${fact.amountMinor} AS amount_minor,
        ${fact.currency} AS currency, ${fact.occurredAtMs} AS occurred_at_ms, ${fact.stateOrder} AS state_order),
      merged AS (SELECT ${after("status", merged.status)}, ${after("amount_minor", merged.amountMinor)},
        ${after("currency", merged.currency)}, ${after("occurred_at_ms", merged.occurredAtMs)}
        FROM excluded LEFT JOIN ${row} ON ${mine}),
      told AS (SELECT ${counted} FROM merged),
      known AS (SELECT ${counted} FROM ${row} WHERE ${mine}),
      changes AS (SELECT 1 AS sign, * FROM (SELECT * FROM told EXCEPT SELECT * FROM known)
        UNION ALL SELECT -1, * FROM (SELECT * FROM known EXCEPT SELECT * FROM told))
      SELECT at_ms, metric, currency, sign AS count, sign * amount_minor AS sum, 0 AS max
      FROM changes WHERE metric IS NOT NULL`,
  );
}
