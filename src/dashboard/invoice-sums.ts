// How many invoices a list has and what they come to, where that is known without counting a table that grows: from the
// counts that are kept by status, or from the list itself where it is one page. Pure.

import type { InvoiceWithLink } from "../ledger/invoices/read-invoices.ts";
import type { Overdue } from "../ledger/invoices/read-overdue.ts";
import type { InvoiceCount } from "../ledger/stats/tally.ts";
import { OPEN_LOOKED_AT } from "../platform/invoice-remaining.ts";
import { moneyText } from "./parts/money.tsx";
import type { ReadList } from "./read-list.ts";
import { countWords } from "./status-words.ts";

/** Null where it is not known. Amounts of different currencies are never added. */
export function invoiceSums(
  list: Pick<ReadList<InvoiceWithLink>, "filters" | "rows" | "cursor" | "nextCursor">,
  counts: readonly InvoiceCount[],
  overdue: readonly Overdue[],
): string | null {
  if (list.cursor === undefined && list.nextCursor === null) return ofPage(list.rows);
  const { status, ...others } = list.filters;
  if (Object.keys(others).length === 0) return ofCounts(counts, status);
  const isOfOverdue = others.is === "overdue" && Object.keys(others).length === 1;
  const open = counts.filter((one) => one.status === "open").reduce((sum, { count }) => sum + count, 0);
  return isOfOverdue && status === undefined && open <= OPEN_LOOKED_AT ? words(overdue) : null;
}

function ofPage(rows: readonly InvoiceWithLink[]): string | null {
  if (rows.length === 0) return null;
  const byCurrency = Map.groupBy(rows, ({ invoice }) => invoice.currency);
  const sums = [...byCurrency].map(([currency, of]) =>
    moneyText(
      of.reduce((sum, { invoice }) => sum + invoice.amountDueMinor, 0),
      currency,
    ),
  );
  return `${countWords(rows.length, "invoice")}, ${sums.join(" + ")}`;
}

function ofCounts(counts: readonly InvoiceCount[], status: string | undefined): string {
  return words(status === undefined ? counts : counts.filter((one) => one.status === status));
}

/** What is still to be paid of them, since that is what is counted; nothing where nothing is. */
function words(counts: readonly { currency: string; count: number; remainingMinor: number }[]): string {
  const count = counts.reduce((sum, one) => sum + one.count, 0);
  const owed = new Map<string, number>();
  for (const { currency, remainingMinor } of counts)
    owed.set(currency, (owed.get(currency) ?? 0) + remainingMinor);
  const sums = [...owed].flatMap(([currency, minor]) => (minor === 0 ? [] : [moneyText(minor, currency)]));
  return [
    countWords(count, "invoice"),
    ...(sums.length === 0 ? [] : [`${sums.join(" + ")} to be paid`]),
  ].join(", ");
}
