// Ids: a prefix that says what it is, then a UUIDv7 without hyphens, so that ids sort by their time.

import { uuidv7obj } from "uuidv7";

export type IdPrefix =
  | "tenant"
  | "env"
  | "key"
  | "conn"
  | "cus"
  | "inv"
  | "req"
  | "dlv"
  | "dest"
  | "msg"
  | "msg_test"
  | "aud"
  | "ref"
  | "dse"
  | "sec";

/** A new id such as `inv_0193…` (32 hexadecimal digits after the prefix). */
export function newId(prefix: IdPrefix): string {
  return `${prefix}_${uuidv7obj().toHex()}`;
}

/** What a platform may give as its own id: letters, digits, `_ - . :`, 1 to 128 of them. */
export const OWN_ID = /^[A-Za-z0-9][A-Za-z0-9_.:-]{0,127}$/;

/** The receipt of a webhook at the door, for its request: `req_0193…` is `dlv_0193…`. */
export function receiptOfRequest(requestId: string): string {
  return `dlv_${requestId.replace(/^req_/, "")}`;
}

/** Our payment id for Stripe's: `pi_3Q…` is `pay_3Q…`. One to one, so it needs no index of its own. */
export function paymentIdFor(providerPaymentId: string): string {
  return `pay_${providerPaymentId.replace(/^pi_/, "")}`;
}

/** Our id for a refund that was made at Stripe: `re_3Q…` is `ref_3Q…`. */
export function refundIdFor(stripeRefundId: string): string {
  return `ref_${stripeRefundId.replace(/^re_/, "")}`;
}

/** Our id for a dispute: `du_1Q…` is `dsp_1Q…`. */
export function disputeIdFor(stripeDisputeId: string): string {
  return `dsp_${stripeDisputeId.replace(/^du_/, "")}`;
}

/** Our webhook event id for Stripe's: `evt_1Q…` is `whe_1Q…`. */
export function webhookEventIdFor(stripeEventId: string): string {
  return `whe_${stripeEventId.replace(/^evt_/, "")}`;
}

/** Stripe's event id for ours; the reverse of {@link webhookEventIdFor}. */
export function stripeEventIdFor(webhookEventId: string): string {
  return `evt_${webhookEventId.replace(/^whe_/, "")}`;
}

/** A number for an invoice that came without one: `INV-` and eight characters that nobody misreads. */
export function newInvoiceNumber(): string {
  const alphabet = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ";
  const bytes = crypto.getRandomValues(new Uint8Array(8));
  return `INV-${Array.from(bytes, (byte) => alphabet[byte % alphabet.length]).join("")}`;
}
