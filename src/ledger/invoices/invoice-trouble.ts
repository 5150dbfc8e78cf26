// Which invoices need a look: overdue, disputed, refunded, without a link that works.

import type { INVOICE_TROUBLES } from "../../platform/tables/invoices.ts";
import type { Book } from "../book.ts";
import type { Condition } from "../page.ts";

export type InvoiceTrouble = (typeof INVOICE_TROUBLES)[number];

// In the words of the partial index: only so does SQLite see that it serves.
const OPEN: Condition = ["status = 'open' AND status <> 'paid'"];

const LINK_FAILED = `(SELECT link.status = 'failed' OR (link.status = 'inactive' AND link.error IS NOT NULL)
  FROM payment_links AS link WHERE link.invoice_id = invoices.id ORDER BY link.revision DESC LIMIT 1)`;

// Money that went back is looked for by its own rows while these are few.
const FEW = 1000;

/** As a page asks for it: `few` are found and sorted; else `along` an index, with `beside` on each row. */
export function troubleOf(
  book: Book,
  is: InvoiceTrouble,
): { few?: Condition; along?: Condition; beside: Condition } {
  switch (is) {
    case "overdue":
      return { along: OPEN, beside: ["status = 'open' AND due_at_ms < ?", book.nowMs] };
    case "link_failed":
      return { along: OPEN, beside: [`status = 'open' AND ${LINK_FAILED}`] };
    case "disputed":
      return { ...fewOf(book, "disputes"), beside: ["payment_status = 'disputed'"] };
    case "refunded":
      return { ...fewOf(book, "refunds"), beside: ["amount_refunded_minor > 0"] };
  }
}

function fewOf(book: Book, table: "disputes" | "refunds"): { few?: Condition } {
  const hasMany = book.sql.first(`SELECT 1 FROM ${table} LIMIT 1 OFFSET ?`, FEW) !== undefined;
  return hasMany ? {} : { few: [`id IN (SELECT invoice_id FROM ${table})`] };
}
