// What all mails have alike: the title, the greeting, an amount in large figures, and the offer to answer. Pure: both
// parts are made of the same pieces.

import { type Html, html } from "./html.ts";
import { MAX_SUBJECT, type MailContent } from "./mail-content.ts";
import { mailPage, paragraph, STYLE } from "./mail-layout.ts";
import type { MailLocale } from "./mail-locale.ts";
import { oneLine, shortLine } from "./plain-text.ts";

type Reader = { locale: MailLocale; customerName: string; livemode: boolean; answersAreRead: boolean };

type Pieces = {
  subject: string;
  title: string;
  /** Between the greeting and the amount. */
  sentences: readonly string[];
  /** What the amount is, such as "Amount due". */
  label: string;
  amount: string;
  /** Below the amount: a day. */
  note: string | null;
  rest: { html: Html; text: readonly string[] };
  /** What a mailbox shows beside the subject. */
  preview: string;
};

export function frameMail(data: Reader, pieces: Pieces): MailContent {
  const { words, language } = data.locale;
  const { title, sentences, label, amount, note, rest, preview } = pieces;
  const subject = shortLine(pieces.subject, MAX_SUBJECT);
  const hello = words.hello(oneLine(data.customerName));
  const soft = (text: string) => paragraph(text, STYLE.muted, "soft");

  const body = html`${paragraph(title, STYLE.title)}${data.livemode ? null : soft(words.testMode)}${paragraph(
    hello,
  )}${sentences.map((sentence) => paragraph(sentence))}<p class="soft" style="margin:16px 0 0;${STYLE.muted}">${label}</p>
<p class="ink" style="margin:0 0 4px;${STYLE.amount}">${amount}</p>
${note === null ? null : soft(note)}${rest.html}${data.answersAreRead ? soft(words.questions) : null}`;

  const text = [
    title,
    ...(data.livemode ? [] : [words.testMode]),
    "",
    hello,
    "",
    ...sentences.flatMap((sentence) => [sentence, ""]),
    `${label}${words.colon}${amount}`,
    ...(note === null ? [] : [note]),
    ...rest.text,
    ...(data.answersAreRead ? ["", words.questions] : []),
    "",
  ];
  return { subject, text: text.join("\n"), html: mailPage({ language, title: subject, preview, body }) };
}

/** The seller as a title and a subject show it; null where nobody said. */
export function sellerIn({ sellerName }: { sellerName: string | null }): string | null {
  return sellerName === null ? null : shortLine(sellerName, 60);
}
