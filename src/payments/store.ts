// All SQL on payments.

import { and, desc, eq, sql } from "drizzle-orm";
import type { PageRequest } from "../http/list.ts";
import { type Database, onDatabase, type Statement } from "../platform/commit.ts";
import type { Deps, Scope } from "../platform/deps.ts";
import { afterPosition } from "../platform/paging.ts";
import { payments } from "../platform/tables.ts";

export type PaymentRow = typeof payments.$inferSelect;
export type PaymentFilter = {
  invoiceId?: string | undefined;
  customerId?: string | undefined;
  status?: PaymentRow["status"] | undefined;
};

export async function findPayment(deps: Deps, scope: Scope, id: string): Promise<PaymentRow | undefined> {
  const mine = and(eq(payments.environmentId, scope.environmentId), eq(payments.id, id));
  return onDatabase(() => deps.database(scope).select().from(payments).where(mine).get());
}

export async function listPayments(
  deps: Deps,
  scope: Scope,
  filter: PaymentFilter,
  page: PageRequest,
): Promise<PaymentRow[]> {
  const query = deps
    .database(scope)
    .select()
    .from(payments)
    .where(
      and(
        eq(payments.environmentId, scope.environmentId),
        filter.invoiceId === undefined ? undefined : eq(payments.invoiceId, filter.invoiceId),
        filter.customerId === undefined ? undefined : eq(payments.customerId, filter.customerId),
        filter.status === undefined ? undefined : eq(payments.status, filter.status),
        afterPosition(page.after, payments.createdAtMs, payments.id),
      ),
    )
    .orderBy(desc(payments.createdAtMs), desc(payments.id))
    .limit(page.limit + 1);
  return onDatabase(() => query.all());
}

/**
 * Merges what one event says of a payment into its row. The fact of the greater state order stands; what
 * only one kind of object knows (a receipt, a session) is filled in whoever comes first. The same rows in
 * any order end the same.
 */
export function mergePayment(database: Database, row: PaymentRow): Statement {
  const newer = sql`excluded.state_order > payments.state_order`;
  const same = sql`excluded.state_order = payments.state_order`;
  // Belongs to the state: the newer state's value, and within one state the first that is known.
  const ofState = (column: string) => {
    const [mine, theirs] = [sql.raw(`payments.${column}`), sql.raw(`excluded.${column}`)];
    return sql`CASE WHEN ${newer} THEN ${theirs} WHEN ${same} THEN COALESCE(${mine}, ${theirs}) ELSE ${mine} END`;
  };
  // Belongs to the payment: never changes once it is known.
  const ofPayment = (column: string) => sql.raw(`COALESCE(payments.${column}, excluded.${column})`);
  return database
    .insert(payments)
    .values(row)
    .onConflictDoUpdate({
      target: [payments.environmentId, payments.id],
      set: {
        status: ofState("status"),
        amountMinor: ofState("amount_minor"),
        failureCode: ofState("failure_code"),
        failureMessage: ofState("failure_message"),
        stripeChargeId: ofState("stripe_charge_id"),
        paymentMethodType: ofState("payment_method_type"),
        receiptUrl: ofState("receipt_url"),
        checkoutSessionId: ofPayment("checkout_session_id"),
        stripePaymentLinkId: ofPayment("stripe_payment_link_id"),
        // Several events tell of one success: the earliest of them is when it happened.
        occurredAtMs: sql`CASE WHEN ${newer} THEN excluded.occurred_at_ms
          WHEN ${same} THEN MIN(payments.occurred_at_ms, excluded.occurred_at_ms) ELSE payments.occurred_at_ms END`,
        stateOrder: sql`MAX(payments.state_order, excluded.state_order)`,
        updatedAtMs: sql`excluded.updated_at_ms`,
      },
    });
}
