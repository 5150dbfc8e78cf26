// Requests on invoices. Amounts are integers in minor units.

import * as z from "zod";
import { metadataField, ownIdField, soughtField, TIME_SHAPE, timeInput } from "../http/fields.ts";
import { type FiltersOf, pageQuery, SOUGHT_AT_MOST } from "../http/list.ts";
import type { CreateInvoiceInput } from "../ledger/invoices/create-invoice.ts";
import type { InvoiceFilter } from "../ledger/invoices/read-invoices.ts";
import type { UpdateInvoiceInput } from "../ledger/invoices/update-invoice.ts";
import { MOST, MOST_AMOUNT_MINOR, MOST_INVOICE_KEYS } from "../platform/stripe-limits.ts";
import { INVOICE_STATUSES, INVOICE_TROUBLES, type InvoiceLine } from "../platform/tables/invoices.ts";
import { textField } from "../platform/text-field.ts";

export const invoiceMetadata = metadataField(MOST_INVOICE_KEYS);

export const quantity = z
  .int()
  .min(1, { error: "A quantity is a whole number from 1." })
  .max(MOST.quantity, { error: `At most ${MOST.quantity}, as Stripe counts.` });

const lineBody = z.strictObject({
  description: textField(1000).min(1, { error: "Say what the line is for." }),
  quantity,
  unit_amount: z
    .int({ error: "An amount is a whole number of minor units: 12900 for 129.00 EUR." })
    .min(-MOST_AMOUNT_MINOR, { error: "An amount has at most twelve digits." })
    .max(MOST_AMOUNT_MINOR, { error: "An amount has at most twelve digits." })
    .meta({
      description:
        "Minor units; negative for a credit, as long as the invoice's sum is not negative. An invoice over nothing is paid once it is finalised.",
    }),
});

const number = textField(100)
  .min(1)
  .meta({ description: "Shown to the customer; made if left out. It need not be unique." });

export const currencyField = z
  .string()
  .trim()
  .regex(/^[A-Za-z]{3}$/, { error: "A currency is three letters, such as EUR." })
  .toUpperCase()
  .meta({ maxLength: 3 });

const lines = z.array(lineBody).min(1, { error: "An invoice has at least one line." }).max(500);

const changeableAlways = {
  due_at: timeInput.nullish().meta({
    ...TIME_SHAPE,
    type: ["string", "null"],
    description: "May be past: an invoice that another system began may be overdue already.",
  }),
  memo: textField(2000).nullish(),
  metadata: invoiceMetadata.optional(),
};

export const createInvoiceBody = z.strictObject({
  id: ownIdField.optional().meta({ description: "The platform's own id, if it has one." }),
  number: number.optional(),
  customer_id: soughtField.min(1),
  currency: currencyField,
  lines,
  ...changeableAlways,
  finalize: z.boolean().optional().meta({ description: "Finalise at once." }),
  send_email: z
    .boolean()
    .optional()
    .meta({ description: "Mail the link once it is there. Left out: as `send_email` of the settings says." }),
});

/** What is left out stays; `null` clears it; `lines` and `metadata` are replaced as a whole. */
export const updateInvoiceBody = z.strictObject({
  number: number.optional(),
  customer_id: soughtField.min(1).optional(),
  currency: currencyField.optional(),
  lines: lines.optional(),
  ...changeableAlways,
  send_email: z.boolean().optional(),
});

/** Of what gives the customer a way to pay, again. */
export const secondWayBody = z.strictObject({
  force: z.boolean().optional().meta({
    description:
      "Also while a payment is on its way, such as a bank debit; without it that is refused with `payment_under_way`, since the customer may pay twice.",
  }),
});

/** The API's lines as the verbs take them. */
export function readLines(given: z.infer<typeof lines>): InvoiceLine[] {
  return given.map(({ unit_amount, ...line }) => ({ ...line, unitAmountMinor: unit_amount }));
}

export function toCreateInvoice(
  body: z.output<typeof createInvoiceBody>,
  callId: string | null,
): CreateInvoiceInput {
  return {
    id: body.id,
    number: body.number,
    customerId: body.customer_id,
    currency: body.currency,
    lines: readLines(body.lines),
    dueAtMs: body.due_at,
    memo: body.memo,
    metadata: body.metadata,
    finalize: body.finalize,
    sendEmail: body.send_email,
    callId,
  };
}

export function toInvoiceChange(body: z.output<typeof updateInvoiceBody>): UpdateInvoiceInput {
  return {
    number: body.number,
    customerId: body.customer_id,
    currency: body.currency,
    lines: body.lines && readLines(body.lines),
    dueAtMs: body.due_at,
    memo: body.memo,
    metadata: body.metadata,
    sendEmail: body.send_email,
  };
}

export const listInvoicesQuery = pageQuery.extend({
  status: z.enum(INVOICE_STATUSES).optional(),
  customer_id: soughtField.optional(),
  created_after: timeInput.optional(),
  created_before: timeInput.optional(),
  is: z.enum(INVOICE_TROUBLES).optional().meta({
    description:
      "`overdue`: open, and it was due before now. `disputed`: the payer disputes a payment. `refunded`: some or all of what was paid went back. `link_failed`: open, and its payment link could not be made or was switched off.",
  }),
  search: soughtField.optional().meta({
    description: `What a person types: an id; the beginning of a number, or of the customer's name or mail address. ${SOUGHT_AT_MOST}`,
  }),
});

export function toInvoiceFilter(query: FiltersOf<typeof listInvoicesQuery>): InvoiceFilter {
  return {
    status: query.status,
    customerId: query.customer_id,
    createdAfterMs: query.created_after,
    createdBeforeMs: query.created_before,
    is: query.is,
    search: query.search,
  };
}
