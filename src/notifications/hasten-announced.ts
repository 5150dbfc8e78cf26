// After a call that may have announced something: into the queue with it now rather than at the next sweep.
// The sweep is the guarantee; this is only sooner, so it may run after the answer has gone out.

import { createMiddleware } from "hono/factory";
import type { AppEnv } from "../http/app-env.ts";
import { hastenNotifications } from "./sweep-notifications.ts";

export const hastenAnnounced = createMiddleware<AppEnv>(async (c, next) => {
  await next();
  if (c.req.method === "GET" || !c.res.ok) return;
  const principal = c.get("principal");
  if (principal?.kind !== "api_key") return;
  c.executionCtx.waitUntil(hastenNotifications(c.get("deps"), principal.scope));
});
