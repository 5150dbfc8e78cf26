// The making of a customer's Stripe customer, one and no more: what is asked for is frozen before the first try, and
// its idempotency key is the same at each (https://docs.stripe.com/api/idempotent_requests).

import type Stripe from "stripe";
import { notFound } from "../../platform/app-error.ts";
import { creationParameters } from "../../platform/stripe-customer.ts";
import type { StripeCreation, StripeCustomerState } from "../../platform/tables/customers.ts";
import type { Book } from "../book.ts";
import { readConnection } from "../connection/keep-connection.ts";
import { findCustomer, findCustomerEvenDeleted, stripeIdIn, updateCustomer } from "./customer-rows.ts";
import type { CustomerRow } from "./customer-state.ts";
import { unlink } from "./take-over.ts";

export type FrozenCreation = StripeCreation & { request: Stripe.CustomerCreateParams };

export type BegunCreation =
  /** It has one in this account. */
  | { stripeCustomerId: string }
  /** `wasBegun`: an earlier try may have made it unheard. */
  | { creation: FrozenCreation; wasBegun: boolean };

/** @throws AppError `not_found`, also for one that was deleted */
export function beginStripeCustomer(
  book: Book,
  { customerId, accountId }: { customerId: string; accountId: string },
): BegunCreation {
  const row = findCustomer(book, customerId);
  if (!row) throw notFound("customer", customerId);
  return beginCreation(book, row, accountId);
}

/** The same of a customer that was just read. */
export function beginCreation(book: Book, row: CustomerRow, accountId: string): BegunCreation {
  const stripeCustomerId = stripeIdIn(row, accountId);
  if (stripeCustomerId !== null) return { stripeCustomerId };
  const begun = row.stripeCreation;
  if (begun?.accountId === accountId && begun.request !== null)
    return { creation: { ...begun, request: begun.request }, wasBegun: true };
  const request = creationParameters(book.scope, row);
  const creation = { accountId, startedAtMs: book.nowMs, keyGeneration: 0, request };
  updateCustomer(book, row.id, { stripeCreation: creation });
  return { creation, wasBegun: false };
}

/**
 * How Stripe's failure leaves a creation: it would replay a 5xx under the same key for a day, and what it refuses is
 * asked for anew once it was changed. Another try may have gone on meanwhile: then nothing is changed.
 */
export function failStripeCustomer(
  book: Book,
  input: { customerId: string; creation: StripeCreation; isRefused: boolean },
): void {
  const { customerId, creation, isRefused } = input;
  const known = findCustomer(book, customerId)?.stripeCreation;
  if (known?.startedAtMs !== creation.startedAtMs || known.keyGeneration !== creation.keyGeneration) return;
  const next = { ...known, keyGeneration: known.keyGeneration + 1 };
  updateCustomer(book, customerId, { stripeCreation: isRefused ? null : next });
}

/**
 * Stores a Stripe customer that was just made, if there is none yet in its account.
 * @returns the one that stands now; null where there is none, because the customer was deleted
 */
export function keepStripeCustomer(
  book: Book,
  input: {
    customerId: string;
    accountId: string;
    made: { id: string; state: StripeCustomerState; createdAtMs: number };
  },
): string | null {
  const { customerId, accountId, made } = input;
  const row = findCustomer(book, customerId);
  if (!row) return null;
  const linked = stripeIdIn(row, accountId);
  if (linked !== null) return linked;
  updateCustomer(book, customerId, {
    stripeCustomerId: made.id,
    stripeAccountId: accountId,
    stripeState: made.state,
    stripeSeenAtMs: made.createdAtMs,
    stripeCreation: null,
    // What it says of one that is gone is put right by it.
    ...(row.syncStatus === "off" ? { syncError: null } : {}),
    updatedAtMs: book.nowMs,
  });
  return made.id;
}

/** What was made for a customer that was deleted meanwhile is gone again: nothing of it is left to look for. */
export function endStripeCreation(
  book: Book,
  { customerId, startedAtMs }: { customerId: string; startedAtMs: number },
): void {
  const creation = findCustomerEvenDeleted(book, customerId)?.stripeCreation;
  if (creation?.startedAtMs === startedAtMs) updateCustomer(book, customerId, { stripeCreation: null });
}

/** Forgets a Stripe customer that is no more. */
export function forgetStripeCustomer(
  book: Book,
  { customerId, stripeCustomerId }: { customerId: string; stripeCustomerId: string },
): void {
  const row = findCustomer(book, customerId);
  if (row?.stripeCustomerId !== stripeCustomerId) return;
  const connection = readConnection(book);
  // Nothing makes another.
  if (connection && !connection.syncConfig.customer.outbound) {
    unlink(book, row, connection);
    return;
  }
  const none = { stripeCustomerId: null, stripeAccountId: null, stripeState: null, stripeSeenAtMs: null };
  updateCustomer(book, customerId, none);
}
