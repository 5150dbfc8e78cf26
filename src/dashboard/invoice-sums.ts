// How many invoices a list has and what they come to, where that is known without counting a table that grows: from the
// counts that are kept by status, or from the list itself where it is one page. Pure.

import type { InvoiceWithLink } from "../ledger/invoices/read-invoices.ts";
import type { Overdue } from "../ledger/invoices/read-overdue.ts";
import type { InvoiceCount } from "../ledger/stats/tally.ts";
import { OPEN_LOOKED_AT, remainingMinor } from "../platform/invoice-remaining.ts";
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
  return isOfOverdue && status === undefined && open <= OPEN_LOOKED_AT ? words(overdue, overdue) : null;
}

function ofPage(rows: readonly InvoiceWithLink[]): string | null {
  if (rows.length === 0) return null;
  const invoices = rows.map(({ invoice }) => invoice);
  const due = sumsOf(invoices.map(({ currency, amountDueMinor }) => ({ currency, minor: amountDueMinor })));
  const open = invoices.filter(({ status }) => status === "open");
  const owed = sumsOf(open.map((one) => ({ currency: one.currency, minor: remainingMinor(one) })));
  const parts = [owed === due ? "" : due, owed === "" ? "" : `${owed} to be paid`];
  return [countWords(rows.length, "invoice"), ...parts.filter((part) => part !== "")].join(", ");
}

/** What is still to be paid is that of the open ones alone: nobody is asked for what is a draft, void or given up. */
function ofCounts(counts: readonly InvoiceCount[], status: string | undefined): string {
  const those = status === undefined ? counts : counts.filter((one) => one.status === status);
  return words(
    those,
    those.filter((one) => one.status === "open"),
  );
}

function words(
  those: readonly { count: number }[],
  owing: readonly { currency: string; remainingMinor: number }[],
): string {
  const count = those.reduce((sum, one) => sum + one.count, 0);
  const owed = sumsOf(owing.map(({ currency, remainingMinor: minor }) => ({ currency, minor })));
  return owed === "" ? countWords(count, "invoice") : `${countWords(count, "invoice")}, ${owed} to be paid`;
}

/** `€129.00 + $43.00`; empty where all is nothing. */
function sumsOf(amounts: readonly { currency: string; minor: number }[]): string {
  const sums = new Map<string, number>();
  for (const { currency, minor } of amounts) sums.set(currency, (sums.get(currency) ?? 0) + minor);
  return [...sums]
    .filter(([, minor]) => minor !== 0)
    .map(([currency, minor]) => moneyText(minor, currency))
    .join(" + ");
}
