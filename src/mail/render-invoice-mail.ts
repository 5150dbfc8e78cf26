// The mail that brings an invoice and the button that pays it, or reminds of it. Pure: plain data in, a subject and
// both parts out. Whatever comes from elsewhere is escaped in the HTML, and one line in the text and the subject.

import { frameMail, sellerIn } from "./frame-mail.ts";
import { html } from "./html.ts";
import { amountIn, linesHtml, linesText } from "./invoice-lines.ts";
import { type InvoiceMailData, type MailContent, remainingOf } from "./mail-content.ts";
import { button, paragraph, STYLE } from "./mail-layout.ts";
import { formatDay, formatDaysFromNow } from "./mail-locale.ts";
import { memoHtml, memoText } from "./memo.ts";
import { oneLine } from "./plain-text.ts";

/** @param url where this customer pays; http(s) */
export function renderInvoiceMail(data: InvoiceMailData, url: string): MailContent {
  const { words } = data.locale;
  const amount = amountIn(data, remainingOf(data));
  const seller = sellerIn(data);
  const number = oneLine(data.number);
  const due = data.dueAtMs === null ? null : words.dueBy(formatDay(data.dueAtMs, data.locale));
  const reminder = reminderWords(data);
  const about = `${reminder.length === 0 ? "" : `${words.reminder} · `}${words.invoice} ${number}`;
  const owed = `${words.amountDue}${words.colon}${amount}`;
  const link = html`${words.orOpen}<br><a class="link" href="${url}" style="${STYLE.address}">${url}</a>`;
  return frameMail(data, {
    subject: subjectWords(data)(number, seller, amount),
    title: seller === null ? about : `${seller} · ${about}`,
    sentences: reminder,
    label: words.amountDue,
    amount,
    note: due,
    rest: {
      html: html`${button(words.pay(amount), url)}${linesHtml(data)}${memoHtml(data)}${paragraph(link, STYLE.muted, "soft")}`,
      text: [
        "",
        `${words.pay(amount)}${words.colon}`.trimEnd(),
        url,
        "",
        ...linesText(data),
        ...memoText(data),
      ],
    },
    preview: reminder[0] ?? (due === null ? owed : `${owed}. ${due}.`),
  });
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
