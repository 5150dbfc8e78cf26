// The answer of a mail.

import * as z from "zod";
import { timestamp, timestampField, timestampOrNull } from "../http/fields.ts";
import { pageQuery } from "../http/list.ts";
import type { MailSummary } from "../ledger/mails/read-mails.ts";
import { MAIL_KINDS, MAIL_STATUSES } from "../platform/tables/mails.ts";

/** What the dashboard's list can be asked for. */
export const listMailsQuery = pageQuery.extend({
  status: z.enum(MAIL_STATUSES).optional(),
  invoice_id: z.string().optional(),
});

export const mailSchema = z
  .object({
    id: z.string(),
    object: z.literal("mail"),
    invoice_id: z.string(),
    kind: z.enum(MAIL_KINDS),
    to: z.string(),
    status: z.enum(MAIL_STATUSES).meta({
      description:
        "`unknown`: the provider may have sent it, and it is not repeated by itself. `canceled`: not wanted any more when its turn came.",
    }),
    provider: z.string().nullable(),
    provider_message_id: z.string().nullable(),
    error: z.string().nullable(),
    sent_at: timestampField.nullable(),
    created_at: timestampField,
    updated_at: timestampField,
  })
  .meta({ id: "Mail" });

export function toMail(row: MailSummary): z.infer<typeof mailSchema> {
  return {
    id: row.id,
    object: "mail",
    invoice_id: row.invoiceId,
    kind: row.kind,
    to: row.recipient,
    status: row.status,
    provider: row.provider,
    provider_message_id: row.providerMessageId,
    error: row.error,
    sent_at: timestampOrNull(row.sentAtMs),
    created_at: timestamp(row.createdAtMs),
    updated_at: timestamp(row.updatedAtMs),
  };
}
