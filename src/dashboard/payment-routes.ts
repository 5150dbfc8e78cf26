// What is sold and what came of it: the pages of invoices, payments, disputes, customers, subscriptions and checkout
// sessions. All need a session.

import { Hono } from "hono";
import type { DashboardEnv } from "./dashboard-env.ts";
import { lookAtCheckoutSession, showCheckoutSession } from "./pages/checkout-session.tsx";
import { showCheckoutSessions } from "./pages/checkout-sessions.tsx";
import { showCustomer } from "./pages/customer.tsx";
import { showCustomerRun, startRun, syncOne } from "./pages/customer-runs.tsx";
import { showCustomers } from "./pages/customers.tsx";
import { deleteCustomerByForm, showCustomerDeletion } from "./pages/delete-customer.tsx";
import { showDispute } from "./pages/dispute.tsx";
import { showDisputes } from "./pages/disputes.tsx";
import {
  changeCustomerByForm,
  makeCustomer,
  showCustomerForm,
  showNewCustomer,
} from "./pages/edit-customer.tsx";
import { showInvoice } from "./pages/invoice.tsx";
import { act, sendMailAgain, showAct } from "./pages/invoice-actions.tsx";
import { editInvoice, showInvoiceEdit } from "./pages/invoice-edit.tsx";
import { showInvoices } from "./pages/invoices.tsx";
import { makeInvoice, showNewInvoice } from "./pages/new-invoice.tsx";
import { showPayment } from "./pages/payment.tsx";
import { showPayments } from "./pages/payments.tsx";
import { recordPaymentByForm, showRecordPayment } from "./pages/record-payment.tsx";
import { refund, showRefund } from "./pages/refund.tsx";
import { refundByHand, showRefundByHand } from "./pages/refund-by-hand.tsx";
import { reverse, showReversal } from "./pages/reverse-payment.tsx";
import { showSubscription } from "./pages/subscription.tsx";
import { actOnSubscription, showSubscriptionAct } from "./pages/subscription-actions.tsx";
import { showSubscriptions } from "./pages/subscriptions.tsx";
import { requireFresh } from "./session/require-fresh.ts";
import { refunders, writers } from "./session/who-may.ts";

export function createPaymentRoutes() {
  const routes = new Hono<DashboardEnv>();
  routes.get("/invoices", showInvoices);
  routes.get("/invoices/new", writers, showNewInvoice);
  routes.post("/invoices/new", writers, makeInvoice);
  routes.get("/invoices/:id", showInvoice);
  routes.get("/invoices/:id/edit", writers, showInvoiceEdit);
  routes.post("/invoices/:id/edit", writers, editInvoice);
  routes.get("/invoices/:id/record-payment", writers, showRecordPayment);
  routes.post("/invoices/:id/record-payment", writers, recordPaymentByForm);
  routes.post("/invoices/:id/send", writers, sendMailAgain);
  for (const name of ["finalize", "payment-link", "reopen", "void", "uncollectible", "delete"] as const) {
    routes.get(`/invoices/:id/${name}`, writers, showAct(name));
    routes.post(`/invoices/:id/${name}`, writers, act(name));
  }
  routes.get("/payments", showPayments);
  routes.get("/payments/:id", showPayment);
  routes.get("/payments/:id/refund", refunders, requireFresh, showRefund);
  routes.post("/payments/:id/refund", refunders, requireFresh, refund);
  routes.get("/payments/:id/refund-by-hand", refunders, requireFresh, showRefundByHand);
  routes.post("/payments/:id/refund-by-hand", refunders, requireFresh, refundByHand);
  routes.get("/payments/:id/reverse", writers, showReversal);
  routes.post("/payments/:id/reverse", writers, reverse);
  routes.get("/disputes", showDisputes);
  routes.get("/disputes/:id", showDispute);
  routes.get("/customers", showCustomers);
  for (const kind of ["import", "sync"] as const) {
    routes.get(`/customers/${kind}`, writers, showCustomerRun(kind));
    routes.post(`/customers/${kind}`, writers, startRun(kind));
  }
  routes.get("/customers/new", writers, showNewCustomer);
  routes.post("/customers/new", writers, makeCustomer);
  routes.get("/customers/:id", showCustomer);
  routes.get("/customers/:id/edit", writers, showCustomerForm);
  routes.post("/customers/:id/edit", writers, changeCustomerByForm);
  routes.get("/customers/:id/delete", writers, showCustomerDeletion);
  routes.post("/customers/:id/delete", writers, deleteCustomerByForm);
  routes.post("/customers/:id/sync", writers, syncOne);
  routes.get("/subscriptions", showSubscriptions);
  routes.get("/subscriptions/:id", showSubscription);
  for (const name of ["cancel-at-period-end", "cancel", "resume"] as const) {
    routes.get(`/subscriptions/:id/${name}`, writers, showSubscriptionAct(name));
    routes.post(`/subscriptions/:id/${name}`, writers, actOnSubscription(name));
  }
  routes.get("/checkout-sessions", showCheckoutSessions);
  routes.get("/checkout-sessions/:id", showCheckoutSession);
  routes.post("/checkout-sessions/:id/look", writers, lookAtCheckoutSession);
  return routes;
}
