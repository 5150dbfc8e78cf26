// What a mail about an invoice is made from, and what it comes to.

import type { InvoiceLine } from "../platform/tables/invoices.ts";
import type { MailLocale } from "./mail-locale.ts";

/** Amounts in minor units, times in ms. */
export type InvoiceMailData = {
  number: string;
  /** ISO 4217, upper case. */
  currency: string;
  lines: readonly InvoiceLine[];
  amountDueMinor: number;
  /** What of it has stayed. */
  amountPaidMinor: number;
  /** What a code took off. */
  amountDiscountedMinor: number;
  dueAtMs: number | null;
  /** Of a reminder: how many days it is until the due date's day; negative: since. Null: it is none, or has no date. */
  dueInDays: number | null;
  paidAtMs: number | null;
  memo: string | null;
  customerName: string;
  /** Whom the customer owes; null where nobody has said. */
  sellerName: string | null;
  locale: MailLocale;
  livemode: boolean;
  /** Whether answers are read: they go to an address that was set for them. */
  answersAreRead: boolean;
};

/** What is still to be paid, in minor units. A receipt's invoice owes nothing. */
export function remainingOf(data: InvoiceMailData): number {
  const settled = data.amountPaidMinor + data.amountDiscountedMinor;
  return data.paidAtMs === null ? Math.max(data.amountDueMinor - settled, 0) : 0;
}

export type MailContent = { subject: string; text: string; html: string };

/** Longer subjects are cut by mail programs anyway. */
export const MAX_SUBJECT = 150;
