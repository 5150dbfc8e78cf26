// The mail that says that an invoice has been paid. Pure, and escaped like the invoice's own mail.

import { html } from "./html.ts";
import { amountIn, linesHtml, linesText } from "./invoice-lines.ts";
import { type InvoiceMailData, MAX_SUBJECT, type MailContent } from "./mail-content.ts";
import { mailPage, paragraph, STYLE } from "./mail-layout.ts";
import { formatDay } from "./mail-locale.ts";
import { memoHtml, memoText } from "./memo.ts";
import { oneLine, shortLine } from "./plain-text.ts";

export function renderReceiptMail(data: InvoiceMailData): MailContent {
  const { words, language } = data.locale;
  const amount = amountIn(data, data.amountPaidMinor);
  const seller = data.sellerName === null ? null : shortLine(data.sellerName, 60);
  const number = oneLine(data.number);
  const subject = shortLine(words.receiptSubject(number, seller), MAX_SUBJECT);
  const title = `${seller === null ? "" : `${seller} · `}${words.receipt} · ${words.invoice} ${number}`;
  const hello = words.hello(oneLine(data.customerName));
  const paidOn = data.paidAtMs === null ? null : words.paidOn(formatDay(data.paidAtMs, data.locale));

  const body = html`${paragraph(title, STYLE.title)}${
    data.livemode ? null : paragraph(words.testMode, STYLE.muted, "soft")
  }${paragraph(hello)}${paragraph(words.thanks)}<p class="soft" style="margin:16px 0 0;${STYLE.muted}">${words.amountPaid}</p>
<p class="ink" style="margin:0 0 4px;${STYLE.amount}">${amount}</p>
${paidOn === null ? null : paragraph(paidOn, STYLE.muted, "soft")}${linesHtml(data)}${memoHtml(data)}${
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
    ...(paidOn === null ? [] : [paidOn]),
    "",
    ...linesText(data),
    ...memoText(data),
    ...(data.answersAreRead ? ["", words.questions] : []),
    "",
  ];
  const preview = `${words.amountPaid}${words.colon}${amount}.`;
  return { subject, text: text.join("\n"), html: mailPage({ language, title: subject, preview, body }) };
}
