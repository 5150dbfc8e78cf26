// How the platform is told and let in, and what was done: the pages of event destinations, API keys, mails, settings,
// exports and logs. All need a session.

import { Hono } from "hono";
import type { DashboardEnv } from "./dashboard-env.ts";
import { showApiKeys } from "./pages/api-keys.tsx";
import { showAuditLog } from "./pages/audit-log.tsx";
import { retry, showDelivery } from "./pages/delivery.tsx";
import { actOnDestination, showDestinationAct, testOne } from "./pages/destination-actions.tsx";
import { editDestination, showDestinationEdit } from "./pages/edit-destination.tsx";
import { showEventDestination } from "./pages/event-destination.tsx";
import { showEventDestinations } from "./pages/event-destinations.tsx";
import { downloadInvoices, downloadPayments, downloadWebhookEvents } from "./pages/exports.ts";
import { showExports } from "./pages/exports-page.tsx";
import { downloadMail, sendMailOnceMore, showMail } from "./pages/mail.tsx";
import { showMails } from "./pages/mails.tsx";
import { makeApiKey, showNewApiKey } from "./pages/new-api-key.tsx";
import { makeDestination, showNewDestination } from "./pages/new-destination.tsx";
import { recover, showRecovery } from "./pages/recover-deliveries.tsx";
import { revoke, showRevocation } from "./pages/revoke-api-key.tsx";
import { rotate, showRotation } from "./pages/rotate-secret.tsx";
import { showSecurityLog } from "./pages/security-log.tsx";
import { changeSettingsByForm, showSettings } from "./pages/settings.tsx";
import { requireTenant } from "./session/may-act.ts";
import { requireFresh } from "./session/require-fresh.ts";
import { admins, exporters, keepers, keyMakers, settlers, writers } from "./session/who-may.ts";

export function createDeveloperRoutes() {
  const routes = new Hono<DashboardEnv>();
  routes.get("/event-destinations", showEventDestinations);
  routes.get("/event-destinations/new", keepers, requireFresh, showNewDestination);
  routes.post("/event-destinations/new", keepers, requireFresh, makeDestination);
  routes.get("/event-destinations/:id", showEventDestination);
  routes.get("/event-destinations/:id/edit", keepers, showDestinationEdit);
  routes.post("/event-destinations/:id/edit", keepers, editDestination);
  routes.post("/event-destinations/:id/test", keepers, testOne);
  routes.get("/event-destinations/:id/rotate-secret", keepers, requireFresh, showRotation);
  routes.post("/event-destinations/:id/rotate-secret", keepers, requireFresh, rotate);
  for (const name of ["switch-on", "switch-off", "delete"] as const) {
    routes.get(`/event-destinations/:id/${name}`, keepers, showDestinationAct(name));
    routes.post(`/event-destinations/:id/${name}`, keepers, actOnDestination(name));
  }
  routes.get("/event-destinations/:id/recover", keepers, showRecovery);
  routes.post("/event-destinations/:id/recover", keepers, recover);
  routes.get("/deliveries/:id", showDelivery);
  routes.post("/deliveries/:id/retry", admins, retry);
  routes.get("/api-keys", keyMakers, showApiKeys);
  routes.get("/api-keys/new", keyMakers, requireFresh, showNewApiKey);
  routes.post("/api-keys/new", keyMakers, requireFresh, makeApiKey);
  routes.get("/api-keys/:id/revoke", keyMakers, requireFresh, showRevocation);
  routes.post("/api-keys/:id/revoke", keyMakers, requireFresh, revoke);
  routes.get("/mails", showMails);
  routes.get("/mails/:id", showMail);
  routes.get("/mails/:id/file", requireTenant, downloadMail);
  routes.post("/mails/:id/resend", writers, sendMailOnceMore);
  routes.get("/settings", showSettings);
  routes.post("/settings", settlers, changeSettingsByForm);
  routes.get("/exports", exporters, showExports);
  routes.get("/exports/payments.csv", exporters, downloadPayments);
  routes.get("/exports/invoices.csv", exporters, downloadInvoices);
  routes.get("/exports/webhook_events.csv", exporters, downloadWebhookEvents);
  routes.get("/audit-log", admins, showAuditLog);
  routes.get("/security-log", admins, showSecurityLog);
  return routes;
}
