// Rules of an invoice's amounts and lines. Pure: no I/O, no clock.

import { MOST, MOST_CHARACTERS } from "../../platform/stripe-limits.ts";
import type { InvoiceLine } from "../../platform/tables/invoices.ts";
import { cutText } from "../../platform/text.ts";

/** The sum of the lines in minor units. Exact: every factor is an integer. */
export function invoiceTotal(lines: readonly InvoiceLine[]): number {
  return lines.reduce((sum, line) => sum + line.quantity * line.unitAmountMinor, 0);
}

export type LinkLine = { name: string; quantity: number; unitAmountMinor: number };

/**
 * The lines as a Payment Link can show them: the same sum, always. Credits (negative lines) and more than
 * 20 lines cannot be shown there, so such an invoice is one line; the mail and the page show all of them.
 */
export function linkLines(number: string, lines: readonly InvoiceLine[]): LinkLine[] {
  if (isSummedUp(lines)) {
    const name = `Invoice ${number} (${lines.length} lines)`;
    return [{ name, quantity: 1, unitAmountMinor: invoiceTotal(lines) }];
  }
  return payable(lines).map((line) => ({
    name: cutText(line.description, MOST_CHARACTERS.productName),
    quantity: line.quantity,
    unitAmountMinor: line.unitAmountMinor,
  }));
}

/** The one line of a link over what is left of an invoice that was paid in part. */
export function remainderLine(number: string, remainingMinor: number): LinkLine {
  return { name: `Invoice ${number} (remaining amount)`, quantity: 1, unitAmountMinor: remainingMinor };
}

/** Whether a link can show these lines only as one; then only their sum has to be chargeable. */
export function isSummedUp(lines: readonly InvoiceLine[]): boolean {
  const shown = payable(lines);
  return shown.some((line) => line.unitAmountMinor < 0) || shown.length > MOST.linkLines;
}

function payable(lines: readonly InvoiceLine[]): InvoiceLine[] {
  return lines.filter((line) => line.quantity * line.unitAmountMinor !== 0);
}
