// The mail that says that a payment has been received which pays no invoice: of a checkout session or a subscription.
// Pure, and escaped like the invoice's own mail.

import { formatForDisplay } from "../platform/money.ts";
import { html } from "./html.ts";
import { MAX_SUBJECT, type MailContent } from "./mail-content.ts";
import { button, mailPage, paragraph, STYLE } from "./mail-layout.ts";
import { formatDay, type MailLocale } from "./mail-locale.ts";
import { oneLine, shortLine } from "./plain-text.ts";

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
  const { words, language } = data.locale;
  const amount = formatForDisplay(data.amountMinor, data.currency, data.locale.amounts);
  const seller = data.sellerName === null ? null : shortLine(data.sellerName, 60);
  const subject = shortLine(words.paymentSubject(seller), MAX_SUBJECT);
  const title = seller === null ? words.receipt : `${seller} · ${words.receipt}`;
  const hello = words.hello(oneLine(data.customerName));
  const day = formatDay(data.occurredAtMs, data.locale);
  const url = data.receiptUrl;

  const body = html`${paragraph(title, STYLE.title)}${
    data.livemode ? null : paragraph(words.testMode, STYLE.muted, "soft")
  }${paragraph(hello)}${paragraph(words.thanks)}<p class="soft" style="margin:16px 0 0;${STYLE.muted}">${words.amountPaid}</p>
<p class="ink" style="margin:0 0 4px;${STYLE.amount}">${amount}</p>
${paragraph(day, STYLE.muted, "soft")}${url === null ? null : button(words.openReceipt, url)}${
  data.answersAreRead ? paragraph(words.questions, STYLE.muted, "soft") : null
}`;

  const text = [
    title,
    ...(data.livemode ? [] : [words.testMode]),
    "",
    hello,
    "",
    words.thanks,
    "",
    `${words.amountPaid}${words.colon}${amount}`,
    day,
    ...(url === null ? [] : ["", `${words.openReceipt}${words.colon.trimEnd()}`, url]),
    ...(data.answersAreRead ? ["", words.questions] : []),
    "",
  ];
  const preview = `${words.amountPaid}${words.colon}${amount}.`;
  return { subject, text: text.join("\n"), html: mailPage({ language, title: subject, preview, body }) };
}
