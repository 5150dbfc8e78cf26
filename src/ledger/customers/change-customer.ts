// Changes a customer. What is not named stays as it is; where customers are sent to Stripe, the change is written
// there by work of the same transaction.

import { AppError, invalid } from "../../platform/app-error.ts";
import { MOST_CUSTOMER_KEYS } from "../../platform/stripe-limits.ts";
import { writeAudit } from "../audit.ts";
import type { Book } from "../book.ts";
import { readConnection } from "../connection/keep-connection.ts";
import { moveHeldMails } from "../mails/held-addresses.ts";
import { announce } from "../notifications/announce.ts";
import { want } from "../outbox/want.ts";
import { syncWork } from "../outbox/work.ts";
import { presentSettings } from "../settings/settings.ts";
import { stripeIdIn, updateCustomer } from "./customer-rows.ts";
import { type CustomerInput, type CustomerRow, changeOf } from "./customer-state.ts";
import { isOutbound } from "./outbound.ts";
import { getCustomer } from "./read-customers.ts";

/**
 * @throws AppError `not_found`; `conflict` for a field that is Stripe's once the customer is there; `validation_failed`
 * when the metadata would have too many keys
 */
export function changeCustomer(
  book: Book,
  { id, change: input }: { id: string; change: CustomerInput },
): CustomerRow {
  const known = getCustomer(book, { id });
  const change = changeOf(known, input);
  if (Object.keys(change.metadata ?? {}).length > MOST_CUSTOMER_KEYS)
    throw invalid("metadata", `With what is there already, that is more than ${MOST_CUSTOMER_KEYS} keys.`);
  const isSent = isOutbound(book);
  const names = Object.keys(change);
  requireOurs(book, known, names);
  // One that is not at Stripe, because it was refused or was made before, is sent there though nothing changes.
  const isBehind = isSent && (known.syncStatus === "failed" || known.syncStatus === "off");
  if (names.length === 0 && !isBehind) return known;

  const revision = known.revision + 1;
  const syncStatus = isSent ? ("pending" as const) : ("off" as const);
  const set = { ...change, syncStatus, syncError: null, revision, updatedAtMs: book.nowMs };
  updateCustomer(book, id, set);
  if (change.email !== undefined) moveHeldMails(book, id, known.email, change.email);
  if (names.length > 0) tell(book, id, revision, names);
  if (isSent) want(book, syncWork(id, revision));
  return { ...known, ...set };
}

/** Where it is not at Stripe yet nobody else has said anything, and its making there says it all. */
function requireOurs(book: Book, row: CustomerRow, names: readonly string[]): void {
  const connection = readConnection(book);
  if (!connection || stripeIdIn(row, connection.accountId) === null) return;
  const owners = new Map<string, string>(Object.entries(presentSettings(book).customer_field_owner));
  const errors = names
    .filter((name) => owners.get(name) === "theirs")
    .map((name) => ({
      path: name,
      message: `Stripe's word stands on '${name}' (customer_field_owner of the settings). Change it at Stripe, on ${row.stripeCustomerId}, or set its owner to latest or ours first.`,
    }));
  if (errors.length === 0) return;
  throw new AppError("conflict", { detail: errors.map(({ message }) => message).join(" "), errors });
}

/** Each revision is one cause. Names alone: the audit log outlives the customer's data. */
function tell(book: Book, id: string, revision: number, names: readonly string[]): void {
  announce(book, { type: "customer.updated", key: `${id}/${revision}`, object: { kind: "customer", id } });
  writeAudit(book, {
    action: "customer.updated",
    object: "customer",
    objectId: id,
    detail: { changed: names.join(", ") },
  });
}
