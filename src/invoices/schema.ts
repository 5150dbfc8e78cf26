// Answers about invoices. Amounts are integers in minor units, each beside its decimal string.

import * as z from "zod";
import { timestamp, timestampField, timestampOrNull } from "../http/fields.ts";
import type { InvoiceWithLink } from "../ledger/invoices/read-invoices.ts";
import type { Deps } from "../platform/deps.ts";
import { LINKS_OFF, remainingMinor } from "../platform/invoice-remaining.ts";
import { formatDecimal } from "../platform/money.ts";
import { paymentUrl } from "../platform/payment-url.ts";
import {
  INVOICE_STATUSES,
  LINK_DEACTIVATIONS,
  PAYMENT_LINK_STATUSES,
  PAYMENT_STATUSES,
} from "../platform/tables/invoices.ts";

const amount = z.int().meta({ description: "Minor units" });

const decimal = z
  .string()
  .meta({ description: "Major units, with as many decimals as the currency has", example: "129.00" });

export const invoiceSchema = z
  .object({
    id: z.string(),
    object: z.literal("invoice"),
    number: z.string(),
    customer_id: z.string(),
    currency: z.string(),
    lines: z.array(
      z.object({
        description: z.string(),
        quantity: z.int(),
        unit_amount: amount,
        unit_amount_decimal: decimal,
        amount,
        amount_decimal: decimal,
      }),
    ),
    amount_due: amount,
    amount_due_decimal: decimal,
    amount_paid: amount,
    amount_paid_decimal: decimal,
    amount_remaining: amount,
    amount_remaining_decimal: decimal,
    amount_refunded: amount,
    amount_refunded_decimal: decimal,
    amount_disputed: amount,
    amount_disputed_decimal: decimal,
    amount_discounted: amount,
    amount_discounted_decimal: decimal,
    status: z.enum(INVOICE_STATUSES),
    payment_status: z.enum(PAYMENT_STATUSES),
    payment_link: z
      .object({
        id: z.string().nullable().meta({ description: "Stripe's id; null until Stripe has made it." }),
        url: z.string().nullable().meta({
          description:
            "Stripe's own address, which dies with the link: send `payment_url`, which leads to it with the customer's mail address and language filled in.",
        }),
        revision: z.int().meta({ description: "Counts an invoice's links, from 1." }),
        status: z.enum(PAYMENT_LINK_STATUSES).meta({
          description:
            "`pending`: being made. `active`: can be paid. `used`: was the link of an invoice that is paid. `inactive`: withdrawn, or switched off at Stripe; `error` says so where the invoice would need one. `failed`: could not be made; `error` says why, and POST …/payment_link tries again.",
        }),
        error: z.string().nullable(),
        deactivation: z.enum(LINK_DEACTIVATIONS).meta({
          description:
            "Whether Stripe has switched it off: `none` (not wanted), `pending`, `done`, `failed` (`error` says why).",
        }),
        deactivated_at: timestampField.nullable().meta({
          description: "When Stripe confirmed that it can be paid no more.",
        }),
        created_at: timestampField,
      })
      .nullable(),
    payment_url: z.string().nullable().meta({
      description:
        "Where the customer pays, for good: on to the present link, or to a page that says how the invoice stands. Give this one to payers, not the link's own. Null for a draft.",
      example: "https://billing.example.com/pay/4fJ0aVb1c0000Tj3Xk2p9Qm7Zr5Ls8Wd1Nh6Ye",
    }),
    payment_link_missing: z.string().nullable().meta({
      description:
        "Why an open invoice has no payment link at all: the connection makes none (`sync_config.invoice.outbound`).",
    }),
    send_email: z.boolean(),
    due_at: timestampField.nullable(),
    finalized_at: timestampField.nullable(),
    paid_at: timestampField.nullable(),
    voided_at: timestampField.nullable(),
    memo: z.string().nullable(),
    metadata: z.record(z.string(), z.string()),
    created_at: timestampField,
    updated_at: timestampField,
  })
  .meta({ id: "Invoice" });

export const deletedInvoiceSchema = z
  .object({ id: z.string(), object: z.literal("invoice"), deleted: z.literal(true) })
  .meta({ id: "DeletedInvoice" });

export function toInvoice(
  { invoice, link }: InvoiceWithLink,
  { publicUrl }: Pick<Deps, "publicUrl">,
): z.infer<typeof invoiceSchema> {
  const inMajor = (amountMinor: number) => formatDecimal(amountMinor, invoice.currency);
  const remaining = remainingMinor(invoice);
  return {
    id: invoice.id,
    object: "invoice",
    number: invoice.number,
    customer_id: invoice.customerId,
    currency: invoice.currency,
    lines: invoice.lines.map((line) => ({
      description: line.description,
      quantity: line.quantity,
      unit_amount: line.unitAmountMinor,
      unit_amount_decimal: inMajor(line.unitAmountMinor),
      amount: line.quantity * line.unitAmountMinor,
      amount_decimal: inMajor(line.quantity * line.unitAmountMinor),
    })),
    amount_due: invoice.amountDueMinor,
    amount_due_decimal: inMajor(invoice.amountDueMinor),
    amount_paid: invoice.amountPaidMinor,
    amount_paid_decimal: inMajor(invoice.amountPaidMinor),
    amount_remaining: remaining,
    amount_remaining_decimal: inMajor(remaining),
    amount_refunded: invoice.amountRefundedMinor,
    amount_refunded_decimal: inMajor(invoice.amountRefundedMinor),
    amount_disputed: invoice.amountDisputedMinor,
    amount_disputed_decimal: inMajor(invoice.amountDisputedMinor),
    amount_discounted: invoice.amountDiscountedMinor,
    amount_discounted_decimal: inMajor(invoice.amountDiscountedMinor),
    status: invoice.status,
    payment_status: invoice.paymentStatus,
    payment_link: link && {
      id: link.stripePaymentLinkId,
      url: link.url,
      revision: link.revision,
      status: link.status,
      error: link.error ?? link.deactivationError,
      deactivation: link.deactivation,
      deactivated_at: timestampOrNull(link.deactivatedAtMs),
      created_at: timestamp(link.createdAtMs),
    },
    payment_url: paymentUrl(publicUrl, invoice.paymentToken),
    payment_link_missing: invoice.status === "open" && link === null ? LINKS_OFF : null,
    send_email: invoice.sendEmail,
    due_at: timestampOrNull(invoice.dueAtMs),
    finalized_at: timestampOrNull(invoice.finalizedAtMs),
    paid_at: timestampOrNull(invoice.paidAtMs),
    voided_at: timestampOrNull(invoice.voidedAtMs),
    memo: invoice.memo,
    metadata: invoice.metadata,
    created_at: timestamp(invoice.createdAtMs),
    updated_at: timestamp(invoice.updatedAtMs),
  };
}
