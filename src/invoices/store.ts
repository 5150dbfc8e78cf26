// All SQL on invoices and their payment links, but for settlement (settle-invoice.ts).

import { and, desc, eq, gte, inArray, lt, type SQL, sql } from "drizzle-orm";
import type { PageRequest } from "../http/list.ts";
import { AppError, notFound } from "../platform/app-error.ts";
import { commit, type Database, isUniqueViolation, onDatabase, type Statement } from "../platform/commit.ts";
import type { Deps, Scope } from "../platform/deps.ts";
import { afterPosition } from "../platform/paging.ts";
import { invoices, paymentLinks } from "../platform/tables/invoices.ts";

export type InvoiceRow = typeof invoices.$inferSelect;
export type PaymentLinkRow = typeof paymentLinks.$inferSelect;
/** An invoice with its present payment link: the one of the greatest revision. */
export type InvoiceWithLink = { invoice: InvoiceRow; link: PaymentLinkRow | null };
export type InvoiceFilter = {
  status?: InvoiceRow["status"] | undefined;
  customerId?: string | undefined;
  /** ms */
  createdAfterMs?: number | undefined;
  createdBeforeMs?: number | undefined;
};

/** @throws AppError `already_exists` */
export async function insertInvoice(
  deps: Deps,
  scope: Scope,
  row: Omit<InvoiceRow, "environmentId">,
  more: readonly Statement[],
): Promise<void> {
  const database = deps.database(scope);
  try {
    await commit(database, [
      database.insert(invoices).values({ ...row, environmentId: scope.environmentId }),
      ...more,
    ]);
  } catch (error) {
    if (!isUniqueViolation(error)) throw error;
    const detail = `There is an invoice '${row.id}' already. Choose another id, or use the one there is.`;
    throw new AppError("already_exists", { detail, errors: [{ path: "id", message: detail }] });
  }
}

export async function findInvoice(
  deps: Deps,
  scope: Scope,
  id: string,
): Promise<InvoiceWithLink | undefined> {
  const [row] = await selectWithLink(deps, scope, eq(invoices.id, id), 1);
  return row;
}

/** @throws AppError `not_found` */
export async function getInvoice(deps: Deps, scope: Scope, id: string): Promise<InvoiceWithLink> {
  const found = await findInvoice(deps, scope, id);
  if (!found) throw notFound("invoice", id);
  return found;
}

export async function listInvoices(
  deps: Deps,
  scope: Scope,
  filter: InvoiceFilter,
  page: PageRequest,
): Promise<InvoiceWithLink[]> {
  const where = and(
    filter.status === undefined ? undefined : eq(invoices.status, filter.status),
    filter.customerId === undefined ? undefined : eq(invoices.customerId, filter.customerId),
    filter.createdAfterMs === undefined ? undefined : gte(invoices.createdAtMs, filter.createdAfterMs),
    filter.createdBeforeMs === undefined ? undefined : lt(invoices.createdAtMs, filter.createdBeforeMs),
    afterPosition(page.after, invoices.createdAtMs, invoices.id),
  );
  return selectWithLink(deps, scope, where, page.limit + 1);
}

/** How many invoices there are by status and currency, and how much is still to be paid of them, in minor units. */
export async function countInvoices(
  deps: Deps,
  scope: Scope,
): Promise<{ status: InvoiceRow["status"]; currency: string; count: number; remainingMinor: number }[]> {
  const remaining = sql<number>`SUM(MAX(${invoices.amountDueMinor} - ${invoices.amountPaidMinor}, 0))`;
  const query = deps
    .database(scope)
    .select({
      status: invoices.status,
      currency: invoices.currency,
      count: sql<number>`COUNT(*)`,
      remainingMinor: remaining,
    })
    .from(invoices)
    .where(eq(invoices.environmentId, scope.environmentId))
    .groupBy(invoices.status, invoices.currency)
    .orderBy(sql`COUNT(*) DESC`);
  return onDatabase(() => query.all());
}

/** The numbers of these invoices by id, for a page of at most 90 (D1's limit is 100 parameters). */
export async function findInvoiceNumbers(
  deps: Deps,
  scope: Scope,
  ids: readonly string[],
): Promise<Map<string, string>> {
  const mine = and(eq(invoices.environmentId, scope.environmentId), inArray(invoices.id, [...new Set(ids)]));
  const query = deps
    .database(scope)
    .select({ id: invoices.id, number: invoices.number })
    .from(invoices)
    .where(mine);
  return new Map((await onDatabase(() => query.all())).map((row) => [row.id, row.number]));
}

/** Opens a draft; an invoice in any other status is left as it is. */
export function openDraft(database: Database, scope: Scope, invoiceId: string, nowMs: number): Statement {
  return database
    .update(invoices)
    .set({ status: "open", finalizedAtMs: nowMs, updatedAtMs: nowMs })
    .where(and(invoiceIn(scope, invoiceId), eq(invoices.status, "draft")));
}

/** Makes an invoice void or uncollectible, from the statuses that allow it; any other is left as it is. */
export function closeInvoice(
  database: Database,
  scope: Scope,
  invoiceId: string,
  change: { to: "void" | "uncollectible"; from: readonly InvoiceRow["status"][] },
  nowMs: number,
): Statement {
  const voidedAtMs = change.to === "void" ? { voidedAtMs: nowMs } : {};
  return database
    .update(invoices)
    .set({ status: change.to, ...voidedAtMs, updatedAtMs: nowMs })
    .where(and(invoiceIn(scope, invoiceId), inArray(invoices.status, [...change.from])));
}

/** Changes an invoice while it has this status; one that has moved on is left as it is. */
export function updateInvoiceIn(
  database: Database,
  scope: Scope,
  invoiceId: string,
  status: InvoiceRow["status"],
  set: Partial<InvoiceRow>,
): Statement {
  return database
    .update(invoices)
    .set(set)
    .where(and(invoiceIn(scope, invoiceId), eq(invoices.status, status)));
}

/** Whose link this is, by Stripe's id. */
export async function findInvoiceIdByLink(
  deps: Deps,
  scope: Scope,
  stripePaymentLinkId: string,
): Promise<string | undefined> {
  const mine = and(
    eq(paymentLinks.environmentId, scope.environmentId),
    eq(paymentLinks.stripePaymentLinkId, stripePaymentLinkId),
  );
  const query = deps
    .database(scope)
    .select({ invoiceId: paymentLinks.invoiceId })
    .from(paymentLinks)
    .where(mine);
  return (await onDatabase(() => query.get()))?.invoiceId;
}

async function selectWithLink(
  deps: Deps,
  scope: Scope,
  where: SQL | undefined,
  limit: number,
): Promise<InvoiceWithLink[]> {
  const present = sql`${paymentLinks.revision} = (
    SELECT MAX(revision) FROM payment_links AS later
    WHERE later.environment_id = ${invoices.environmentId} AND later.invoice_id = ${invoices.id})`;
  const query = deps
    .database(scope)
    .select({ invoice: invoices, link: paymentLinks })
    .from(invoices)
    .leftJoin(
      paymentLinks,
      and(
        eq(paymentLinks.environmentId, invoices.environmentId),
        eq(paymentLinks.invoiceId, invoices.id),
        present,
      ),
    )
    .where(and(eq(invoices.environmentId, scope.environmentId), where))
    .orderBy(desc(invoices.createdAtMs), desc(invoices.id))
    .limit(limit);
  return onDatabase(() => query.all());
}

function invoiceIn(scope: Scope, invoiceId: string) {
  return and(eq(invoices.environmentId, scope.environmentId), eq(invoices.id, invoiceId));
}
