// What a Payment Link is made of: the lines, our metadata on link, session and intent, one payment only, and
// the environment's options. Pure.

import type Stripe from "stripe";
import type { EnvironmentSettings } from "../../platform/environment-settings.ts";
import { remainingMinor } from "../../platform/invoice-remaining.ts";
import { REVISION_KEY, withoutEmpty } from "../../platform/our-metadata.ts";
import type { Scope } from "../../platform/scope.ts";
import { MOST_CHARACTERS } from "../../platform/stripe-limits.ts";
import type { InvoiceLine } from "../../platform/tables/invoices.ts";
import { cutText } from "../../platform/text.ts";
import { linkLines, remainderLine } from "./invoice-state.ts";

/** What a link says of its invoice. Amounts in minor units. */
export type LinkedInvoice = {
  id: string;
  number: string;
  customerId: string;
  currency: string;
  lines: InvoiceLine[];
  metadata: Record<string, string>;
  amountDueMinor: number;
  amountCreditedMinor: number;
  status: string;
};

export function linkParameters(
  scope: Scope,
  invoice: LinkedInvoice,
  revision: number,
  settings: EnvironmentSettings,
): Stripe.PaymentLinkCreateParams {
  // Ours win over a caller's keys of the same name: by them a payment finds its invoice.
  const metadata = {
    ...withoutEmpty(invoice.metadata),
    invoice_id: invoice.id,
    customer_id: invoice.customerId,
    quittance_tenant_id: scope.tenantId,
    quittance_environment_id: scope.environmentId,
    [REVISION_KEY]: String(revision),
  };
  const { number } = invoice;
  const lines =
    invoice.amountCreditedMinor > 0
      ? [remainderLine(number, remainingMinor(invoice))]
      : linkLines(number, invoice.lines);
  return {
    line_items: lines.map((line) => ({
      quantity: line.quantity,
      price_data: {
        currency: invoice.currency.toLowerCase(),
        unit_amount: line.unitAmountMinor,
        product_data: { name: line.name },
        // What is due is due with its tax: added on top, every invoice would be overpaid.
        ...(settings.automatic_tax && { tax_behavior: "inclusive" as const }),
      },
    })),
    metadata,
    // Link metadata reaches the session only; the intent and its charge get theirs from here.
    payment_intent_data: { metadata, description: `Invoice ${number}`, ...statementDescriptor(settings) },
    restrictions: { completed_sessions: { limit: 1 } },
    inactive_message: `Invoice ${number} has been paid or withdrawn. Please contact us if you have questions.`,
    after_completion: afterCompletion(number, settings),
    ...options(settings),
  };
}

// Stripe refuses a whole descriptor for a card charge (stripe 23.1, PaymentIntentData.statement_descriptor),
// and Link pays by card as well.
function statementDescriptor(settings: EnvironmentSettings) {
  const { statement_descriptor: descriptor, payment_method_types: types } = settings;
  if (descriptor === null) return {};
  const byCard = types === null || types.includes("card") || types.includes("link");
  return byCard ? { statement_descriptor_suffix: descriptor } : { statement_descriptor: descriptor };
}

function afterCompletion(
  number: string,
  settings: EnvironmentSettings,
): Stripe.PaymentLinkCreateParams.AfterCompletion {
  if (settings.success_redirect_url !== null) {
    return { type: "redirect", redirect: { url: settings.success_redirect_url } };
  }
  const message =
    settings.success_message ?? "Thank you. Your payment of invoice {number} has been received.";
  return {
    type: "hosted_confirmation",
    hosted_confirmation: {
      custom_message: cutText(
        message.replaceAll("{number}", () => number),
        MOST_CHARACTERS.confirmationMessage,
      ),
    },
  };
}

/** Only what differs from Stripe's own default is sent. */
function options(settings: EnvironmentSettings): Partial<Stripe.PaymentLinkCreateParams> {
  return {
    ...(settings.payment_method_types && { payment_method_types: settings.payment_method_types }),
    ...(settings.allow_promotion_codes && { allow_promotion_codes: true }),
    ...(settings.automatic_tax && { automatic_tax: { enabled: true } }),
    ...(settings.tax_id_collection && { tax_id_collection: { enabled: true } }),
    ...(settings.billing_address_collection !== "auto" && {
      billing_address_collection: settings.billing_address_collection,
    }),
    ...(settings.customer_creation !== "if_required" && { customer_creation: settings.customer_creation }),
  };
}
