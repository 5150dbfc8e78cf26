// How it stands with Stripe: the pages of the connection, of what Stripe sent, and of work there that got stuck. All need
// a session.

import { Hono } from "hono";
import type { DashboardEnv } from "./dashboard-env.ts";
import { connectByKey, showConnectByKey } from "./pages/connect-by-key.tsx";
import { actOnConnection, showConnectionAct, testShownConnection } from "./pages/connection-acts.tsx";
import {
  replaceKey,
  replaceSigningSecret,
  showReplaceKey,
  showReplaceSigningSecret,
} from "./pages/connection-secrets.tsx";
import { changeConnectionSettings, showConnectionSettings } from "./pages/connection-settings.tsx";
import { reconcile, showConnections } from "./pages/connections.tsx";
import { disconnectConnection, showDisconnection } from "./pages/disconnect.tsx";
import {
  dismissMany,
  dismissShownEvent,
  showDismissMany,
  showEventDismissal,
} from "./pages/dismiss-events.tsx";
import { dismiss, showDismissal } from "./pages/dismiss-job.tsx";
import { replayMany, showReplay } from "./pages/replay-events.tsx";
import { retryAll, retryOne, showRetryAll } from "./pages/retry-jobs.tsx";
import { showStuckJobs } from "./pages/stuck-jobs.tsx";
import { replay, showWebhookEvent } from "./pages/webhook-event.tsx";
import { showWebhookEvents } from "./pages/webhook-events.tsx";
import { requireFresh } from "./session/require-fresh.ts";
import { connectors, writers } from "./session/who-may.ts";

export function createStripeRoutes() {
  const routes = new Hono<DashboardEnv>();
  routes.get("/connections", showConnections);
  routes.get("/connections/new", connectors, requireFresh, showConnectByKey);
  routes.post("/connections/new", connectors, requireFresh, connectByKey);
  routes.get("/connections/:id/test", connectors, showConnectionAct("test"));
  routes.post("/connections/:id/test", connectors, testShownConnection);
  routes.post("/connections/:id/reconcile", connectors, reconcile);
  routes.get("/connections/:id/key", connectors, requireFresh, showReplaceKey);
  routes.post("/connections/:id/key", connectors, requireFresh, replaceKey);
  routes.get("/connections/:id/signing-secret", connectors, requireFresh, showReplaceSigningSecret);
  routes.post("/connections/:id/signing-secret", connectors, requireFresh, replaceSigningSecret);
  routes.get("/connections/:id/settings", connectors, showConnectionSettings);
  routes.post("/connections/:id/settings", connectors, changeConnectionSettings);
  for (const name of ["pause", "resume", "webhook"] as const) {
    routes.get(`/connections/:id/${name}`, connectors, showConnectionAct(name));
    routes.post(`/connections/:id/${name}`, connectors, actOnConnection(name));
  }
  routes.get("/connections/:id/disconnect", connectors, requireFresh, showDisconnection);
  routes.post("/connections/:id/disconnect", connectors, requireFresh, disconnectConnection);
  routes.get("/webhook-events", showWebhookEvents);
  routes.get("/webhook-events/replay", writers, showReplay);
  routes.post("/webhook-events/replay", writers, replayMany);
  routes.get("/webhook-events/dismiss", writers, showDismissMany);
  routes.post("/webhook-events/dismiss", writers, dismissMany);
  routes.get("/webhook-events/:id", showWebhookEvent);
  routes.post("/webhook-events/:id/replay", writers, replay);
  routes.get("/webhook-events/:id/dismiss", writers, showEventDismissal);
  routes.post("/webhook-events/:id/dismiss", writers, dismissShownEvent);
  routes.get("/stuck-jobs", showStuckJobs);
  routes.get("/stuck-jobs/retry", writers, showRetryAll);
  routes.post("/stuck-jobs/retry", writers, retryAll);
  routes.post("/stuck-jobs/:id/retry", writers, retryOne);
  routes.get("/stuck-jobs/:id/dismiss", writers, showDismissal);
  routes.post("/stuck-jobs/:id/dismiss", writers, dismiss);
  return routes;
}
