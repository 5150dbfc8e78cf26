// The dashboard's doors. Everything but signing in needs a session; its scope is the session's. Pages read
// through the API's own stores; a form is a POST here, and is refused when it comes from another site.

import { Hono } from "hono";
import { csrf } from "hono/csrf";
import { assets } from "./assets.ts";
import type { DashboardContext, DashboardEnv } from "./dashboard-env.ts";
import { createDeveloperRoutes } from "./developer-routes.ts";
import { GUIDE_STEPS } from "./guide/guide-state.ts";
import { connectHeaders, mailHeaders, noStore, pageHeaders } from "./page-headers.ts";
import { confirmSession, showConfirmation } from "./pages/confirm-session.tsx";
import { connectStripe, showConnectStripe } from "./pages/connect-stripe.tsx";
import { showEnvironments, switchEnvironment } from "./pages/environments.tsx";
import { makeTestPayment, sendGuideExample, showGuide, showGuideStep, tellPlatform } from "./pages/guide.tsx";
import { showHome } from "./pages/home.tsx";
import { showIssues } from "./pages/issues.tsx";
import { showMailContent } from "./pages/mail.tsx";
import { openLink, showLink } from "./pages/open-link.tsx";
import { showError, showNotFound } from "./pages/problem.tsx";
import { showSearch } from "./pages/search.tsx";
import { endSessions, showSessions } from "./pages/sessions.tsx";
import { showSignIn, signIn, signOut } from "./pages/sign-in.tsx";
import { createPaymentRoutes } from "./payment-routes.ts";
import { requireTenant } from "./session/may-act.ts";
import { requireFresh } from "./session/require-fresh.ts";
import { requireSession } from "./session/require-session.ts";
import { connectors, keepers, writers } from "./session/who-may.ts";
import { createStripeRoutes } from "./stripe-routes.ts";

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
  dashboardRoutes.route("/", createPaymentRoutes());
  dashboardRoutes.route("/", createStripeRoutes());
  dashboardRoutes.route("/", createDeveloperRoutes());
  dashboardRoutes.all("*", showNotFound);
  return dashboardRoutes;
}
