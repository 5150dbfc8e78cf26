// Begins to bring one customer in step with Stripe at once, both ways: its work is wanted and given to whoever asked.
// Should that one die, the work is done by the queue like any other.

import { AppError } from "../../platform/app-error.ts";
import { writeAudit } from "../audit.ts";
import type { Book } from "../book.ts";
import { stripeIdIn, updateCustomer } from "../customers/customer-rows.ts";
import { wantPull } from "../customers/pull.ts";
import { getCustomer } from "../customers/read-customers.ts";
import { NEITHER_WAY, requireUsableConnection } from "../customers/start-run.ts";
import { want } from "../outbox/want.ts";
import { syncWork } from "../outbox/work.ts";
import { claimWork } from "./claim-work.ts";
import type { ClaimedOf } from "./kinds.ts";

/**
 * @returns null where somebody is at it
 * @throws AppError `not_found`, `connection_missing`, `connection_disabled`; `conflict` where sync_config allows neither
 * way, or it has no customer at Stripe and is not sent there
 */
export function startCustomerSync(book: Book, { id }: { id: string }): ClaimedOf<"sync_customer"> | null {
  const customer = getCustomer(book, { id });
  const connection = requireUsableConnection(book);
  const { inbound, outbound } = connection.syncConfig.customer;
  if (!inbound && !outbound) throw new AppError("conflict", { detail: NEITHER_WAY });
  if (!outbound && stripeIdIn(customer, connection.accountId) === null) {
    const detail = `Customer '${id}' has no customer at Stripe, and none is made there unless sync_config.customer.outbound of the connection is true.`;
    throw new AppError("conflict", { detail });
  }
  const work = syncWork(id, customer.revision);
  if (outbound) updateCustomer(book, id, { syncStatus: "pending", syncError: null });
  want(book, { ...work, pull: true }, { again: true });
  wantPull(book, id);
  writeAudit(book, { action: "customer.sync_started", object: "customer", objectId: id });
  const claimed = claimWork(book, { id: work.id });
  return claimed?.kind === "sync_customer" ? claimed : null;
}
