// The address of a payment link as it is sent to one customer: Stripe's own, with what Stripe can only be
// told there (https://docs.stripe.com/payment-links/url-parameters). Pure.

// Stripe drops a reference that holds anything else, or is longer.
const REFERENCE = /^[A-Za-z0-9_-]{1,200}$/;

export type LinkUrlParts = {
  /** The customer's mail address: the page has it filled in. */
  email: string | null;
  /** The invoice's id: Stripe shows it beside the payment. */
  clientReferenceId: string | null;
  /** The language of the page; null lets the payer's browser decide. */
  locale?: string | null;
};

/** @param url Stripe's own address of the link */
export function linkUrlFor(url: string, parts: LinkUrlParts): string {
  const sent = new URL(url);
  if (parts.email !== null) sent.searchParams.set("prefilled_email", parts.email);
  if (parts.clientReferenceId !== null && REFERENCE.test(parts.clientReferenceId)) {
    sent.searchParams.set("client_reference_id", parts.clientReferenceId);
  }
  if (parts.locale) sent.searchParams.set("locale", parts.locale);
  return sent.href;
}
