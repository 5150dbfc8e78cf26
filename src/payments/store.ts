// All SQL on payments.

import { and, desc, eq, getTableColumns, gte, lt, type SQL, sql } from "drizzle-orm";
import type { PageRequest } from "../http/list.ts";
import { type Database, onDatabase, type Statement } from "../platform/commit.ts";
import type { Deps, Scope } from "../platform/deps.ts";
import { paymentIdFor } from "../platform/ids.ts";
import { afterPosition } from "../platform/paging.ts";
import { DISPUTES_HOLDING_MONEY, disputes, payments, refunds } from "../platform/tables/payments.ts";
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
// they would be taken for the inner table's. Indexes by name: without statistics SQLite reads through the whole
// environment instead.
const refunded = sql<number>`(SELECT COALESCE(SUM(r.amount_minor), 0) FROM ${refunds} AS r INDEXED BY refunds_by_payment
  WHERE r.environment_id = payments.environment_id AND r.payment_id = payments.id
    AND r.status = 'succeeded' AND r.currency = payments.currency)`;
const disputed = sql`EXISTS (SELECT 1 FROM ${disputes} AS d INDEXED BY disputes_by_payment
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
  owner: { paymentIntentId: string | null; chargeId: string | null; checkoutSessionId: string | null },
): Promise<PaymentRow | undefined> {
  const { paymentIntentId, chargeId, checkoutSessionId } = owner;
  const own = [paymentIntentId, chargeId, checkoutSessionId].filter((id) => id !== null).map(paymentIdFor);
  const [first] = own;
  if (first === undefined) return undefined;
  // One question for each index: with OR, SQLite reads through all of the environment's payments.
  const ids = (named: SQL) =>
    sql`SELECT id FROM payments WHERE environment_id = ${scope.environmentId} AND ${named}`;
  const named = [
    ids(sql`id IN ${own}`),
    ...(chargeId === null ? [] : [ids(sql`stripe_charge_id = ${chargeId}`)]),
    ...(checkoutSessionId === null ? [] : [ids(sql`checkout_session_id = ${checkoutSessionId}`)]),
  ];
  const mine = sql`${payments.id} IN (${sql.join(named, sql` UNION ALL `)})`;
  const query = deps
    .database(scope)
    .select()
    .from(payments)
    .where(and(eq(payments.environmentId, scope.environmentId), mine))
    .orderBy(
      sql`${payments.id} = ${first} DESC, ${payments.stripeChargeId} IS ${chargeId} DESC, ${payments.id}`,
    )
    .limit(1);
  return onDatabase(() => query.get());
}

/** Those of these sessions whose payment has succeeded here, by the session's id. */
export async function findSettledSessions(
  deps: Deps,
  scope: Scope,
  sessions: readonly { sessionId: string; paymentIntentId: string | null }[],
): Promise<Set<string>> {
  if (sessions.length === 0) return new Set();
  const asked = sessions.map(({ sessionId, paymentIntentId }) => [
    sessionId,
    paymentIdFor(paymentIntentId ?? sessionId),
    paymentIdFor(sessionId),
  ]);
  const query = sql`SELECT value ->> 0 AS id FROM json_each(${JSON.stringify(asked)})
    WHERE EXISTS (SELECT 1 FROM payments AS p WHERE p.environment_id = ${scope.environmentId}
        AND p.status = 'succeeded' AND p.id IN (value ->> 1, value ->> 2))
      OR EXISTS (SELECT 1 FROM payments AS p INDEXED BY payments_by_session
        WHERE p.environment_id = ${scope.environmentId}
          AND p.status = 'succeeded' AND p.checkout_session_id = value ->> 0)`;
  const rows = await onDatabase(() => deps.database(scope).all<{ id: string }>(query));
  return new Set(rows.map(({ id }) => id));
}

export async function listPayments(
  deps: Deps,
  scope: Scope,
  filter: PaymentFilter,
  page: PageRequest,
): Promise<PaymentView[]> {
  // The few of one invoice or payment are sorted; else the index by time is read, which is in order.
  const made = filter.invoiceId === undefined ? payments.createdAtMs : sql`+${payments.createdAtMs}`;
  const query = deps
    .database(scope)
    .select(view)
    .from(payments)
    .where(
      and(
        eq(payments.environmentId, scope.environmentId),
        filter.invoiceId === undefined ? undefined : isOfInvoice(scope, filter.invoiceId),
        filter.customerId === undefined ? undefined : eq(payments.customerId, filter.customerId),
        filter.status === undefined ? undefined : eq(payments.status, filter.status),
        filter.createdAfterMs === undefined ? undefined : gte(payments.createdAtMs, filter.createdAfterMs),
        filter.createdBeforeMs === undefined ? undefined : lt(payments.createdAtMs, filter.createdBeforeMs),
        afterPosition(page.after, payments.createdAtMs, payments.id),
      ),
    )
    .orderBy(desc(made), desc(payments.id))
    .limit(page.limit + 1);
  return onDatabase(() => query.all());
}

/** A condition answered from the index by invoice, which SQLite does not take by itself. */
function isOfInvoice(scope: Scope, invoiceId: string): SQL {
  return sql`${payments.id} IN (SELECT id FROM payments INDEXED BY payments_by_invoice
    WHERE environment_id = ${scope.environmentId} AND invoice_id = ${invoiceId})`;
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
