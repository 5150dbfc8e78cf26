// What asks Stripe about a connection: its test, which is a page that tries it each time it is opened, and fetching
// what Stripe has.

import { testConnection } from "../../connections/test-connection.ts";
import { attempt } from "../act.ts";
import { type DashboardContext, pathId, sessionLedger } from "../dashboard-env.ts";
import { href } from "../hrefs.ts";
import { renderConnections } from "./connections.tsx";

export async function showConnectionTest(c: DashboardContext) {
  const id = pathId(c);
  const { scope } = c.get("session").principal;
  const done = await attempt(() => testConnection(c.get("deps"), scope, id));
  return renderConnections(
    c,
    done.ok ? { test: done.value, problem: null } : { test: null, problem: done.problem },
  );
}

export async function reconcile(c: DashboardContext) {
  const id = pathId(c);
  const done = await attempt(() => sessionLedger(c).requestReconciliation({ connectionId: id }));
  return done.ok
    ? c.redirect(href("/connections", { done: "reconciling" }), 303)
    : renderConnections(c, { test: null, problem: done.problem });
}
