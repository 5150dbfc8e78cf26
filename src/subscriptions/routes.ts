// Doors that read subscriptions. The mirror is written from what Stripe says alone.

import { access } from "../directory/access.ts";
import { ledgerOf } from "../http/app-env.ts";
import { byCreation, SEARCHED_LIST } from "../http/list.ts";
import { getRoute, listRoute } from "../http/read-routes.ts";
import { BY_API_KEY, createRouter } from "../http/router.ts";
import * as invoiceSchema from "./invoice-schema.ts";
import * as schema from "./schema.ts";

const reading = { security: BY_API_KEY, tags: ["Subscriptions"], middleware: [access("read")] };

export const subscriptionRoutes = createRouter()
  .openapi(
    ...listRoute({
      ...reading,
      path: "/subscriptions",
      summary: "List subscriptions",
      description: SEARCHED_LIST,
      answer: "Subscriptions, newest first",
      query: schema.listSubscriptionsQuery,
      item: schema.subscriptionSchema,
      list: (c, { query: { customer_id: customerId, status }, page }) =>
        ledgerOf(c).listSubscriptions({ filter: { customerId, status }, page }),
      toItem: schema.toSubscription,
      positionOf: byCreation,
    }),
  )
  .openapi(
    ...getRoute({
      ...reading,
      path: "/subscriptions/{id}",
      summary: "Get a subscription",
      description: "As Stripe's events told it last.",
      answer: "The subscription",
      params: schema.subscriptionParams,
      object: "subscription",
      item: schema.subscriptionSchema,
      find: (c, id) => ledgerOf(c).findSubscription({ id }),
      toItem: schema.toSubscription,
    }),
  );

export const subscriptionInvoiceRoutes = createRouter()
  .openapi(
    ...listRoute({
      ...reading,
      path: "/subscription_invoices",
      summary: "List the invoices that Stripe makes for subscriptions",
      description: SEARCHED_LIST,
      answer: "Subscription invoices, newest first",
      query: invoiceSchema.listSubscriptionInvoicesQuery,
      item: invoiceSchema.subscriptionInvoiceSchema,
      list: (c, { query, page }) =>
        ledgerOf(c).listSubscriptionInvoices({
          filter: invoiceSchema.toSubscriptionInvoiceFilter(query),
          page,
        }),
      toItem: invoiceSchema.toSubscriptionInvoice,
      positionOf: byCreation,
    }),
  )
  .openapi(
    ...getRoute({
      ...reading,
      path: "/subscription_invoices/{id}",
      summary: "Get a subscription invoice",
      description: "As Stripe's events told it last. Its payments are at `GET /payments?subscription_id=`.",
      answer: "The subscription invoice",
      params: invoiceSchema.subscriptionInvoiceParams,
      object: "subscription invoice",
      item: invoiceSchema.subscriptionInvoiceSchema,
      find: (c, id) => ledgerOf(c).findSubscriptionInvoice({ id }),
      toItem: invoiceSchema.toSubscriptionInvoice,
    }),
  );
