// Mails to customers.

import { integer, sqliteTable, text } from "drizzle-orm/sqlite-core";
import { timestamps } from "./timestamps.ts";

export const MAIL_KINDS = ["invoice", "reminder", "receipt"] as const;
export const MAIL_STATUSES = [
  "pending",
  "held",
  "sending",
  "sent",
  "unknown",
  "failed",
  "canceled",
  "bounced",
  "complained",
] as const;

/** A mail to a customer. Its id is its cause (platform/mail-cause.ts), so that a cause has one mail. */
export const mails = sqliteTable("mails", {
  id: text("id").primaryKey(),
  /** What it is about: an invoice, or a payment that belongs to none. */
  invoiceId: text("invoice_id"),
  paymentId: text("payment_id"),
  kind: text("kind", { enum: MAIL_KINDS }).notNull(),
  recipient: text("recipient").notNull(),
  /**
   * `held`: its address is not reached. `sending`: the provider is being asked. `unknown`: it may have sent it.
   * `canceled`: not wanted any more.
   */
  status: text("status", { enum: MAIL_STATUSES }).notNull(),
  /** Its content, frozen before the provider is asked; text and HTML go by age. */
  subject: text("subject"),
  text: text("text"),
  html: text("html"),
  /** The revision of the payment link that the content shows. */
  linkRevision: integer("link_revision"),
  provider: text("provider"),
  providerMessageId: text("provider_message_id"),
  error: text("error"),
  attempts: integer("attempts").notNull().default(0),
  /** An earlier try may have been taken although it was answered with a failure. */
  inDoubt: integer("in_doubt", { mode: "boolean" }).notNull().default(false),
  /** When the provider was asked last. */
  claimedAtMs: integer("claimed_at_ms"),
  sentAtMs: integer("sent_at_ms"),
  ...timestamps,
});
