// All SQL on refunds.

import { and, desc, eq, type SQL, sql } from "drizzle-orm";
import type { PageRequest } from "../http/list.ts";
import { type Database, onDatabase, type Statement } from "../platform/commit.ts";
import type { Deps, Scope } from "../platform/deps.ts";
import { afterPosition } from "../platform/paging.ts";
import { DISPUTES_HOLDING_MONEY, disputes, payments, refunds } from "../platform/tables/payments.ts";
import { mergeInto } from "./merge-columns.ts";

export type RefundRow = typeof refunds.$inferSelect;
export type RefundFilter = {
  paymentId?: string | undefined;
  invoiceId?: string | undefined;
  status?: RefundRow["status"] | undefined;
};

export async function findRefund(deps: Deps, scope: Scope, id: string): Promise<RefundRow | undefined> {
  return onDatabase(() => deps.database(scope).select().from(refunds).where(refundIn(scope, id)).get());
}

/** The rows that a refund of Stripe's may belong in: by Stripe's own id, and by ours in its metadata. */
export async function findRefundRows(
  deps: Deps,
  scope: Scope,
  named: { refundId: string; ownRefundId: string | null },
): Promise<RefundRow[]> {
  // Two questions: with OR, SQLite reads through all of the environment's refunds.
  const either = sql`${refunds.id} IN (
    SELECT id FROM refunds WHERE environment_id = ${scope.environmentId} AND id = ${named.ownRefundId}
    UNION ALL
    SELECT id FROM refunds WHERE environment_id = ${scope.environmentId} AND stripe_refund_id = ${named.refundId})`;
  const mine = and(eq(refunds.environmentId, scope.environmentId), either);
  return onDatabase(() => deps.database(scope).select().from(refunds).where(mine).all());
}

/** Every refund of one payment, newest first. */
export async function findRefundsOf(deps: Deps, scope: Scope, paymentId: string): Promise<RefundRow[]> {
  const mine = and(eq(refunds.environmentId, scope.environmentId), isOf("refunds", scope, sql`${paymentId}`));
  const query = deps.database(scope).select().from(refunds).where(mine).orderBy(desc(refunds.createdAtMs));
  return onDatabase(() => query.all());
}

export async function listRefunds(
  deps: Deps,
  scope: Scope,
  filter: RefundFilter,
  page: PageRequest,
): Promise<RefundRow[]> {
  // The few of one invoice or payment are sorted; else the index by time is read, which is in order.
  const made =
    (filter.paymentId ?? filter.invoiceId) === undefined ? refunds.createdAtMs : sql`+${refunds.createdAtMs}`;
  const query = deps
    .database(scope)
    .select()
    .from(refunds)
    .where(
      and(
        eq(refunds.environmentId, scope.environmentId),
        filter.paymentId === undefined ? undefined : isOf("refunds", scope, sql`${filter.paymentId}`),
        filter.invoiceId === undefined
          ? undefined
          : isOf("refunds", scope, paymentsOf(scope, filter.invoiceId)),
        filter.status === undefined ? undefined : eq(refunds.status, filter.status),
        afterPosition(page.after, refunds.createdAtMs, refunds.id),
      ),
    )
    .orderBy(desc(made), desc(refunds.id))
    .limit(page.limit + 1);
  return onDatabase(() => query.all());
}

/**
 * A condition on refunds or disputes: those of these payments. Answered from their index by payment, by name:
 * without statistics SQLite reads through the whole list instead.
 */
export function isOf(table: "refunds" | "disputes", scope: Scope, paymentIds: SQL): SQL {
  const [name, index] = [sql.raw(table), sql.raw(`${table}_by_payment`)];
  return sql`${name}.id IN (SELECT id FROM ${name} INDEXED BY ${index}
    WHERE environment_id = ${scope.environmentId} AND payment_id IN (${paymentIds}))`;
}

/** The ids of an invoice's payments. */
export function paymentsOf(scope: Scope, invoiceId: string): SQL {
  return sql`SELECT id FROM payments INDEXED BY payments_by_invoice
    WHERE environment_id = ${scope.environmentId} AND invoice_id = ${invoiceId}`;
}

/**
 * Reserves a refund that is about to be asked for at Stripe, in one statement: it violates a constraint, and
 * so undoes its whole commit, when the payment has not succeeded, when a dispute holds the money, when
 * another refund is in doubt, or when less than the amount is left (pending refunds count).
 */
export function reserveRefund(database: Database, row: RefundRow): Statement {
  const { environmentId, paymentId, amountMinor } = row;
  const itsOwn = sql`environment_id = ${environmentId} AND payment_id = ${paymentId}`;
  const possible = sql<number>`(SELECT ${amountMinor} FROM ${payments} AS p
    WHERE p.environment_id = ${environmentId} AND p.id = ${paymentId} AND p.status = 'succeeded'
      AND NOT EXISTS (SELECT 1 FROM ${disputes} INDEXED BY disputes_by_payment
        WHERE ${itsOwn} AND status IN ${DISPUTES_HOLDING_MONEY})
      AND NOT EXISTS (SELECT 1 FROM ${refunds} INDEXED BY refunds_by_payment
        WHERE ${itsOwn} AND stripe_refund_id IS NULL AND status = 'pending')
      AND p.amount_minor - ${amountMinor} >= (SELECT COALESCE(SUM(amount_minor), 0) FROM ${refunds} INDEXED BY refunds_by_payment
        WHERE ${itsOwn} AND status IN ('pending', 'requires_action', 'succeeded')))`;
  return database.insert(refunds).values({ ...row, amountMinor: possible });
}

/** Raises the key's generation of a refund that is still in doubt. */
export function raiseKeyGeneration(
  database: Database,
  scope: Scope,
  refund: Pick<RefundRow, "id" | "keyGeneration">,
  nowMs: number,
): Statement {
  return database
    .update(refunds)
    .set({ keyGeneration: refund.keyGeneration + 1, updatedAtMs: nowMs })
    .where(and(refundIn(scope, refund.id), eq(refunds.keyGeneration, refund.keyGeneration)));
}

/** Takes back the reservation of a refund that Stripe has refused: it never came to be. */
export function dropReservation(database: Database, scope: Scope, id: string): Statement {
  return database.delete(refunds).where(and(refundIn(scope, id), sql`${refunds.stripeRefundId} IS NULL`));
}

/** Merges what one event says of a refund into its row: the fact of the greater state order stands. */
export function mergeRefund(database: Database, row: RefundRow): Statement {
  const merge = mergeInto("refunds");
  return database
    .insert(refunds)
    .values(row)
    .onConflictDoUpdate({
      target: [refunds.environmentId, refunds.id],
      set: {
        stripeRefundId: merge.ofObject("stripe_refund_id"),
        ...mergedRefund(),
        reason: merge.ofObject("reason"),
        failureReason: merge.ofState("failure_reason"),
        createdAtMs: sql`MIN(${merge.mine("created_at_ms")}, ${merge.theirs("created_at_ms")})`,
        stateOrder: merge.highest,
        updatedAtMs: merge.theirs("updated_at_ms"),
      },
    });
}

/** The merged columns that statistics count as well. */
export function mergedRefund() {
  const merge = mergeInto("refunds");
  return {
    status: merge.ofState("status"),
    amountMinor: merge.ofState("amount_minor"),
    currency: merge.ofState("currency"),
    occurredAtMs: merge.began("occurred_at_ms"),
  };
}

function refundIn(scope: Scope, id: string) {
  return and(eq(refunds.environmentId, scope.environmentId), eq(refunds.id, id));
}
