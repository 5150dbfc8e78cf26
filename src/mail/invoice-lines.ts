// An invoice's lines and sums, for both parts of a mail: every line, also where the payment link shows one.

import { formatForDisplay } from "../platform/money.ts";
import { type Html, html } from "./html.ts";
import { type InvoiceMailData, remainingOf } from "./mail-content.ts";
import { STYLE } from "./mail-layout.ts";
import { oneLine } from "./plain-text.ts";

/** An amount of the invoice in the customer's way of writing. */
export function amountIn(data: InvoiceMailData, amountMinor: number): string {
  return formatForDisplay(amountMinor, data.currency, data.locale.amounts);
}

type Row = { name: string; detail: string | null; amount: string };

function lineRows(data: InvoiceMailData): Row[] {
  const count = new Intl.NumberFormat(data.locale.amounts);
  return data.lines.map((line) => ({
    name: oneLine(line.description),
    detail:
      line.quantity === 1 ? null : `${count.format(line.quantity)} × ${amountIn(data, line.unitAmountMinor)}`,
    amount: amountIn(data, line.quantity * line.unitAmountMinor),
  }));
}

function sumRows(data: InvoiceMailData): Row[] {
  const { words } = data.locale;
  const total = { name: words.total, detail: null, amount: amountIn(data, data.amountDueMinor) };
  const discounted = data.amountDiscountedMinor;
  if (data.amountPaidMinor === 0 && discounted === 0) return [total];
  const remaining = remainingOf(data);
  const off =
    discounted === 0 ? [] : [{ name: words.discount, detail: null, amount: amountIn(data, -discounted) }];
  const paid = { name: words.alreadyPaid, detail: null, amount: amountIn(data, data.amountPaidMinor) };
  if (remaining === 0) return [total, ...off, { ...paid, name: words.amountPaid }];
  return [total, ...off, paid, { name: words.remaining, detail: null, amount: amountIn(data, remaining) }];
}

export function linesHtml(data: InvoiceMailData): Html {
  const { words } = data.locale;
  const head = `${STYLE.muted};text-align:left;padding:0 0 6px`;
  const cell = "padding:10px 0;border-top:1px solid #dfe6e3;vertical-align:top";
  const right = "text-align:right;white-space:nowrap;padding-left:16px";
  return html`<table width="100%" cellpadding="0" cellspacing="0" border="0" style="margin:20px 0 16px;border-collapse:collapse">
<tr><th class="soft" scope="col" style="${head}">${words.description}</th><th class="soft" scope="col" style="${head};${right}">${words.amount}</th></tr>
${lineRows(data).map(
  (row) => html`<tr><td class="ink rule" style="${STYLE.text};${cell}">${row.name}${
    row.detail === null ? null : html`<br><span class="soft" style="${STYLE.muted}">${row.detail}</span>`
  }</td><td class="ink rule" style="${STYLE.text};${cell};${right}">${row.amount}</td></tr>
`,
)}${sumRows(data).map(
  (
    row,
  ) => html`<tr><td class="ink rule" style="${STYLE.title};${cell}">${row.name}</td><td class="ink rule" style="${STYLE.title};${cell};${right}">${row.amount}</td></tr>
`,
)}</table>
`;
}

export function linesText(data: InvoiceMailData): string[] {
  const lines = lineRows(data).flatMap((row) => [
    `- ${row.name}`,
    `  ${row.detail === null ? "" : `${row.detail} = `}${row.amount}`,
  ]);
  const { colon } = data.locale.words;
  return [...lines, "", ...sumRows(data).map((row) => `${row.name}${colon}${row.amount}`)];
}
