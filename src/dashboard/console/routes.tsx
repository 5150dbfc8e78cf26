// The operator's console: root's pages, behind a session of their own. Root sees how environments stand and never what
// is in them.

import { Hono } from "hono";
import { csrf } from "hono/csrf";
import type { DashboardContext, DashboardEnv } from "../dashboard-env.ts";
import { noStore, pageHeaders } from "../page-headers.ts";
import { showError, showNotFound } from "../pages/problem.tsx";
import { requireFreshConsole } from "../session/require-fresh.ts";
import { makeConsoleKey, revokeConsoleKey, showConsoleRevocation, showNewConsoleKey } from "./api-keys.tsx";
import { showRootAuditLog } from "./audit-log.tsx";
import { changeBudgetsByForm, showBudgets } from "./budgets.tsx";
import { confirmConsoleSession, showConsoleConfirmation } from "./confirm-console.tsx";
import { showEnvironment } from "./environment.tsx";
import { showConsoleEnvironments } from "./environments.tsx";
import { type EraseEnvironment, erase, showErasure } from "./erase.tsx";
import { type CheckReadiness, reseal, showConsoleHealth } from "./health.tsx";
import { dismissMessage, showMessage, showMessageDismissal, showMessages } from "./messages.tsx";
import { requireConsole } from "./require-console.ts";
import { showConsoleSignIn, signInByAccess, signInToConsole, signOutOfConsole } from "./sign-in.tsx";
import { makeEnvironment, showNewEnvironment, showTenant } from "./tenant.tsx";
import { makeTenant, showNewTenant, showTenants } from "./tenants.tsx";
import { showView, view } from "./view.tsx";

const TENANT = "/tenants/:tenant_id";
const ENVIRONMENT = `${TENANT}/environments/:environment_id`;

/** What stands above the rooms of the pages, and is handed to them. */
export type ConsoleDoors = { checkReadiness: CheckReadiness; eraseEnvironment: EraseEnvironment };

export function createConsoleRoutes(doors: ConsoleDoors) {
  const consoleRoutes = new Hono<DashboardEnv>();
  consoleRoutes.onError((error, c) => showError(error, c as DashboardContext));
  consoleRoutes.use(pageHeaders, noStore, csrf());
  consoleRoutes.get("/sign-in", showConsoleSignIn);
  consoleRoutes.post("/sign-in", signInToConsole);
  consoleRoutes.post("/sign-in/access", signInByAccess);
  consoleRoutes.post("/sign-out", signOutOfConsole);
  consoleRoutes.use(requireConsole);
  consoleRoutes.get("/confirm", showConsoleConfirmation);
  consoleRoutes.post("/confirm", confirmConsoleSession);
  consoleRoutes.get("/", showConsoleHealth(doors.checkReadiness));
  consoleRoutes.post("/keyring/reseal", reseal);
  consoleRoutes.get("/environments", showConsoleEnvironments);
  consoleRoutes.get("/tenants", showTenants);
  consoleRoutes.get("/tenants/new", showNewTenant);
  consoleRoutes.post("/tenants/new", makeTenant);
  consoleRoutes.get(TENANT, showTenant);
  consoleRoutes.get(`${TENANT}/environments/new`, showNewEnvironment);
  consoleRoutes.post(`${TENANT}/environments/new`, makeEnvironment);
  consoleRoutes.get(ENVIRONMENT, showEnvironment);
  consoleRoutes.get(`${ENVIRONMENT}/budgets`, showBudgets);
  consoleRoutes.post(`${ENVIRONMENT}/budgets`, changeBudgetsByForm);
  consoleRoutes.get(`${ENVIRONMENT}/view`, showView);
  consoleRoutes.post(`${ENVIRONMENT}/view`, view);
  consoleRoutes.get(`${ENVIRONMENT}/erase`, requireFreshConsole, showErasure);
  consoleRoutes.post(`${ENVIRONMENT}/erase`, requireFreshConsole, erase(doors.eraseEnvironment));
  consoleRoutes.get(`${ENVIRONMENT}/api-keys/new`, requireFreshConsole, showNewConsoleKey);
  consoleRoutes.post(`${ENVIRONMENT}/api-keys/new`, requireFreshConsole, makeConsoleKey);
  consoleRoutes.get(`${ENVIRONMENT}/api-keys/:id/revoke`, requireFreshConsole, showConsoleRevocation);
  consoleRoutes.post(`${ENVIRONMENT}/api-keys/:id/revoke`, requireFreshConsole, revokeConsoleKey);
  consoleRoutes.get("/messages", showMessages);
  consoleRoutes.get("/messages/:id", showMessage);
  consoleRoutes.get("/messages/:id/dismiss", showMessageDismissal);
  consoleRoutes.post("/messages/:id/dismiss", dismissMessage);
  consoleRoutes.get("/audit-log", showRootAuditLog);
  consoleRoutes.all("*", showNotFound);
  return consoleRoutes;
}
