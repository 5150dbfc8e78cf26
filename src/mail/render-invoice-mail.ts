// The mail that brings an invoice and the button that pays it, or reminds of it. Pure: plain data in, a subject and
// both parts out. Whatever comes from elsewhere is escaped in the HTML, and one line in the text and the subject.

import { html } from "./html.ts";
import { amountIn, linesHtml, linesText } from "./invoice-lines.ts";
import { type InvoiceMailData, MAX_SUBJECT, type MailContent, remainingOf } from "./mail-content.ts";
import { button, mailPage, paragraph, STYLE } from "./mail-layout.ts";
import { formatDay, formatDaysFromNow } from "./mail-locale.ts";
import { memoHtml, memoText } from "./memo.ts";
import { oneLine, shortLine } from "./plain-text.ts";

/** @param url where this customer pays; http(s) */
export function renderInvoiceMail(data: InvoiceMailData, url: string): MailContent {
  const { words, language } = data.locale;
  const amount = amountIn(data, remainingOf(data));
  const seller = data.sellerName === null ? null : shortLine(data.sellerName, 60);
  const number = oneLine(data.number);
  const subject = shortLine(subjectWords(data)(number, seller, amount), MAX_SUBJECT);
  const due = data.dueAtMs === null ? null : words.dueBy(formatDay(data.dueAtMs, data.locale));
  const reminder = reminderWords(data);
  const about = `${reminder.length === 0 ? "" : `${words.reminder} · `}${words.invoice} ${number}`;
  const title = seller === null ? about : `${seller} · ${about}`;
  const hello = words.hello(oneLine(data.customerName));

  const body = html`${paragraph(title, STYLE.title)}${
    data.livemode ? null : paragraph(words.testMode, STYLE.muted, "soft")
  }${paragraph(hello)}${reminder.map((sentence) => paragraph(sentence))}<p class="soft" style="margin:16px 0 0;${STYLE.muted}">${words.amountDue}</p>
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
    ...reminder.flatMap((sentence) => [sentence, ""]),
    `${words.amountDue}${words.colon}${amount}`,
    ...(due === null ? [] : [due]),
    "",
    `${words.pay(amount)}${words.colon}`.trimEnd(),
    url,
    "",
    ...linesText(data),
    ...memoText(data),
    ...(data.answersAreRead ? ["", words.questions] : []),
    "",
  ];
  const owed = `${words.amountDue}${words.colon}${amount}`;
  const preview = reminder[0] ?? (due === null ? owed : `${owed}. ${due}.`);
  return { subject, text: text.join("\n"), html: mailPage({ language, title: subject, preview, body }) };
}

function subjectWords({ dueInDays, locale: { words } }: InvoiceMailData) {
  if (dueInDays === null) return words.invoiceSubject;
  return dueInDays < 0 ? words.overdueSubject : words.reminderSubject;
}

/** Sentence by sentence; none where it is no reminder. */
function reminderWords({ dueAtMs, dueInDays, locale }: InvoiceMailData): string[] {
  if (dueAtMs === null || dueInDays === null) return [];
  const { words } = locale;
  const date = formatDay(dueAtMs, locale);
  const due = { date, relative: formatDaysFromNow(dueInDays, locale) };
  if (dueInDays < 0) return [words.wasDue(due), words.paidMeanwhile];
  return [dueInDays === 0 ? words.isDueToday(date) : words.isDue(due)];
}
