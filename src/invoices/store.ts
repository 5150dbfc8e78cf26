// All SQL on invoices and their payment links, but for settlement (settle-invoice.ts).

import { and, desc, eq, gte, lt, type SQL, sql } from "drizzle-orm";
import type { PageRequest } from "../http/list.ts";
import { AppError, notFound } from "../platform/app-error.ts";
import {
  commit,
  type Database,
  isConstraintViolation,
  onDatabase,
  type Statement,
} from "../platform/commit.ts";
import type { Deps, Scope } from "../platform/deps.ts";
import { afterPosition } from "../platform/paging.ts";
import { invoices, paymentLinks } from "../platform/tables.ts";

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
): Promise<void> {
  const database = deps.database(scope);
  try {
    await commit(database, [
      database.insert(invoices).values({ ...row, environmentId: scope.environmentId }),
    ]);
  } catch (error) {
    if (!isConstraintViolation(error)) throw error;
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

/** Opens a draft; an invoice in any other status is left as it is. */
export function openDraft(database: Database, scope: Scope, invoiceId: string, nowMs: number): Statement {
  return database
    .update(invoices)
    .set({ status: "open", finalizedAtMs: nowMs, updatedAtMs: nowMs })
    .where(and(invoiceIn(scope, invoiceId), eq(invoices.status, "draft")));
}

/** Notes that a link of this revision is wanted; once. */
export function insertPendingLink(
  database: Database,
  scope: Scope,
  invoiceId: string,
  revision: number,
  nowMs: number,
): Statement {
  const key = { environmentId: scope.environmentId, invoiceId, revision };
  return database
    .insert(paymentLinks)
    .values({ ...key, status: "pending", createdAtMs: nowMs, updatedAtMs: nowMs })
    .onConflictDoNothing();
}

export async function findLink(
  deps: Deps,
  scope: Scope,
  invoiceId: string,
  revision: number,
): Promise<PaymentLinkRow | undefined> {
  return onDatabase(() =>
    deps
      .database(scope)
      .select()
      .from(paymentLinks)
      .where(linkIn(scope, invoiceId, revision))
      .get(),
  );
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

/** Stores what Stripe made. Only a pending link takes it: the first answer stands. */
export function activateLink(
  database: Database,
  scope: Scope,
  link: { invoiceId: string; revision: number; stripePaymentLinkId: string; url: string },
  nowMs: number,
): Statement {
  const made = {
    status: "active" as const,
    stripePaymentLinkId: link.stripePaymentLinkId,
    url: link.url,
    error: null,
  };
  return updatePendingLink(database, scope, link, { ...made, updatedAtMs: nowMs });
}

/** Changes a link that is still pending, and leaves one that is further on alone. */
export function updatePendingLink(
  database: Database,
  scope: Scope,
  link: { invoiceId: string; revision: number },
  set: Partial<PaymentLinkRow>,
): Statement {
  return database
    .update(paymentLinks)
    .set(set)
    .where(and(linkIn(scope, link.invoiceId, link.revision), eq(paymentLinks.status, "pending")));
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

function linkIn(scope: Scope, invoiceId: string, revision: number) {
  return and(
    eq(paymentLinks.environmentId, scope.environmentId),
    eq(paymentLinks.invoiceId, invoiceId),
    eq(paymentLinks.revision, revision),
  );
}
