// A customer takes over what Stripe said of it, or is unlinked from a Stripe customer that is no more.

import type { Book } from "../book.ts";
import type { ConnectionCopy } from "../connection/keep-connection.ts";
import type { Recorded } from "../events/recorded.ts";
import { moveHeldMails } from "../mails/held-addresses.ts";
import { announce } from "../notifications/announce.ts";
import { want } from "../outbox/want.ts";
import { syncWork } from "../outbox/work.ts";
import { updateCustomer } from "./customer-rows.ts";
import type { CustomerChange, CustomerRow } from "./customer-state.ts";
import { mergeSaid, type StripeSaid } from "./merge-said.ts";
import { presentWays } from "./outbound.ts";

export type StripeLink = { stripeCustomerId: string; stripeAccountId: string };
export type TakenOver = Recorded & { fields: (keyof CustomerChange)[] };

/**
 * @param taken.seenAtMs the moment of that state, ms; null when nothing of it is taken
 * @param taken.putsBack false where it is the answer to our own push: what Stripe makes of that is not fought over
 */
export function takeOver(
  book: Book,
  row: CustomerRow,
  taken: { link: StripeLink; said: StripeSaid; seenAtMs: number | null; putsBack?: boolean },
): TakenOver {
  const { link, said, seenAtMs } = taken;
  const isSameLink =
    row.stripeCustomerId === link.stripeCustomerId && row.stripeAccountId === link.stripeAccountId;
  const known = isSameLink ? row.stripeState : null;
  const merged = mergeSaid(row, said, known, presentWays(book));
  const at = {
    ...link,
    stripeState: seenAtMs === null ? known : merged.state,
    stripeSeenAtMs: seenAtMs,
    stripeCreation: null,
    ...(isSameLink || row.syncStatus === "pending" ? {} : { syncError: null }),
  };
  const fields = Object.keys(merged.change) as TakenOver["fields"];
  const revision = fields.length > 0 ? row.revision + 1 : row.revision;
  const putsBack = merged.putsBack && taken.putsBack !== false;
  const set = { ...at, ...(putsBack ? { syncStatus: "pending" as const, syncError: null } : {}) };
  if (putsBack) want(book, syncWork(row.id, revision), { again: true });
  if (fields.includes("email")) moveHeldMails(book, row.id, row.email, merged.change.email ?? null);
  if (fields.length > 0) return { ...changed(book, row, { ...merged.change, ...set }), fields };
  updateCustomer(book, row.id, set);
  return { fields };
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
