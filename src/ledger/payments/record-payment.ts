// Records what one event says of a payment, and counts it. Twice changes nothing, and a payment that has succeeded
// never goes back, whatever comes late.

import { paymentIdFor } from "../../platform/ids.ts";
import type { Book } from "../book.ts";
import { countMerge } from "./count-money.ts";
import { began, isNewer, isSame, ofObject, ofState, type Sides } from "./merge.ts";
import { mergeOwners, type PaymentOwner } from "./payment-owner.ts";
import { type PaymentRow, paymentRows } from "./payment-row.ts";
import { type PaymentFact, paymentStateOrder } from "./payment-state.ts";

/**
 * @param of what it was found to pay
 * @returns the payment as it was, if it was known, and as it is now
 */
export function recordPayment(
  book: Book,
  fact: PaymentFact,
  of: PaymentOwner,
): { before: PaymentRow | undefined; after: PaymentRow } {
  const theirs = rowOf(book, fact, of);
  const mine = paymentRows.find(book, theirs.id);
  const merged = mine ? merge({ mine, theirs }) : theirs;
  countMerge(book, PAYMENT_METRICS, mine, merged);
  if (mine) paymentRows.update(book, mine, merged);
  else paymentRows.insert(book, merged);
  return { before: mine, after: merged };
}

/** A payment counts in the hour in which it succeeded or failed. */
export const PAYMENT_METRICS = { succeeded: "paid", failed: "failed" } as const;

function rowOf(book: Book, fact: PaymentFact, of: PaymentOwner): PaymentRow {
  const stateOrder = paymentStateOrder(fact);
  const tellsWhy = fact.failureCode !== null || fact.failureMessage !== null;
  return {
    id: paymentIdFor(fact.providerPaymentId),
    providerPaymentId: fact.providerPaymentId,
    reference: null,
    ...of,
    checkoutSessionId: of.checkoutSessionId ?? fact.owner.checkoutSessionId,
    amountMinor: fact.amountMinor,
    amountDiscountedMinor: fact.amountDiscountedMinor,
    releasedMinor: fact.releasedMinor,
    currency: fact.currency,
    status: fact.status,
    stateOrder,
    failureCode: fact.failureCode,
    failureMessage: fact.failureMessage,
    failureOrder: tellsWhy ? stateOrder : null,
    paymentMethodType: fact.paymentMethodType,
    receiptUrl: fact.receiptUrl,
    stripeChargeId: fact.owner.chargeId,
    stripePaymentLinkId: fact.owner.paymentLinkId,
    occurredAtMs: fact.occurredAtMs,
    createdAtMs: book.nowMs,
    updatedAtMs: book.nowMs,
  };
}

function merge(sides: Sides<PaymentRow>): PaymentRow {
  const { mine, theirs } = sides;
  return {
    ...mine,
    ...mergeOwners(sides),
    status: ofState(sides, "status"),
    ...amountOfState(sides),
    amountDiscountedMinor: ofObject(mine.amountDiscountedMinor, theirs.amountDiscountedMinor),
    releasedMinor: ofObject(mine.releasedMinor, theirs.releasedMinor),
    occurredAtMs: began(sides, "succeeded"),
    ...reasonOfFailure(sides),
    stripeChargeId: ofState(sides, "stripeChargeId"),
    paymentMethodType: ofState(sides, "paymentMethodType"),
    receiptUrl: ofState(sides, "receiptUrl"),
    stripePaymentLinkId: ofObject(mine.stripePaymentLinkId, theirs.stripePaymentLinkId),
    stateOrder: Math.max(mine.stateOrder, theirs.stateOrder),
    updatedAtMs: theirs.updatedAtMs,
  };
}

/** An amount goes with its currency: never the one fact's amount in the other fact's currency. */
function amountOfState(sides: Sides<PaymentRow>): Pick<PaymentRow, "amountMinor" | "currency"> {
  const { mine, theirs } = sides;
  const pick = ({ amountMinor, currency }: PaymentRow) => ({ amountMinor, currency });
  if (isNewer(sides)) return pick(theirs);
  if (!isSame(sides) || theirs.currency < mine.currency) return pick(mine);
  if (theirs.currency > mine.currency) return pick(theirs);
  return { amountMinor: Math.max(mine.amountMinor, theirs.amountMinor), currency: mine.currency };
}

type Reason = Pick<PaymentRow, "failureCode" | "failureMessage" | "failureOrder">;

/**
 * The newest reason that is known. An intent tells why it failed; the session that fails with it a second later
 * does not know, and must not wipe the reason out.
 */
function reasonOfFailure({ mine, theirs }: Sides<PaymentRow>): Reason {
  if (mine.status === "succeeded" || theirs.status === "succeeded")
    return { failureCode: null, failureMessage: null, failureOrder: null };
  const [ours, other] = [mine.failureOrder ?? -1, theirs.failureOrder ?? -1];
  const tells = other > ours || (other === ours && other !== -1 && isGreater(theirs, mine));
  const { failureCode, failureMessage, failureOrder } = tells ? theirs : mine;
  return { failureCode, failureMessage, failureOrder };
}

function isGreater(one: PaymentRow, other: PaymentRow): boolean {
  const [code, otherCode] = [one.failureCode ?? "", other.failureCode ?? ""];
  if (code !== otherCode) return code > otherCode;
  return (one.failureMessage ?? "") > (other.failureMessage ?? "");
}
