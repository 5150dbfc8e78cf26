// Changes what an invoice's row says, but for what settling alone writes.

import { eq } from "drizzle-orm";
import { invoices } from "../../platform/tables/invoices.ts";
import type { Book } from "../book.ts";
import { planDueDate } from "../due-dates/plan-due-date.ts";
import { countInvoice } from "./count-invoices.ts";
import type { InvoiceRow } from "./read-invoices.ts";

export function changeInvoice(
  book: Book,
  invoice: InvoiceRow,
  set: Partial<Omit<InvoiceRow, "id" | "updatedAtMs">>,
): void {
  book.db
    .update(invoices)
    .set({ ...set, updatedAtMs: book.nowMs })
    .where(eq(invoices.id, invoice.id))
    .run();
  countInvoice(book, invoice, { ...invoice, ...set });
  if (set.status === "open" || set.dueAtMs !== undefined) planDueDate(book, invoice.id);
}
