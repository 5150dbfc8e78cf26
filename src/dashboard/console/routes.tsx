// The operator's console: root's pages, behind a session of their own. Root sees how environments stand and never what
// is in them.

import { Hono } from "hono";
import { csrf } from "hono/csrf";
import { createMiddleware } from "hono/factory";
import { isRootToken } from "../../directory/authenticate.ts";
import {
  endConsole,
  findConsoleSession,
  noteConsoleRefusal,
  openConsole,
} from "../../directory/console-session.ts";
import { readLimited } from "../../http/body-guard.ts";
import { limit } from "../../http/rate-limit.ts";
import { senderOf } from "../../http/sender.ts";
import type { DashboardContext, DashboardEnv } from "../dashboard-env.ts";
import { renderAlone } from "../layout/render.tsx";
import { noStore, pageHeaders } from "../page-headers.ts";
import { showError, showNotFound } from "../pages/problem.tsx";
import { renderNeedsHttps } from "../pages/sign-in.tsx";
import { clearSession, isPrivateEnough, readSession, writeSession } from "../session/session-cookie.ts";
import { makeConsoleKey, revokeConsoleKey, showConsoleRevocation, showNewConsoleKey } from "./api-keys.tsx";
import { showRootAuditLog } from "./audit-log.tsx";
import { showEnvironment } from "./environment.tsx";
import { showConsoleEnvironments } from "./environments.tsx";
import { type EraseEnvironment, erase, showErasure } from "./erase.tsx";
import { type CheckReadiness, reseal, showConsoleHealth } from "./health.tsx";
import { dismissMessage, showMessage, showMessageDismissal, showMessages } from "./messages.tsx";
import { makeEnvironment, showNewEnvironment, showTenant } from "./tenant.tsx";
import { makeTenant, showNewTenant, showTenants } from "./tenants.tsx";

const MAX_FORM_BYTES = 8 * 1024;

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
  consoleRoutes.post("/sign-out", signOutOfConsole);
  consoleRoutes.use(requireConsole);
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
  consoleRoutes.get(`${ENVIRONMENT}/erase`, showErasure);
  consoleRoutes.post(`${ENVIRONMENT}/erase`, erase(doors.eraseEnvironment));
  consoleRoutes.get(`${ENVIRONMENT}/api-keys/new`, showNewConsoleKey);
  consoleRoutes.post(`${ENVIRONMENT}/api-keys/new`, makeConsoleKey);
  consoleRoutes.get(`${ENVIRONMENT}/api-keys/:id/revoke`, showConsoleRevocation);
  consoleRoutes.post(`${ENVIRONMENT}/api-keys/:id/revoke`, revokeConsoleKey);
  consoleRoutes.get("/messages", showMessages);
  consoleRoutes.get("/messages/:id", showMessage);
  consoleRoutes.get("/messages/:id/dismiss", showMessageDismissal);
  consoleRoutes.post("/messages/:id/dismiss", dismissMessage);
  consoleRoutes.get("/audit-log", showRootAuditLog);
  consoleRoutes.all("*", showNotFound);
  return consoleRoutes;
}

/** Lets only root's sessions through; what is done then is done by root. */
const requireConsole = createMiddleware<DashboardEnv>(async (c, next) => {
  const deps = c.get("deps");
  if (!(await presentSession(c))) {
    clearSession(c, "console");
    return c.redirect("/console/sign-in", 303);
  }
  c.set("principal", { kind: "root" });
  c.set("deps", { ...deps, actor: { kind: "root", id: null, ip: deps.actor.ip } });
  await next();
});

async function presentSession(c: DashboardContext) {
  const claims = await readSession(c, "console");
  return claims === null ? null : findConsoleSession(c.get("deps"), claims.sessionId);
}

function showConsoleSignIn(c: DashboardContext) {
  if (!isPrivateEnough(new URL(c.req.url))) return renderNeedsHttps(c);
  return renderForm(c, null);
}

async function signInToConsole(c: DashboardContext) {
  if (!isPrivateEnough(new URL(c.req.url))) return renderNeedsHttps(c);
  const { actor, ...rest } = c.get("deps");
  const deps = { ...rest, actor: { kind: "root" as const, id: null, ip: actor.ip } };
  await limit(deps, "signIn", senderOf(deps));
  const form = new URLSearchParams(await readLimited(c.req.raw, MAX_FORM_BYTES));
  if (!(await isRootToken(deps, (form.get("token") ?? "").trim()))) {
    await noteConsoleRefusal(deps);
    return renderForm(c, "This is not ROOT_TOKEN. An API key signs in at the dashboard.");
  }
  await writeSession(c, "console", await openConsole(deps));
  return c.redirect("/console", 303);
}

async function signOutOfConsole(c: DashboardContext) {
  const session = await presentSession(c);
  if (session) await endConsole(c.get("deps"), session);
  clearSession(c, "console");
  return c.redirect("/console/sign-in", 303);
}

function renderForm(c: DashboardContext, problem: string | null) {
  return renderAlone(
    c,
    { title: "Console", status: problem === null ? 200 : 401 },
    <form class="card" method="post" action="/console/sign-in">
      <h1>Console</h1>
      <label for="token">ROOT_TOKEN</label>
      <input
        id="token"
        name="token"
        type="password"
        required
        autocomplete="current-password"
        spellcheck={false}
      />
      {problem === null ? null : (
        <p class="field-error" role="alert">
          {problem}
        </p>
      )}
      <button class="primary" type="submit">
        Sign in
      </button>
      <p class="muted">For an hour, and a quarter of one without use.</p>
    </form>,
  );
}
