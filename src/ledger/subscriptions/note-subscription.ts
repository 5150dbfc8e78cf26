// Takes in what Stripe answered to a change that was asked for here: the mirror's row, what is announced, and the
// audit, in one transaction. An answer that something else has overtaken is not believed.

import { notFound } from "../../platform/app-error.ts";
import type { AuditDetail } from "../../platform/tables/calls.ts";
import { writeAudit } from "../audit.ts";
import type { Book } from "../book.ts";
import type { SubscriptionTold } from "../events/recorded.ts";
import { findSubscription } from "./read-subscriptions.ts";
import { writeSubscription } from "./record-subscription.ts";
import { rowOf, type SubscriptionRow } from "./subscription-row.ts";
import { settleSnapshot } from "./subscription-state.ts";

export type SubscriptionAct = {
  action: `subscription.${string}`;
  detail: AuditDetail;
  /** Before Stripe was asked how it stands, ms. */
  askedAtMs: number;
};

/**
 * @param input.cause names the call, as the key of what is announced
 * @param input.known the mirror's revision before Stripe was asked
 * @param input.act what was done at Stripe; null: nothing was left to do
 * @returns the row of what Stripe answered; `isKept` is false where the mirror was written meanwhile, by what may be
 * newer or older than the answer: then Stripe is to be asked what stands
 * @throws AppError `not_found`
 */
export function noteSubscription(
  book: Book,
  input: { cause: string; known: number; told: SubscriptionTold; act: SubscriptionAct | null },
): { row: SubscriptionRow; isKept: boolean } {
  const { snapshot } = input.told;
  const id = snapshot.subscriptionId;
  const known = findSubscription(book, { id });
  if (!known) throw notFound("subscription", id);
  if (input.act && !isNoted(book, id, input.act)) {
    const { action, detail } = input.act;
    writeAudit(book, { action, object: "subscription", objectId: id, detail });
  }
  const present = { ...snapshot, occurredAtMs: Math.max(book.nowMs, known.snapshotAtMs) };
  const stands = settleSnapshot(known, present, present);
  const row = stands ? rowOf(known, stands, null, book.nowMs) : known;
  const isKept = known.revision === input.known;
  if (isKept && stands) writeSubscription(book, input.cause, known, row);
  return { row, isKept };
}

/** Of two calls that asked for the same at once, both were done at Stripe, and the second changed nothing. */
function isNoted(book: Book, id: string, { action, askedAtMs }: SubscriptionAct): boolean {
  const last = book.sql.first<{ action: string }>(
    `SELECT action FROM audit_log WHERE created_at_ms >= ? AND object = 'subscription' AND object_id = ?
     ORDER BY created_at_ms DESC, id DESC LIMIT 1`,
    askedAtMs,
    id,
  );
  return last?.action === action;
}
