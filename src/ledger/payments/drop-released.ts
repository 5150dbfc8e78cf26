// Up to API 2025-03-31 what was authorised and not captured shows as a refund, though no money went back
// (https://docs.stripe.com/changelog/basil). The refund itself does not say so: its payment does, by what it asked for
// and what it received. Such a refund is kept, canceled.

import type { Book } from "../book.ts";
import { countMerge } from "./count-money.ts";
import type { PaymentRow } from "./payment-row.ts";
import { refundStateOrder } from "./payment-state.ts";
import { REFUND_METRICS } from "./record-refund.ts";
import { type RefundRow, refundRows } from "./refund-row.ts";

export const RELEASED = "authorization_released";

/** Whether a refund is what was released of an authorisation. */
export function isReleased({ failureReason }: Pick<RefundRow, "failureReason">): boolean {
  return failureReason === RELEASED;
}

/** For whatever records a payment or a refund of it: the first refund of just what was released is none. */
export function dropReleased(
  book: Book,
  { id, releasedMinor }: Pick<PaymentRow, "id" | "releasedMinor">,
): void {
  const released = releasedMinor ?? 0;
  if (released <= 0) return;
  const all = refundRows.all(book, "WHERE payment_id = ? ORDER BY +created_at_ms, id", id);
  const first = all.find((refund) => refund.mayBeReleased === 1 && refund.amountMinor === released);
  if (!first || all.some(isReleased)) return;
  const status = "canceled" as const;
  const stateOrder = refundStateOrder({ status, occurredAtMs: first.occurredAtMs });
  const dropped = { ...first, status, stateOrder, failureReason: RELEASED, updatedAtMs: book.nowMs };
  refundRows.update(book, first, dropped);
  countMerge(book, REFUND_METRICS, first, dropped);
}
