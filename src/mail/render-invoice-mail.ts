// The mail that brings an invoice and the button that pays it. Pure: plain data in, a subject and both parts
// out. Whatever comes from elsewhere is escaped in the HTML, and one line in the text and the subject.

import { html } from "./html.ts";
import { amountIn, linesHtml, linesText } from "./invoice-lines.ts";
import { type InvoiceMailData, MAX_SUBJECT, type MailContent, remainingOf } from "./mail-content.ts";
import { button, mailPage, paragraph, STYLE } from "./mail-layout.ts";
import { formatDay } from "./mail-locale.ts";
import { memoHtml, memoText } from "./memo.ts";
import { oneLine, shortLine } from "./plain-text.ts";

/** @param url where this customer pays; http(s) */
export function renderInvoiceMail(data: InvoiceMailData, url: string): MailContent {
  const { words, language } = data.locale;
  const amount = amountIn(data, remainingOf(data));
  const seller = data.sellerName === null ? null : shortLine(data.sellerName, 60);
  const number = oneLine(data.number);
  const subject = shortLine(words.invoiceSubject(number, seller, amount), MAX_SUBJECT);
  const due = data.dueAtMs === null ? null : words.dueBy(formatDay(data.dueAtMs, data.locale));
  const title = seller === null ? `${words.invoice} ${number}` : `${seller} · ${words.invoice} ${number}`;
  const hello = words.hello(oneLine(data.customerName));

  const body = html`${paragraph(title, STYLE.title)}${
    data.livemode ? null : paragraph(words.testMode, STYLE.muted, "soft")
  }${paragraph(hello)}<p class="soft" style="margin:16px 0 0;${STYLE.muted}">${words.amountDue}</p>
<p class="ink" style="margin:0 0 4px;${STYLE.amount}">${amount}</p>
${due === null ? null : paragraph(due, STYLE.muted, "soft")}${button(words.pay(amount), url)}${linesHtml(data)}${memoHtml(data)}${paragraph(
  html`${words.orOpen}<br><a class="link" href="${url}" style="${STYLE.address}">${url}</a>`,
  STYLE.muted,
  "soft",
)}${data.answersAreRead ? paragraph(words.questions, STYLE.muted, "soft") : null}`;

  const text = [
    title,
    ...(data.livemode ? [] : [words.testMode]),
    "",
    hello,
    "",
    `${words.amountDue}: ${amount}`,
    ...(due === null ? [] : [due]),
    "",
    `${words.pay(amount)}:`,
    url,
    "",
    ...linesText(data),
    ...memoText(data),
    ...(data.answersAreRead ? ["", words.questions] : []),
    "",
  ];
  const preview = due === null ? `${words.amountDue}: ${amount}` : `${words.amountDue}: ${amount}. ${due}.`;
  return { subject, text: text.join("\n"), html: mailPage({ language, title: subject, preview, body }) };
}
