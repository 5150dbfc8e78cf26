// The dashboard's doors. Everything but signing in needs a session; its scope is the session's. Pages read
// through the API's own stores; a form is a POST here, and is refused when it comes from another site.

import { Hono } from "hono";
import { csrf } from "hono/csrf";
import { assets } from "./assets.ts";
import type { DashboardContext, DashboardEnv } from "./dashboard-env.ts";
import { GUIDE_STEPS } from "./guide/guide-state.ts";
import { connectHeaders, mailHeaders, noStore, pageHeaders } from "./page-headers.ts";
import { showApiKeys } from "./pages/api-keys.tsx";
import { showAuditLog } from "./pages/audit-log.tsx";
import { lookAtCheckoutSession, showCheckoutSession } from "./pages/checkout-session.tsx";
import { showCheckoutSessions } from "./pages/checkout-sessions.tsx";
import { confirmSession, showConfirmation } from "./pages/confirm-session.tsx";
import { connectByKey, showConnectByKey } from "./pages/connect-by-key.tsx";
import { connectStripe, showConnectStripe } from "./pages/connect-stripe.tsx";
import { actOnConnection, showConnectionAct, testShownConnection } from "./pages/connection-acts.tsx";
import {
  replaceKey,
  replaceSigningSecret,
  showReplaceKey,
  showReplaceSigningSecret,
} from "./pages/connection-secrets.tsx";
import { changeConnectionSettings, showConnectionSettings } from "./pages/connection-settings.tsx";
import { reconcile, showConnections } from "./pages/connections.tsx";
import { showCustomer } from "./pages/customer.tsx";
import { showCustomerRun, startRun, syncOne } from "./pages/customer-runs.tsx";
import { showCustomers } from "./pages/customers.tsx";
import { deleteCustomerByForm, showCustomerDeletion } from "./pages/delete-customer.tsx";
import { retry, showDelivery } from "./pages/delivery.tsx";
import { actOnDestination, showDestinationAct, testOne } from "./pages/destination-actions.tsx";
import { disconnectConnection, showDisconnection } from "./pages/disconnect.tsx";
import {
  dismissMany,
  dismissShownEvent,
  showDismissMany,
  showEventDismissal,
} from "./pages/dismiss-events.tsx";
import { dismiss, showDismissal } from "./pages/dismiss-job.tsx";
import { showDispute } from "./pages/dispute.tsx";
import { showDisputes } from "./pages/disputes.tsx";
import {
  changeCustomerByForm,
  makeCustomer,
  showCustomerForm,
  showNewCustomer,
} from "./pages/edit-customer.tsx";
import { editDestination, showDestinationEdit } from "./pages/edit-destination.tsx";
import { showEnvironments, switchEnvironment } from "./pages/environments.tsx";
import { showEventDestination } from "./pages/event-destination.tsx";
import { showEventDestinations } from "./pages/event-destinations.tsx";
import { downloadInvoices, downloadPayments, downloadWebhookEvents } from "./pages/exports.ts";
import { showExports } from "./pages/exports-page.tsx";
import { makeTestPayment, sendGuideExample, showGuide, showGuideStep, tellPlatform } from "./pages/guide.tsx";
import { showHome } from "./pages/home.tsx";
import { showInvoice } from "./pages/invoice.tsx";
import { act, sendMailAgain, showAct } from "./pages/invoice-actions.tsx";
import { editInvoice, showInvoiceEdit } from "./pages/invoice-edit.tsx";
import { showInvoices } from "./pages/invoices.tsx";
import { showIssues } from "./pages/issues.tsx";
import { downloadMail, sendMailOnceMore, showMail, showMailContent } from "./pages/mail.tsx";
import { showMails } from "./pages/mails.tsx";
import { makeApiKey, showNewApiKey } from "./pages/new-api-key.tsx";
import { makeDestination, showNewDestination } from "./pages/new-destination.tsx";
import { makeInvoice, showNewInvoice } from "./pages/new-invoice.tsx";
import { openLink, showLink } from "./pages/open-link.tsx";
import { showPayment } from "./pages/payment.tsx";
import { showPayments } from "./pages/payments.tsx";
import { showError, showNotFound } from "./pages/problem.tsx";
import { recordPaymentByForm, showRecordPayment } from "./pages/record-payment.tsx";
import { recover, showRecovery } from "./pages/recover-deliveries.tsx";
import { refund, showRefund } from "./pages/refund.tsx";
import { refundByHand, showRefundByHand } from "./pages/refund-by-hand.tsx";
import { replayMany, showReplay } from "./pages/replay-events.tsx";
import { retryAll, retryOne, showRetryAll } from "./pages/retry-jobs.tsx";
import { reverse, showReversal } from "./pages/reverse-payment.tsx";
import { revoke, showRevocation } from "./pages/revoke-api-key.tsx";
import { rotate, showRotation } from "./pages/rotate-secret.tsx";
import { showSearch } from "./pages/search.tsx";
import { showSecurityLog } from "./pages/security-log.tsx";
import { endSessions, showSessions } from "./pages/sessions.tsx";
import { changeSettingsByForm, showSettings } from "./pages/settings.tsx";
import { showSignIn, signIn, signOut } from "./pages/sign-in.tsx";
import { showStuckJobs } from "./pages/stuck-jobs.tsx";
import { showSubscription } from "./pages/subscription.tsx";
import { actOnSubscription, showSubscriptionAct } from "./pages/subscription-actions.tsx";
import { showSubscriptions } from "./pages/subscriptions.tsx";
import { replay, showWebhookEvent } from "./pages/webhook-event.tsx";
import { showWebhookEvents } from "./pages/webhook-events.tsx";
import { requireRole, requireTenant } from "./session/may-act.ts";
import { requireFresh } from "./session/require-fresh.ts";
import { requireSession } from "./session/require-session.ts";

