// A customer takes over what Stripe said of it, or is unlinked from a Stripe customer that is no more.

import type { Book } from "../book.ts";
import type { ConnectionCopy } from "../connection/keep-connection.ts";
import type { Recorded } from "../events/recorded.ts";
import { moveHeldMails } from "../mails/held-addresses.ts";
import { announce } from "../notifications/announce.ts";
import { updateCustomer } from "./customer-rows.ts";
import { type CustomerRow, changeByStripe, type StripeSaid } from "./customer-state.ts";

/** @param taken.seenAtMs the moment of that state, ms; null when nothing of it is taken */
export function takeOver(
  book: Book,
  row: CustomerRow,
  taken: {
    link: { stripeCustomerId: string; stripeAccountId: string };
    said: StripeSaid;
    seenAtMs: number | null;
  },
): Recorded {
  const { link, said, seenAtMs } = taken;
  const known = row.stripeCustomerId === link.stripeCustomerId ? row.stripeState : null;
  const change = changeByStripe(row, said, known);
  const nothing = { name: null, email: null, phone: null, address: null, pushedMetadata: {} };
  const at = {
    ...link,
    stripeState: seenAtMs === null ? known : { ...nothing, ...known, ...said },
    stripeSeenAtMs: seenAtMs,
    stripeCreation: null,
  };
  if (change.email !== undefined) moveHeldMails(book, row.id, row.email, change.email);
  if (Object.keys(change).length > 0) return changed(book, row, { ...change, ...at });
  updateCustomer(book, row.id, at);
  return {};
}

/** The customer stays, since its invoices are its own; its Stripe customer is no more. */
export function unlink(book: Book, row: CustomerRow, connection: ConnectionCopy): Recorded {
  const { outbound } = connection.syncConfig.customer;
  const help = outbound ? " Change it here, and a new one is made." : "";
  return changed(book, row, {
    stripeCustomerId: null,
    stripeAccountId: null,
    stripeState: null,
    stripeSeenAtMs: null,
    syncStatus: row.syncStatus === "pending" ? "pending" : outbound ? "failed" : "off",
    syncError: `Its customer ${row.stripeCustomerId} was deleted at Stripe.${help}`,
  });
}

function changed(book: Book, row: CustomerRow, set: Partial<CustomerRow>): Recorded {
  const revision = row.revision + 1;
  updateCustomer(book, row.id, { ...set, revision, updatedAtMs: book.nowMs });
  // Each revision is one cause.
  announce(book, {
    type: "customer.updated",
    key: `${row.id}/${revision}`,
    object: { kind: "customer", id: row.id },
  });
  return { change: { object: "customer", id: row.id } };
}
