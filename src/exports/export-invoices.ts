// Invoices as a file: the list's own filters, the API's own names. Lines are left out: a row is an invoice.

import type * as z from "zod";
import { byCreation } from "../http/list.ts";
import { listInvoicesQuery, toInvoiceFilter } from "../invoices/request-schema.ts";
import { toInvoice } from "../invoices/schema.ts";
import { ledger } from "../ledger/client.ts";
import type { InvoiceWithLink } from "../ledger/invoices/read-invoices.ts";
import type { Deps, Scope } from "../platform/deps.ts";
import { earlierBound, laterBound, period } from "./period.ts";
import { type CsvSource, EXPORT_PAGE } from "./stream-csv.ts";

export const invoicesExportQuery = listInvoicesQuery
  .omit({ limit: true, cursor: true })
  .extend(period("created_at"));

const COLUMNS = [
  "id",
  "number",
  "customer_id",
  "status",
  "payment_status",
  "currency",
  "amount_due",
  "amount_due_decimal",
  "amount_paid",
  "amount_paid_decimal",
  "amount_remaining",
  "amount_remaining_decimal",
  "amount_refunded",
  "amount_refunded_decimal",
  "amount_disputed",
  "amount_disputed_decimal",
  "amount_discounted",
  "amount_discounted_decimal",
  "due_at",
  "finalized_at",
  "paid_at",
  "voided_at",
  "memo",
] as const;
const MORE = [
  "metadata",
  "payment_link_id",
  "payment_link_status",
  "payment_link_url",
  "created_at",
  "updated_at",
];

export function exportInvoices(
  deps: Deps,
  scope: Scope,
  query: z.output<typeof invoicesExportQuery>,
): CsvSource<InvoiceWithLink> {
  const filter = {
    ...toInvoiceFilter(query),
    createdAfterMs: laterBound(query.from, query.created_after),
    createdBeforeMs: earlierBound(query.to, query.created_before),
  };
  return {
    columns: [...COLUMNS, ...MORE],
    toCells(row) {
      const invoice = toInvoice(row, deps);
      const { payment_link: link, metadata, created_at, updated_at } = invoice;
      const ofLink = [link?.id ?? null, link?.status ?? null, link?.url ?? null];
      return [
        ...COLUMNS.map((name) => invoice[name]),
        JSON.stringify(metadata),
        ...ofLink,
        created_at,
        updated_at,
      ];
    },
    // Each is read with all its lines.
    pageSize: EXPORT_PAGE,
    read: (page) => ledger(deps, scope).listInvoices({ filter, page }),
    positionOf: ({ invoice }) => byCreation(invoice),
  };
}
