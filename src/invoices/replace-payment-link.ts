// Puts a new payment link in place of an open invoice's present one, which is switched off; also the way to
// try again when a link could not be made. Calls at the same moment make one new link together.

import { sql } from "drizzle-orm";
import { enqueueInserted } from "../http/outbox-statements.ts";
import { AppError } from "../platform/app-error.ts";
import { auditEntry } from "../platform/audit.ts";
import { commit } from "../platform/commit.ts";
import type { Deps, Scope } from "../platform/deps.ts";
import { requireConnection } from "./finalize-invoice.ts";
import { insertCreationJobs, switchOffLinks } from "./link-life.ts";
import { insertPendingLink, linkExists } from "./link-store.ts";
import { getInvoice, type InvoiceWithLink } from "./store.ts";
import { invoiceIs } from "./timeline.ts";

/** @throws AppError `not_found`, `conflict` unless the invoice is open, `connection_missing` */
export async function replacePaymentLink(
  deps: Deps,
  scope: Scope,
  invoiceId: string,
): Promise<InvoiceWithLink> {
  const { invoice, link } = await getInvoice(deps, scope, invoiceId);
  if (invoice.status !== "open") {
    const detail = `Invoice '${invoiceId}' is ${invoice.status}. Only an open invoice has a payment link.`;
    throw new AppError("conflict", { detail });
  }
  await requireConnection(deps, scope);

  const database = deps.database(scope);
  const now = deps.now();
  const revision = (link?.revision ?? 0) + 1;
  const isFirst = sql`${invoiceIs(scope, invoiceId, "open")} AND NOT ${linkExists(scope, { invoiceId, revision })}`;
  await commit(database, [
    auditEntry(database, deps, scope, {
      action: "invoice.payment_link_replaced",
      object: "invoice",
      objectId: invoiceId,
      detail: { revision },
      when: isFirst,
    }),
    insertPendingLink(database, scope, { invoiceId, revision }, now),
    ...switchOffLinks(database, scope, invoiceId, now),
    insertCreationJobs(database, scope, invoiceId, now),
  ]);
  await enqueueInserted(deps, scope);
  return getInvoice(deps, scope, invoiceId);
}
