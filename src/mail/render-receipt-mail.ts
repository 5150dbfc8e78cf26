// The mail that says that an invoice has been paid. Pure, and escaped like the invoice's own mail.

import { frameMail, sellerIn } from "./frame-mail.ts";
import { html } from "./html.ts";
import { amountIn, linesHtml, linesText } from "./invoice-lines.ts";
import type { InvoiceMailData, MailContent } from "./mail-content.ts";
import { formatDay } from "./mail-locale.ts";
import { memoHtml, memoText } from "./memo.ts";
import { oneLine } from "./plain-text.ts";

export function renderReceiptMail(data: InvoiceMailData): MailContent {
  const { words } = data.locale;
  const amount = amountIn(data, data.amountPaidMinor);
  const seller = sellerIn(data);
  const number = oneLine(data.number);
  return frameMail(data, {
    subject: words.receiptSubject(number, seller),
    title: `${seller === null ? "" : `${seller} · `}${words.receipt} · ${words.invoice} ${number}`,
    sentences: [words.thanks],
    label: words.amountPaid,
    amount,
    note: data.paidAtMs === null ? null : words.paidOn(formatDay(data.paidAtMs, data.locale)),
    rest: {
      html: html`${linesHtml(data)}${memoHtml(data)}`,
      text: ["", ...linesText(data), ...memoText(data)],
    },
    preview: `${words.amountPaid}${words.colon}${amount}.`,
  });
}
