// Ends an invoice without its money: void (it should never have been) or uncollectible (it will never be
// paid). Its links are switched off. Money that comes all the same is recorded; nothing is dropped.

import { sql } from "drizzle-orm";
import { enqueueInserted } from "../http/outbox-statements.ts";
import { announce } from "../platform/announce.ts";
import { AppError } from "../platform/app-error.ts";
import { auditEntry } from "../platform/audit.ts";
import { commit, type Statement } from "../platform/commit.ts";
import type { Deps, Scope } from "../platform/deps.ts";
import type { TimelineKind } from "../platform/timeline-kinds.ts";
import { switchOffLinks } from "./link-life.ts";
import { settleInvoice } from "./settle-invoice.ts";
import { closeInvoice, getInvoice, type InvoiceRow, type InvoiceWithLink } from "./store.ts";
import { invoiceIs, timelineEntry } from "./timeline.ts";

type Withdrawal = {
  to: "void" | "uncollectible";
  /** As Stripe allows it: https://docs.stripe.com/invoicing/overview#invoice-status-transitions-and-finalization */
  from: readonly InvoiceRow["status"][];
  kind: Extract<TimelineKind, "voided" | "marked_uncollectible">;
};

/**
 * An open or uncollectible invoice becomes void; a void one is answered as it is.
 * @throws AppError `not_found`, `conflict` when it is a draft or paid
 */
export async function voidInvoice(deps: Deps, scope: Scope, invoiceId: string): Promise<InvoiceWithLink> {
  return withdraw(deps, scope, invoiceId, { to: "void", from: ["open", "uncollectible"], kind: "voided" });
}

/**
 * An open invoice becomes uncollectible; an uncollectible one is answered as it is.
 * @throws AppError `not_found`, `conflict` when it is a draft, paid or void
 */
export async function markUncollectible(
  deps: Deps,
  scope: Scope,
  invoiceId: string,
): Promise<InvoiceWithLink> {
  const withdrawal = { to: "uncollectible", from: ["open"], kind: "marked_uncollectible" } as const;
  return withdraw(deps, scope, invoiceId, withdrawal);
}

async function withdraw(
  deps: Deps,
  scope: Scope,
  invoiceId: string,
  { to, from, kind }: Withdrawal,
): Promise<InvoiceWithLink> {
  const found = await getInvoice(deps, scope, invoiceId);
  if (found.invoice.status === to) return found;
  if (!from.includes(found.invoice.status)) throw refused(found.invoice, { to, from });

  const database = deps.database(scope);
  const now = deps.now();
  await commit(database, [
    // Before the change, and only where there is one: of calls at the same moment one has changed it.
    auditEntry(database, deps, scope, {
      action: `invoice.${kind}`,
      object: "invoice",
      objectId: invoiceId,
      when: sql`(${sql.join(
        from.map((status) => invoiceIs(scope, invoiceId, status)),
        sql` OR `,
      )})`,
    }),
    closeInvoice(database, scope, invoiceId, { to, from }, now),
    timelineEntry(database, deps, scope, {
      invoiceId,
      kind,
      key: "once",
      when: invoiceIs(scope, invoiceId, to),
    }),
    ...(to === "void" ? [announceVoided(deps, scope, invoiceId)] : []),
    // A void invoice owes nothing, so what was paid of it shows as too much.
    ...settleInvoice(database, scope, invoiceId, now),
    ...switchOffLinks(database, scope, invoiceId, now),
  ]);
  await enqueueInserted(deps, scope);
  const after = await getInvoice(deps, scope, invoiceId);
  // A payment may have come between the reading and the commit: then the invoice is paid, and stays so.
  if (after.invoice.status !== to) throw refused(after.invoice, { to, from });
  return after;
}

function announceVoided(deps: Deps, scope: Scope, invoiceId: string): Statement {
  const announcement = {
    type: "invoice.voided" as const,
    key: invoiceId,
    object: { kind: "invoice" as const, id: invoiceId },
    when: invoiceIs(scope, invoiceId, "void"),
  };
  return announce(deps.database(scope), scope, announcement, deps.now());
}

function refused(invoice: InvoiceRow, { to, from }: Pick<Withdrawal, "to" | "from">): AppError {
  const detail = `Invoice '${invoice.id}' is ${invoice.status}. Only one that is ${from.join(" or ")} can become ${to}.`;
  return new AppError("conflict", { detail });
}
