// Requests and answers of mails. Content is in the single answer only, as a webhook event's payload is.

import * as z from "zod";
import { soughtField, timestamp, timestampField, timestampOrNull } from "../http/fields.ts";
import { type FiltersOf, pageQuery } from "../http/list.ts";
import type { MailRow } from "../ledger/mails/mail-row.ts";
import type { MailFilter, MailSummary } from "../ledger/mails/read-mails.ts";
import { MAIL_KINDS, MAIL_STATUSES } from "../platform/tables/mails.ts";

export const listMailsQuery = pageQuery.extend({
  status: z.enum(MAIL_STATUSES).optional(),
  kind: z.enum(MAIL_KINDS).optional(),
  invoice_id: soughtField.optional(),
  customer_id: soughtField.optional(),
});

export function toMailFilter(query: FiltersOf<typeof listMailsQuery>): MailFilter {
  return {
    status: query.status,
    kind: query.kind,
    invoiceId: query.invoice_id,
    customerId: query.customer_id,
  };
}

export const mailSchema = z
  .object({
    id: z.string().meta({ description: "Says what it was caused by; a slash in it is `%2F` in an address." }),
    object: z.literal("mail"),
    invoice_id: z.string().nullable(),
    payment_id: z
      .string()
      .nullable()
      .meta({ description: "Of the receipt of a payment that pays no invoice; else null." }),
    kind: z.enum(MAIL_KINDS),
    to: z.string(),
    status: z.enum(MAIL_STATUSES).meta({
      description:
        "`unknown`: the provider may have sent it, and it is not repeated by itself. `canceled`: not wanted any more when its turn came.",
    }),
    subject: z.string().nullable().meta({ description: "Null until it is written, when its turn comes." }),
    provider: z.string().nullable(),
    provider_message_id: z.string().nullable(),
    error: z.string().nullable(),
    sent_at: timestampField.nullable(),
    created_at: timestampField,
    updated_at: timestampField,
  })
  .meta({ id: "Mail" });

export const mailDetailSchema = mailSchema
  .extend({
    text: z
      .string()
      .nullable()
      .meta({ description: "Null until it is written, and once it is past its age." }),
    html: z.string().nullable(),
  })
  .meta({ id: "MailWithContent" });

export function toMailDetail(row: MailRow): z.infer<typeof mailDetailSchema> {
  return { ...toMail(row), text: row.text, html: row.html };
}

export function toMail(row: MailSummary): z.infer<typeof mailSchema> {
  return {
    id: row.id,
    object: "mail",
    invoice_id: row.invoiceId,
    payment_id: row.paymentId,
    kind: row.kind,
    to: row.recipient,
    status: row.status,
    subject: row.subject,
    provider: row.provider,
    provider_message_id: row.providerMessageId,
    error: row.error,
    sent_at: timestampOrNull(row.sentAtMs),
    created_at: timestamp(row.createdAtMs),
    updated_at: timestamp(row.updatedAtMs),
  };
}
