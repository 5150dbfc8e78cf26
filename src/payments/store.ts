// All SQL on payments.

import { and, desc, eq, getTableColumns, gte, inArray, lt, or, type SQL, sql } from "drizzle-orm";
import type { PageRequest } from "../http/list.ts";
import { type Database, onDatabase, type Statement } from "../platform/commit.ts";
import type { Deps, Scope } from "../platform/deps.ts";
import { paymentIdFor } from "../platform/ids.ts";
import { afterPosition } from "../platform/paging.ts";
import { DISPUTES_HOLDING_MONEY, disputes, payments, refunds } from "../platform/tables.ts";
import { mergeInto } from "./merge-columns.ts";

export type PaymentRow = typeof payments.$inferSelect;
/** A payment with what became of its money. */
export type PaymentView = PaymentRow & {
  /** What refunds that succeeded gave back, in the payment's own currency. */
  amountRefundedMinor: number;
  /** Whether a dispute holds its money, open or lost. */
  disputed: boolean;
};
export type PaymentFilter = {
  invoiceId?: string | undefined;
  customerId?: string | undefined;
  status?: PaymentRow["status"] | undefined;
  /** ms */
  createdAfterMs?: number | undefined;
  createdBeforeMs?: number | undefined;
};

// Written out: in a query of one table Drizzle leaves the table's name off its columns, and inside of these
// they would be taken for the inner table's.
const refunded = sql<number>`(SELECT COALESCE(SUM(r.amount_minor), 0) FROM ${refunds} AS r
  WHERE r.environment_id = payments.environment_id AND r.payment_id = payments.id
    AND r.status = 'succeeded' AND r.currency = payments.currency)`;
const disputed = sql`EXISTS (SELECT 1 FROM ${disputes} AS d
  WHERE d.environment_id = payments.environment_id AND d.payment_id = payments.id
    AND d.status IN ${DISPUTES_HOLDING_MONEY})`.mapWith(Boolean);
const view = { ...getTableColumns(payments), amountRefundedMinor: refunded, disputed };

export async function findPayment(deps: Deps, scope: Scope, id: string): Promise<PaymentView | undefined> {
  const mine = and(eq(payments.environmentId, scope.environmentId), eq(payments.id, id));
  return onDatabase(() => deps.database(scope).select(view).from(payments).where(mine).get());
}

/**
 * The payment that an object of Stripe's belongs to, by the ids that it names: the intent before the charge,
 * the charge before the session.
 */
export async function findPaymentByStripeIds(
  deps: Deps,
  scope: Scope,
  ids: { paymentIntentId: string | null; chargeId: string | null; checkoutSessionId: string | null },
): Promise<PaymentRow | undefined> {
  const { paymentIntentId, chargeId, checkoutSessionId } = ids;
  const own = [paymentIntentId, chargeId, checkoutSessionId].filter((id) => id !== null).map(paymentIdFor);
  const [first] = own;
  if (first === undefined) return undefined;
  const named = or(
    inArray(payments.id, own),
    chargeId === null ? undefined : eq(payments.stripeChargeId, chargeId),
    checkoutSessionId === null ? undefined : eq(payments.checkoutSessionId, checkoutSessionId),
  );
  const query = deps
    .database(scope)
    .select()
    .from(payments)
    .where(and(eq(payments.environmentId, scope.environmentId), named))
    .orderBy(
      sql`${payments.id} = ${first} DESC, ${payments.stripeChargeId} IS ${chargeId} DESC, ${payments.id}`,
    )
    .limit(1);
  return onDatabase(() => query.get());
}

export async function listPayments(
  deps: Deps,
  scope: Scope,
  filter: PaymentFilter,
  page: PageRequest,
): Promise<PaymentView[]> {
  const query = deps
    .database(scope)
    .select(view)
    .from(payments)
    .where(
      and(
        eq(payments.environmentId, scope.environmentId),
        filter.invoiceId === undefined ? undefined : eq(payments.invoiceId, filter.invoiceId),
        filter.customerId === undefined ? undefined : eq(payments.customerId, filter.customerId),
        filter.status === undefined ? undefined : eq(payments.status, filter.status),
        filter.createdAfterMs === undefined ? undefined : gte(payments.createdAtMs, filter.createdAfterMs),
        filter.createdBeforeMs === undefined ? undefined : lt(payments.createdAtMs, filter.createdBeforeMs),
        afterPosition(page.after, payments.createdAtMs, payments.id),
      ),
    )
    .orderBy(desc(payments.createdAtMs), desc(payments.id))
    .limit(page.limit + 1);
  return onDatabase(() => query.all());
}

/** Writes a payment that has no events; one that is there already is left as it is. */
export function insertPayment(database: Database, row: PaymentRow): Statement {
  return database.insert(payments).values(row).onConflictDoNothing();
}

/** Merges what one event says of a payment into its row: the fact of the greater state order stands. */
export function mergePayment(database: Database, row: PaymentRow): Statement {
  const merge = mergeInto("payments");
  return database
    .insert(payments)
    .values(row)
    .onConflictDoUpdate({
      target: [payments.environmentId, payments.id],
      set: {
        ...mergedPayment(),
        ...reasonOfFailure(merge),
        stripeChargeId: merge.ofState("stripe_charge_id"),
        paymentMethodType: merge.ofState("payment_method_type"),
        receiptUrl: merge.ofState("receipt_url"),
        checkoutSessionId: merge.ofObject("checkout_session_id"),
        stripePaymentLinkId: merge.ofObject("stripe_payment_link_id"),
        stateOrder: merge.highest,
        updatedAtMs: merge.theirs("updated_at_ms"),
      },
    });
}

/** The merged columns that statistics count as well. */
export function mergedPayment() {
  const merge = mergeInto("payments");
  return {
    status: merge.ofState("status"),
    amountMinor: amountOfState(merge),
    currency: merge.ofState("currency"),
    occurredAtMs: merge.began("occurred_at_ms", "succeeded"),
  };
}

type Merge = ReturnType<typeof mergeInto>;

/** An amount goes with its currency: never the one fact's amount in the other fact's currency. */
function amountOfState({ newer, same, mine, theirs }: Merge): SQL {
  const [ours, other] = [mine("amount_minor"), theirs("amount_minor")];
  const [currency, otherCurrency] = [mine("currency"), theirs("currency")];
  return sql`CASE
    WHEN ${newer} OR (${same} AND ${otherCurrency} > ${currency}) THEN ${other}
    WHEN ${same} AND ${otherCurrency} = ${currency} THEN MAX(${ours}, ${other})
    ELSE ${ours} END`;
}

/**
 * The newest reason that is known. An intent tells why it failed; the session that fails with it a second
 * later does not know, and must not wipe the reason out.
 */
function reasonOfFailure({ mine, theirs }: Merge) {
  const paid = sql`'succeeded' IN (${mine("status")}, ${theirs("status")})`;
  const [ours, other] = [mine("failure_order"), theirs("failure_order")];
  const words = (side: typeof mine) =>
    sql`(COALESCE(${side("failure_code")}, ''), COALESCE(${side("failure_message")}, ''))`;
  const tells = sql`(${other} > COALESCE(${ours}, -1) OR (${other} = ${ours} AND ${words(theirs)} > ${words(mine)}))`;
  const pick = (column: string) =>
    sql`CASE WHEN ${paid} THEN NULL WHEN ${tells} THEN ${theirs(column)} ELSE ${mine(column)} END`;
  return {
    failureCode: pick("failure_code"),
    failureMessage: pick("failure_message"),
    failureOrder: pick("failure_order"),
  };
}
