// All SQL on disputes.

import { and, desc, eq, sql } from "drizzle-orm";
import type { PageRequest } from "../http/list.ts";
import { type Database, onDatabase, type Statement } from "../platform/commit.ts";
import type { Deps, Scope } from "../platform/deps.ts";
import { afterPosition } from "../platform/paging.ts";
import { disputes } from "../platform/tables/payments.ts";
import { mergeInto } from "./merge-columns.ts";
import { isOf, paymentsOf } from "./refund-store.ts";

export type DisputeRow = typeof disputes.$inferSelect;
export type DisputeFilter = {
  paymentId?: string | undefined;
  invoiceId?: string | undefined;
  status?: DisputeRow["status"] | undefined;
};

export async function findDispute(deps: Deps, scope: Scope, id: string): Promise<DisputeRow | undefined> {
  const mine = and(eq(disputes.environmentId, scope.environmentId), eq(disputes.id, id));
  return onDatabase(() => deps.database(scope).select().from(disputes).where(mine).get());
}

export async function listDisputes(
  deps: Deps,
  scope: Scope,
  filter: DisputeFilter,
  page: PageRequest,
): Promise<DisputeRow[]> {
  // The few of one invoice or payment are sorted; else the index by time is read, which is in order.
  const made =
    (filter.paymentId ?? filter.invoiceId) === undefined
      ? disputes.createdAtMs
      : sql`+${disputes.createdAtMs}`;
  const query = deps
    .database(scope)
    .select()
    .from(disputes)
    .where(
      and(
        eq(disputes.environmentId, scope.environmentId),
        filter.paymentId === undefined ? undefined : isOf("disputes", scope, sql`${filter.paymentId}`),
        filter.invoiceId === undefined
          ? undefined
          : isOf("disputes", scope, paymentsOf(scope, filter.invoiceId)),
        filter.status === undefined ? undefined : eq(disputes.status, filter.status),
        afterPosition(page.after, disputes.createdAtMs, disputes.id),
      ),
    )
    .orderBy(desc(made), desc(disputes.id))
    .limit(page.limit + 1);
  return onDatabase(() => query.all());
}

/** Merges what one event says of a dispute into its row: the fact of the greater state order stands. */
export function mergeDispute(database: Database, row: DisputeRow): Statement {
  const merge = mergeInto("disputes");
  return database
    .insert(disputes)
    .values(row)
    .onConflictDoUpdate({
      target: [disputes.environmentId, disputes.id],
      set: {
        status: merge.ofState("status"),
        amountMinor: merge.ofState("amount_minor"),
        currency: merge.ofState("currency"),
        reason: merge.ofState("reason"),
        evidenceDueAtMs: merge.ofState("evidence_due_at_ms"),
        occurredAtMs: merge.began("occurred_at_ms"),
        createdAtMs: sql`MIN(${merge.mine("created_at_ms")}, ${merge.theirs("created_at_ms")})`,
        stateOrder: merge.highest,
        updatedAtMs: merge.theirs("updated_at_ms"),
      },
    });
}
