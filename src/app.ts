// The whole HTTP side: deps and a request id for each request, the features' doors, one place for errors.

import { OpenAPIHono } from "@hono/zod-openapi";
import { HTTPException } from "hono/http-exception";
import { portalRoutes } from "./checkout/portal-routes.ts";
import { priceAliasRoutes } from "./checkout/price-alias-routes.ts";
import { checkoutRoutes } from "./checkout/routes.ts";
import { connectCallbackRoutes } from "./connect/callback-door.ts";
import { connectRoutes } from "./connect/routes.ts";
import { connectionRoutes } from "./connections/routes.ts";
import { standingRoutes } from "./connections/standing-routes.ts";
import { customerRoutes } from "./customers/routes.ts";
import { customerRunRoutes } from "./customers/run-routes.ts";
import { createConsoleRoutes } from "./dashboard/console/routes.tsx";
import { createDashboardRoutes } from "./dashboard/routes.ts";
import { describeApi, OPENAPI } from "./describe-api.ts";
import { explainFault } from "./directory/all-tables.ts";
import { auditLogRoutes } from "./directory/audit-log-routes.ts";
import { budgetRoutes } from "./directory/budget-routes.ts";
import { dashboardSessionRoutes } from "./directory/dashboard-session-routes.ts";
import { deadMessageRoutes } from "./directory/dead-message-routes.ts";
import { settingsRoutes } from "./directory/environment-settings-routes.ts";
import { keyringRoutes } from "./directory/keyring-routes.ts";
import { apiKeyRoutes, tenantRoutes } from "./directory/routes.ts";
import { securityLogRoutes } from "./directory/security-log-routes.ts";
import { finishDocument } from "./docs/finish-document.ts";
import { llmsText } from "./docs/llms-text.ts";
import type { OpenApiDocument } from "./docs/read-openapi.ts";
import { docsRoutes } from "./docs/routes.tsx";
import { disconnectRoutes, erasureRoutes } from "./ending-routes.ts";
import { eraseEnvironment } from "./erase-environment.ts";
import { exportRoutes } from "./exports/routes.ts";
import { checkReadiness } from "./health.ts";
import { refuseInClear, setAnswerHeaders } from "./http/answer-headers.ts";
import type { AppContext, AppEnv } from "./http/app-env.ts";
import { bodyGuard } from "./http/body-guard.ts";
import { problemResponse } from "./http/problem.ts";

import { invoiceActionRoutes } from "./invoices/action-routes.ts";
import { invoiceRoutes } from "./invoices/routes.ts";
import { jobRoutes } from "./issues/job-routes.ts";
import { issueRoutes } from "./issues/routes.ts";
import { mailDoor } from "./mail/report-door.ts";
import { mailRoutes } from "./mail/routes.ts";
import { eventDestinationRoutes } from "./notifications/routes.ts";
import { payRoutes } from "./pay/routes.ts";
import { disputeRoutes, refundRoutes } from "./payments/refund-routes.ts";
import { paymentRoutes } from "./payments/routes.ts";
import { AppError } from "./platform/app-error.ts";
import { problemsText, readConfig, unknownOrigin } from "./platform/config.ts";
import { createDeps, type Deps } from "./platform/deps.ts";
import { newId } from "./platform/ids.ts";
import { createLogger, type Logger } from "./platform/logger.ts";
import { answerReadiness } from "./readiness-door.ts";
import { statsRoutes } from "./stats/routes.ts";
import { subscriptionInvoiceRoutes, subscriptionRoutes } from "./subscriptions/routes.ts";
import { reconciliationRoutes, webhookEndpointRoutes } from "./webhooks/connection-routes.ts";
import { replayRoutes } from "./webhooks/replay-routes.ts";
import { stripeDoor, webhookEventRoutes } from "./webhooks/routes.ts";
import { subscriptionActionRoutes } from "./webhooks/subscription-routes.ts";