const writers = requireRole("write");
const admins = requireRole("admin");
const refunders = requireRole("write", "refunds");
const keepers = requireRole("admin", "event_destinations");
const settlers = requireRole("admin", "settings");
const keyMakers = requireRole("admin", "api_keys");
const connectors = requireRole("admin", "connections");
const exporters = requireRole("read", "exports");

export function createDashboardRoutes() {
  const dashboardRoutes = new Hono<DashboardEnv>();

  dashboardRoutes.onError((error, c) => showError(error, c as DashboardContext));
  // Before the pages' own headers, which allow no frame and no inline style.
  dashboardRoutes.get(
    "/mails/:id/content",
    mailHeaders,
    noStore,
    requireSession,
    requireTenant,
    showMailContent,
  );
  dashboardRoutes.get(
    "/connect-stripe",
    connectHeaders,
    noStore,
    requireSession,
    connectors,
    showConnectStripe,
  );
  dashboardRoutes.post(
    "/connect-stripe",
    connectHeaders,
    noStore,
    csrf(),
    requireSession,
    connectors,
    connectStripe,
  );
  dashboardRoutes.use(pageHeaders, noStore);
  dashboardRoutes.route("/", assets);
  dashboardRoutes.use(csrf());
  dashboardRoutes.get("/sign-in", showSignIn);
  dashboardRoutes.post("/sign-in", signIn);
  dashboardRoutes.post("/sign-out", signOut);
  dashboardRoutes.get("/open/:token", showLink);
  dashboardRoutes.post("/open/:token", openLink);
  // Also from where the present session has ended.
  dashboardRoutes.post("/environments/switch", switchEnvironment);

  dashboardRoutes.use(requireSession);
  dashboardRoutes.get("/", showHome);
  dashboardRoutes.get("/guide", showGuide);
  for (const { name } of GUIDE_STEPS) dashboardRoutes.get(`/guide/${name}`, showGuideStep(name));
  dashboardRoutes.post("/guide/payment", writers, makeTestPayment);
  dashboardRoutes.post("/guide/platform", keepers, requireFresh, tellPlatform);
  dashboardRoutes.post("/guide/platform/example", keepers, sendGuideExample);
  dashboardRoutes.get("/issues", showIssues);
  dashboardRoutes.get("/search", showSearch);
  dashboardRoutes.get("/environments", showEnvironments);
  dashboardRoutes.get("/confirm", requireTenant, showConfirmation);
  dashboardRoutes.post("/confirm", requireTenant, confirmSession);
  dashboardRoutes.get("/sessions", requireTenant, showSessions);
  dashboardRoutes.post("/sessions/end", requireTenant, endSessions);
  dashboardRoutes.get("/invoices", showInvoices);
  dashboardRoutes.get("/invoices/new", writers, showNewInvoice);
  dashboardRoutes.post("/invoices/new", writers, makeInvoice);
  dashboardRoutes.get("/invoices/:id", showInvoice);
  dashboardRoutes.get("/invoices/:id/edit", writers, showInvoiceEdit);
  dashboardRoutes.post("/invoices/:id/edit", writers, editInvoice);
  dashboardRoutes.get("/invoices/:id/record-payment", writers, showRecordPayment);
  dashboardRoutes.post("/invoices/:id/record-payment", writers, recordPaymentByForm);
  dashboardRoutes.post("/invoices/:id/send", writers, sendMailAgain);
  for (const name of ["finalize", "payment-link", "reopen", "void", "uncollectible", "delete"] as const) {
    dashboardRoutes.get(`/invoices/:id/${name}`, writers, showAct(name));
    dashboardRoutes.post(`/invoices/:id/${name}`, writers, act(name));
  }
  dashboardRoutes.get("/payments", showPayments);
  dashboardRoutes.get("/payments/:id", showPayment);
  dashboardRoutes.get("/payments/:id/refund", refunders, requireFresh, showRefund);
  dashboardRoutes.post("/payments/:id/refund", refunders, requireFresh, refund);
  dashboardRoutes.get("/payments/:id/refund-by-hand", refunders, requireFresh, showRefundByHand);
  dashboardRoutes.post("/payments/:id/refund-by-hand", refunders, requireFresh, refundByHand);
  dashboardRoutes.get("/payments/:id/reverse", writers, showReversal);
  dashboardRoutes.post("/payments/:id/reverse", writers, reverse);
  dashboardRoutes.get("/disputes", showDisputes);
  dashboardRoutes.get("/disputes/:id", showDispute);
  dashboardRoutes.get("/customers", showCustomers);
  for (const kind of ["import", "sync"] as const) {
    dashboardRoutes.get(`/customers/${kind}`, writers, showCustomerRun(kind));
    dashboardRoutes.post(`/customers/${kind}`, writers, startRun(kind));
  }
  dashboardRoutes.get("/customers/new", writers, showNewCustomer);
  dashboardRoutes.post("/customers/new", writers, makeCustomer);
  dashboardRoutes.get("/customers/:id", showCustomer);
  dashboardRoutes.get("/customers/:id/edit", writers, showCustomerForm);
  dashboardRoutes.post("/customers/:id/edit", writers, changeCustomerByForm);
  dashboardRoutes.get("/customers/:id/delete", writers, showCustomerDeletion);
  dashboardRoutes.post("/customers/:id/delete", writers, deleteCustomerByForm);
  dashboardRoutes.post("/customers/:id/sync", writers, syncOne);
  dashboardRoutes.get("/subscriptions", showSubscriptions);
  dashboardRoutes.get("/subscriptions/:id", showSubscription);
  for (const name of ["cancel-at-period-end", "cancel", "resume"] as const) {
    dashboardRoutes.get(`/subscriptions/:id/${name}`, writers, showSubscriptionAct(name));
    dashboardRoutes.post(`/subscriptions/:id/${name}`, writers, actOnSubscription(name));
  }
  dashboardRoutes.get("/checkout-sessions", showCheckoutSessions);
  dashboardRoutes.get("/checkout-sessions/:id", showCheckoutSession);
  dashboardRoutes.post("/checkout-sessions/:id/look", writers, lookAtCheckoutSession);
  dashboardRoutes.get("/mails", showMails);
  dashboardRoutes.get("/mails/:id", showMail);
  dashboardRoutes.get("/mails/:id/file", requireTenant, downloadMail);
  dashboardRoutes.post("/mails/:id/resend", writers, sendMailOnceMore);
  dashboardRoutes.get("/webhook-events", showWebhookEvents);
  dashboardRoutes.get("/webhook-events/replay", writers, showReplay);
  dashboardRoutes.post("/webhook-events/replay", writers, replayMany);
  dashboardRoutes.get("/webhook-events/dismiss", writers, showDismissMany);
  dashboardRoutes.post("/webhook-events/dismiss", writers, dismissMany);
  dashboardRoutes.get("/webhook-events/:id", showWebhookEvent);
  dashboardRoutes.post("/webhook-events/:id/replay", writers, replay);
  dashboardRoutes.get("/webhook-events/:id/dismiss", writers, showEventDismissal);
  dashboardRoutes.post("/webhook-events/:id/dismiss", writers, dismissShownEvent);
  dashboardRoutes.get("/connections", showConnections);
  dashboardRoutes.get("/connections/new", connectors, requireFresh, showConnectByKey);
  dashboardRoutes.post("/connections/new", connectors, requireFresh, connectByKey);
  dashboardRoutes.get("/connections/:id/test", connectors, showConnectionAct("test"));
  dashboardRoutes.post("/connections/:id/test", connectors, testShownConnection);
  dashboardRoutes.post("/connections/:id/reconcile", connectors, reconcile);
  dashboardRoutes.get("/connections/:id/key", connectors, requireFresh, showReplaceKey);
  dashboardRoutes.post("/connections/:id/key", connectors, requireFresh, replaceKey);
  dashboardRoutes.get("/connections/:id/signing-secret", connectors, requireFresh, showReplaceSigningSecret);
  dashboardRoutes.post("/connections/:id/signing-secret", connectors, requireFresh, replaceSigningSecret);
  dashboardRoutes.get("/connections/:id/settings", connectors, showConnectionSettings);
  dashboardRoutes.post("/connections/:id/settings", connectors, changeConnectionSettings);
  for (const name of ["pause", "resume", "webhook"] as const) {
    dashboardRoutes.get(`/connections/:id/${name}`, connectors, showConnectionAct(name));
    dashboardRoutes.post(`/connections/:id/${name}`, connectors, actOnConnection(name));
  }
  dashboardRoutes.get("/connections/:id/disconnect", connectors, requireFresh, showDisconnection);
  dashboardRoutes.post("/connections/:id/disconnect", connectors, requireFresh, disconnectConnection);
  dashboardRoutes.get("/event-destinations", showEventDestinations);
  dashboardRoutes.get("/event-destinations/new", keepers, requireFresh, showNewDestination);
  dashboardRoutes.post("/event-destinations/new", keepers, requireFresh, makeDestination);
  dashboardRoutes.get("/event-destinations/:id", showEventDestination);
  dashboardRoutes.get("/event-destinations/:id/edit", keepers, showDestinationEdit);
  dashboardRoutes.post("/event-destinations/:id/edit", keepers, editDestination);
  dashboardRoutes.post("/event-destinations/:id/test", keepers, testOne);
  dashboardRoutes.get("/event-destinations/:id/rotate-secret", keepers, requireFresh, showRotation);
  dashboardRoutes.post("/event-destinations/:id/rotate-secret", keepers, requireFresh, rotate);
  for (const name of ["switch-on", "switch-off", "delete"] as const) {
    dashboardRoutes.get(`/event-destinations/:id/${name}`, keepers, showDestinationAct(name));
    dashboardRoutes.post(`/event-destinations/:id/${name}`, keepers, actOnDestination(name));
  }
  dashboardRoutes.get("/event-destinations/:id/recover", keepers, showRecovery);
  dashboardRoutes.post("/event-destinations/:id/recover", keepers, recover);
  dashboardRoutes.get("/deliveries/:id", showDelivery);
  dashboardRoutes.post("/deliveries/:id/retry", admins, retry);
  dashboardRoutes.get("/api-keys", keyMakers, showApiKeys);
  dashboardRoutes.get("/api-keys/new", keyMakers, requireFresh, showNewApiKey);
  dashboardRoutes.post("/api-keys/new", keyMakers, requireFresh, makeApiKey);
  dashboardRoutes.get("/api-keys/:id/revoke", keyMakers, requireFresh, showRevocation);
  dashboardRoutes.post("/api-keys/:id/revoke", keyMakers, requireFresh, revoke);
  dashboardRoutes.get("/settings", showSettings);
  dashboardRoutes.post("/settings", settlers, changeSettingsByForm);
  dashboardRoutes.get("/security-log", admins, showSecurityLog);
  dashboardRoutes.get("/exports", exporters, showExports);
  dashboardRoutes.get("/audit-log", admins, showAuditLog);
  dashboardRoutes.get("/stuck-jobs", showStuckJobs);
  dashboardRoutes.get("/stuck-jobs/retry", writers, showRetryAll);
  dashboardRoutes.post("/stuck-jobs/retry", writers, retryAll);
  dashboardRoutes.post("/stuck-jobs/:id/retry", writers, retryOne);
  dashboardRoutes.get("/stuck-jobs/:id/dismiss", writers, showDismissal);
  dashboardRoutes.post("/stuck-jobs/:id/dismiss", writers, dismiss);
  dashboardRoutes.get("/exports/payments.csv", exporters, downloadPayments);
  dashboardRoutes.get("/exports/invoices.csv", exporters, downloadInvoices);
  dashboardRoutes.get("/exports/webhook_events.csv", exporters, downloadWebhookEvents);
  dashboardRoutes.all("*", showNotFound);
  return dashboardRoutes;
}
