// Takes in a subscription that Stripe was asked for, of a customer that has just become known: what Stripe told of
// it before was nobody's. One that is mirrored already is left to its events.

import type { Book } from "../book.ts";
import type { SubscriptionTold } from "../events/recorded.ts";
import { findSubscription } from "./read-subscriptions.ts";
import { recordSubscription } from "./record-subscription.ts";

/** @param input.cause names what asked for it, as the key of what is announced */
export function mirrorSubscription(
  book: Book,
  { cause, told }: { cause: string; told: SubscriptionTold },
): void {
  const id = told.snapshot.subscriptionId;
  const known = findSubscription(book, { id });
  if (known && known.customerId !== null) return;
  const asked = { [id]: { known: String(known?.revision), said: told } };
  const present = { ...told, snapshot: { ...told.snapshot, occurredAtMs: book.nowMs } };
  recordSubscription(book, cause, present, { subscriptions: asked });
}
