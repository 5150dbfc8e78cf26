// Finds our customer of a Stripe customer: by its id, which is stored; by our metadata; by an id of ours that is
// Stripe's own; and, where the environment wants that, by a mail address that one alone has on either side.

import { namesUs } from "../../platform/our-metadata.ts";
import type { Book } from "../book.ts";
import type { ConnectionCopy } from "../connection/keep-connection.ts";
import { missed, OTHER_TENANT } from "../events/missed.ts";
import type { Missed } from "../events/recorded.ts";
import { presentSettings } from "../settings/settings.ts";
import {
  findCustomerByStripeId,
  findCustomerEvenDeleted,
  findCustomersByEmail,
  stripeIdIn,
} from "./customer-rows.ts";
import type { CustomerFact, CustomerRow } from "./customer-state.ts";

export type Counterpart =
  /** It is linked to it already. */
  | { row: CustomerRow; isLinked: true }
  | { row: CustomerRow; isLinked: false }
  /** Whether it is linked to one depends on how many at Stripe have its mail address. */
  | "count_email";

export type Sought = {
  stripeCustomerId: string;
  email: string | null;
  owner: CustomerFact["owner"];
  /** Whether it alone has its mail address at Stripe; undefined: nobody has asked. */
  isOnlyOne?: boolean | undefined;
};

/** Null where it has none. */
export function findCounterpart(
  book: Book,
  { accountId }: Pick<ConnectionCopy, "accountId">,
  sought: Sought,
): Counterpart | Missed | null {
  const whose = namesUs(book.scope, sought.owner);
  if (whose === "another") return OTHER_TENANT;
  const known = findCustomerByStripeId(book, sought.stripeCustomerId);
  if (known && stripeIdIn(known, accountId) !== null) return alive(known) ?? { row: known, isLinked: true };
  const named = whose === "us" ? sought.owner.customerId : null;
  const row = named === null ? (known ?? withSameId(book, sought)) : findCustomerEvenDeleted(book, named);
  if (row) return free(row, accountId, known) ?? { row, isLinked: false };
  if (named !== null)
    return missed("unknown_customer", "Its metadata names a customer that does not exist here.");
  return byEmail(book, accountId, sought);
}

/** One that was made from it, or that the platform gave Stripe's id. */
function withSameId(book: Book, { stripeCustomerId }: Sought): CustomerRow | undefined {
  return findCustomerEvenDeleted(book, stripeCustomerId);
}

function byEmail(book: Book, accountId: string, { email, isOnlyOne }: Sought): Counterpart | null {
  if (email === null || !presentSettings(book).link_customers_by_email) return null;
  const [row, another] = findCustomersByEmail(book, email);
  if (!row || another || stripeIdIn(row, accountId) !== null) return null;
  // It is being made at Stripe: that one is its own.
  if (row.stripeCreation?.accountId === accountId) return null;
  if (isOnlyOne === undefined) return "count_email";
  return isOnlyOne ? { row, isLinked: false } : null;
}

/** @param known the one that was linked to it in another account: an account that was copied has the same ids */
function free(row: CustomerRow, accountId: string, known: CustomerRow | undefined): Missed | null {
  const isTaken = stripeIdIn(row, accountId) !== null || (known !== undefined && known.id !== row.id);
  if (row.deletedAtMs === null && isTaken)
    return missed("other_stripe_customer", "The customer that it names has another Stripe customer.");
  return alive(row);
}

function alive(row: CustomerRow): Missed | null {
  return row.deletedAtMs === null ? null : missed("customer_deleted", "This customer was deleted here.");
}
