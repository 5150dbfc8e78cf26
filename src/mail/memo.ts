// The invoice's memo: the platform's own words, with their line breaks.

import { type Html, html } from "./html.ts";
import type { InvoiceMailData } from "./mail-content.ts";
import { paragraph, STYLE } from "./mail-layout.ts";
import { cleanLines } from "./plain-text.ts";

export function memoHtml(data: InvoiceMailData): Html {
  const lines = memoLines(data);
  if (lines.length === 0) return html``;
  const content = lines.map((line, index) => (index === 0 ? html`${line}` : html`<br>${line}`));
  return html`${paragraph(data.locale.words.note, `${STYLE.muted};margin-bottom:2px`, "soft")}${paragraph(html`${content}`)}`;
}

/** Set in, so that it cannot pass for the mail's own lines. */
export function memoText(data: InvoiceMailData): string[] {
  const lines = memoLines(data);
  return lines.length === 0
    ? []
    : [
        "",
        `${data.locale.words.note}${data.locale.words.colon}`.trimEnd(),
        ...lines.map((line) => `  ${line}`),
      ];
}

function memoLines(data: InvoiceMailData): string[] {
  return data.memo === null || data.memo.trim() === "" ? [] : cleanLines(data.memo.trim());
}
