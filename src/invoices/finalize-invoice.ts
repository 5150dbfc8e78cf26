// Finalises a draft: the invoice, its first link and the job that makes the link are written in one commit,
// and then the job is enqueued. Fifty calls at once make one link: each row's key says so.

import { findLiveConnection } from "../connections/store.ts";
import { enqueueInserted, insertWork } from "../http/outbox-statements.ts";
import type { WorkOf } from "../ledger/outbox/work.ts";
import { announce } from "../platform/announce.ts";
import { AppError } from "../platform/app-error.ts";
import { auditEntry } from "../platform/audit.ts";
import { commit } from "../platform/commit.ts";
import type { Deps, Scope } from "../platform/deps.ts";
import { insertPendingLink } from "./link-store.ts";
import { getInvoice, type InvoiceWithLink, openDraft } from "./store.ts";
import { invoiceIs, timelineEntry } from "./timeline.ts";

/**
 * Finalising an invoice that is open already changes nothing and answers it as it is.
 * @throws AppError `not_found`, `invoice_not_finalizable` (paid, void, uncollectible), `connection_missing`
 */
export async function finalizeInvoice(deps: Deps, scope: Scope, invoiceId: string): Promise<InvoiceWithLink> {
  const { invoice, link } = await getInvoice(deps, scope, invoiceId);
  if (invoice.status === "open") return { invoice, link };
  if (invoice.status !== "draft") {
    const detail = `Invoice '${invoiceId}' is ${invoice.status}. Only a draft can be finalised.`;
    throw new AppError("invoice_not_finalizable", { detail });
  }
  await requireConnection(deps, scope);

  const database = deps.database(scope);
  const now = deps.now();
  const isDraft = invoiceIs(scope, invoiceId, "draft");
  await commit(database, [
    timelineEntry(database, deps, scope, { invoiceId, kind: "finalized", key: "once", when: isDraft }),
    announce(
      database,
      scope,
      {
        type: "invoice.finalized",
        key: invoiceId,
        object: { kind: "invoice", id: invoiceId },
        when: isDraft,
      },
      now,
    ),
    auditEntry(database, deps, scope, {
      action: "invoice.finalized",
      object: "invoice",
      objectId: invoiceId,
      when: isDraft,
    }),
    openDraft(database, scope, invoiceId, now),
    insertPendingLink(database, scope, { invoiceId, revision: 1 }, now),
    insertWork(database, linkWork(invoiceId, 1), now),
  ]);
  await enqueueInserted(deps, scope);
  return getInvoice(deps, scope, invoiceId);
}

/** The work that makes an invoice's link of this revision. */
function linkWork(invoiceId: string, revision: number): WorkOf<"create_payment_link"> {
  const id = `create_payment_link/${invoiceId}/${revision}`;
  return { kind: "create_payment_link", id, invoiceId, revision };
}

/** @throws AppError `connection_missing` when the environment has none to make links with */
export async function requireConnection(deps: Deps, scope: Scope): Promise<void> {
  if (await findLiveConnection(deps, scope)) return;
  const detail =
    "This environment has no Stripe connection, so no link can be made. Make one with POST /api/v1/connections.";
  throw new AppError("connection_missing", { detail });
}
