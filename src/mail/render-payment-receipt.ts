// The mail that says that a payment has been received which pays no invoice: of a checkout session or a subscription.
// Pure, and escaped like the invoice's own mail.

import { formatForDisplay } from "../platform/money.ts";
import { frameMail, sellerIn } from "./frame-mail.ts";
import { html } from "./html.ts";
import type { MailContent } from "./mail-content.ts";
import { button } from "./mail-layout.ts";
import { formatDay, type MailLocale } from "./mail-locale.ts";

/** Amounts in minor units, times in ms. */
export type PaymentMailData = {
  amountMinor: number;
  /** ISO 4217, upper case. */
  currency: string;
  occurredAtMs: number;
  /** Stripe's page; http(s). */
  receiptUrl: string | null;
  customerName: string;
  sellerName: string | null;
  locale: MailLocale;
  livemode: boolean;
  answersAreRead: boolean;
};

export function renderPaymentReceipt(data: PaymentMailData): MailContent {
  const { words } = data.locale;
  const amount = formatForDisplay(data.amountMinor, data.currency, data.locale.amounts);
  const seller = sellerIn(data);
  const url = data.receiptUrl;
  return frameMail(data, {
    subject: words.paymentSubject(seller),
    title: seller === null ? words.receipt : `${seller} · ${words.receipt}`,
    sentences: [words.thanks],
    label: words.amountPaid,
    amount,
    note: formatDay(data.occurredAtMs, data.locale),
    rest: {
      html: html`${url === null ? null : button(words.openReceipt, url)}`,
      text: url === null ? [] : ["", `${words.openReceipt}${words.colon.trimEnd()}`, url],
    },
    preview: `${words.amountPaid}${words.colon}${amount}.`,
  });
}