export function createApp(): OpenAPIHono<AppEnv> {
  const app = new OpenAPIHono<AppEnv>();
  app.onError(async (error, c) => {
    const isExpected = error instanceof HTTPException || !c.get("deps");
    const fault = isExpected ? error : await explainFault(c.get("deps").directory, error);
    return problemResponse(fault, c.get("requestId"), logOf(c));
  });
  app.notFound((c) => {
    const error = new AppError("not_found", {
      detail: `There is nothing at ${c.req.method} ${c.req.path}. See /docs.`,
    });
    return problemResponse(error, c.get("requestId"), logOf(c));
  });
  app.use(async (c, next) => {
    const startMs = Date.now();
    c.set("requestId", newId("req"));
    await next();
    c.header("x-request-id", c.get("requestId"));
    setAnswerHeaders(c.res.headers, c.req.url);
    const { method } = c.req;
    // Who holds a payment URL is let in: it does not lie in logs.
    const path = c.req.path.replace(/^\/pay\/.*/, "/pay/…");
    logOf(c).info("request", { method, path, status: c.res.status, duration_ms: Date.now() - startMs });
  });
  app.get("/", (c) => c.redirect("/dashboard"));

  app.get("/healthz", (c) => c.json({ status: "up" }));
  app.use(async (c, next) => {
    refuseInClear(c.req.raw);
    await next();
  });
  app.get("/readyz", (c) => answerReadiness(c, logOf(c)));

  app.use(async (c, next) => {
    const config = readConfig(c.env);
    if (!config.ok) throw new AppError("not_configured", { detail: problemsText(config.problems) });
    const { origin } = new URL(c.req.url);
    const unknown = unknownOrigin(config.config, origin);
    if (unknown) throw new AppError("not_configured", { detail: problemsText([unknown]) });
    const actor = { kind: "stripe" as const, id: null, ip: c.req.header("cf-connecting-ip") ?? null };
    c.set("deps", createDeps(c.env, config.config, actor, origin, c.get("requestId")));
    await next();
  });

  // Before the body guard, which reads JSON: a body that is signed must reach its verifier as it came.
  app.route("/api/v1", stripeDoor);
  app.route("/api/v1", mailDoor);
  app.use("/api/v1/*", bodyGuard);
  for (const routes of [
    tenantRoutes,
    erasureRoutes,
    standingRoutes,
    apiKeyRoutes,
    dashboardSessionRoutes,
    auditLogRoutes,
    securityLogRoutes,
    keyringRoutes,
    deadMessageRoutes,
    settingsRoutes,
    budgetRoutes,
    connectionRoutes,
    connectRoutes,
    disconnectRoutes,
    webhookEndpointRoutes,
    customerRunRoutes,
    customerRoutes,
    invoiceRoutes,
    invoiceActionRoutes,
    mailRoutes,
    paymentRoutes,
    checkoutRoutes,
    priceAliasRoutes,
    portalRoutes,
    subscriptionRoutes,
    subscriptionActionRoutes,
    subscriptionInvoiceRoutes,
    eventDestinationRoutes,
    refundRoutes,
    disputeRoutes,
    webhookEventRoutes,
    statsRoutes,
    issueRoutes,
    jobRoutes,
    exportRoutes,
    replayRoutes,
    reconciliationRoutes,
  ]) {
    app.route("/api/v1", routes);
  }

  app.route("/pay", payRoutes);
  app.route("/connect", connectCallbackRoutes);
  app.route("/dashboard", createDashboardRoutes());
  app.route("/console", createConsoleRoutes({ checkReadiness, eraseEnvironment }));
  describeApi(app);
  // Made once: it only changes with the code.
  let document: OpenApiDocument | undefined;
  const readDocument = () => {
    document ??= finishDocument(app.getOpenAPI31Document(OPENAPI), app.routes);
    return document;
  };
  app.route("/docs", docsRoutes(app, readDocument));
  app.get("/llms.txt", (c) => c.text(llmsText(c.get("deps").publicUrl ?? new URL(c.req.url).origin)));
  app.get("/openapi.json", (c) => c.json(readDocument()));
  return app;
}

/** The request's logger: with tenant and environment once a credential has told them. */
function logOf(c: AppContext): Logger {
  // Not set before the settings were read.
  const deps = c.get("deps") as Deps | undefined;
  return deps?.log ?? createLogger({ request_id: c.get("requestId") });
}
