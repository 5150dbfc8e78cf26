// Payments as a file: the list's own filters, the API's own names.

import type * as z from "zod";
import { byCreation } from "../http/list.ts";
import { ledger } from "../ledger/client.ts";
import type { PaymentView } from "../ledger/payments/read-payments.ts";
import { listPaymentsQuery, toPayment, toPaymentFilter } from "../payments/schema.ts";
import type { Deps, Scope } from "../platform/deps.ts";
import { earlierBound, laterBound, period } from "./period.ts";
import { type CsvSource, EXPORT_PAGE } from "./stream-csv.ts";

export const paymentsExportQuery = listPaymentsQuery
  .omit({ limit: true, cursor: true })
  .extend(period("created_at"));

const COLUMNS = [
  "id",
  "status",
  "amount",
  "amount_decimal",
  "currency",
  "amount_refunded",
  "amount_refunded_decimal",
  "disputed",
  "invoice_id",
  "customer_id",
  "provider_payment_id",
  "reference",
  "payment_method_type",
  "failure_code",
  "failure_message",
  "receipt_url",
  "occurred_at",
  "created_at",
  "updated_at",
  "source",
  "checkout_session_id",
  "subscription_id",
  "subscription_invoice_id",
] as const;

export function exportPayments(
  deps: Deps,
  scope: Scope,
  query: z.output<typeof paymentsExportQuery>,
): CsvSource<PaymentView> {
  const filter = {
    ...toPaymentFilter(query),
    createdAfterMs: laterBound(query.created_after, query.from),
    createdBeforeMs: earlierBound(query.created_before, query.to),
  };
  return {
    columns: COLUMNS,
    toCells(row) {
      const payment = toPayment(row);
      return COLUMNS.map((name) => payment[name]);
    },
    pageSize: EXPORT_PAGE,
    read: (page) => ledger(deps, scope).listPayments({ filter, page }),
    positionOf: byCreation,
  };
}
