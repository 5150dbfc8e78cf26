// Which payment pays which of Stripe's own invoices: since API 2025-03-31 nothing else says it.

import type Stripe from "stripe";
import { noSuch, noSuchParam } from "../errors.ts";
import { inRange, listParameters, newestFirst, paginate, rangeParameter } from "../lists.ts";
import { hash, oneOf, type ParametersOf, required, string } from "../parameters.ts";
import { route } from "../routes.ts";

const listed = {
  ...listParameters,
  created: rangeParameter(),
  invoice: string(),
  payment: hash({
    payment_intent: string(),
    payment_record: string(),
    type: required(oneOf("payment_intent", "payment_record")),
  }),
  status: oneOf("canceled", "open", "paid"),
} satisfies ParametersOf<Stripe.InvoicePaymentListParams>;

export const invoicePaymentRoutes = [
  route("GET", "/v1/invoice_payments", "invoice", listed, ({ account, params, url }) => {
    if (params.invoice !== undefined && !account.invoices[params.invoice])
      throw noSuchParam("invoice", params.invoice, "invoice");
    const payments = newestFirst(account.invoicePayments)
      .filter(({ invoice }) => params.invoice === undefined || invoice === params.invoice)
      .filter(({ status }) => params.status === undefined || status === params.status)
      .filter(
        ({ payment }) =>
          params.payment?.payment_intent === undefined ||
          payment.payment_intent === params.payment.payment_intent,
      )
      .filter(({ created }) => inRange(created, params.created));
    return paginate(payments, params, { url, kind: "invoice_payment" });
  }),
  route("GET", "/v1/invoice_payments/:id", "invoice", {}, ({ account, id }) => {
    const payment = account.invoicePayments[id];
    if (!payment) throw noSuch("invoice_payment", id);
    return payment;
  }),
];
