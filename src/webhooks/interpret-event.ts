// What a Stripe event says, as facts: the one entrance to every interpreter. Pure, and total: whatever the
// payload holds, the answer is facts or a reason, never an exception. What each type yields is also written
// in event-table.ts, from which the docs are made.

import { isStripeEventType, type StripeEventType } from "../connections/stripe-event-types.ts";
import { cutText } from "../platform/text.ts";
import type { Interpretation, StripeEventShape } from "./facts.ts";
import { interpretAccountUpdated, interpretDeauthorized } from "./interpret-account.ts";
import { interpretChargeRefunded, interpretChargeSucceeded } from "./interpret-charge.ts";
import { interpretCheckoutSession } from "./interpret-checkout-session.ts";
import { interpretCustomer } from "./interpret-customer.ts";
import { interpretDispute } from "./interpret-dispute.ts";
import { ignored, time, unreadable } from "./interpret-fields.ts";
import { interpretInvoice } from "./interpret-invoice.ts";
import { interpretInvoicePayment } from "./interpret-invoice-payment.ts";
import { interpretPaymentIntent } from "./interpret-payment-intent.ts";
import { interpretPaymentLink } from "./interpret-payment-link.ts";
import { interpretRefund } from "./interpret-refund.ts";
import { interpretSubscription } from "./interpret-subscription.ts";

/** Reads one event whose signature has been verified. Times in the facts are ms, amounts minor units. */
export function interpretEvent(event: StripeEventShape): Interpretation {
  const { type } = event;
  if (!isStripeEventType(type)) {
    return ignored("event_type_not_used", `Quittance does not use ${cutText(String(type), 100)}.`);
  }
  if (!time.safeParse(event.created).success) return unreadable("created", "expected seconds");
  return interpretKnown({ ...event, type });
}

function interpretKnown(event: StripeEventShape & { type: StripeEventType }): Interpretation {
  const { type } = event;
  switch (type) {
    case "checkout.session.completed":
    case "checkout.session.async_payment_succeeded":
    case "checkout.session.async_payment_failed":
    case "checkout.session.expired":
      return interpretCheckoutSession(event);
    case "payment_intent.succeeded":
    case "payment_intent.payment_failed":
    case "payment_intent.processing":
    case "payment_intent.canceled":
      return interpretPaymentIntent({ ...event, type });
    case "charge.succeeded":
      return interpretChargeSucceeded(event);
    case "charge.refunded":
      return interpretChargeRefunded(event);
    case "charge.refund.updated":
    case "refund.created":
    case "refund.updated":
    case "refund.failed":
      return interpretRefund(event);
    case "charge.dispute.created":
    case "charge.dispute.updated":
    case "charge.dispute.closed":
    case "charge.dispute.funds_withdrawn":
    case "charge.dispute.funds_reinstated":
      return interpretDispute(event);
    case "customer.created":
    case "customer.updated":
    case "customer.deleted":
      return interpretCustomer(event);
    case "customer.subscription.created":
    case "customer.subscription.updated":
    case "customer.subscription.deleted":
    case "customer.subscription.paused":
    case "customer.subscription.resumed":
    case "customer.subscription.trial_will_end":
      return interpretSubscription(event);
    case "invoice.paid":
    case "invoice.payment_succeeded":
    case "invoice.payment_failed":
    case "invoice.payment_action_required":
    case "invoice.finalized":
    case "invoice.voided":
    case "invoice.marked_uncollectible":
      return interpretInvoice(event);
    case "invoice_payment.paid":
      return interpretInvoicePayment(event);
    case "payment_link.updated":
      return interpretPaymentLink(event);
    case "account.updated":
      return interpretAccountUpdated(event);
    case "account.application.deauthorized":
      return interpretDeauthorized(event);
  }
}
