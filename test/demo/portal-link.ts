// A person's way into the dashboard, as a platform's button would open it.

import { dataOf } from "../../client/index.ts";
import type { DemoTenant } from "./prepare-tenant.ts";

/** Works once, for five minutes. */
export async function makePortalLink({ quittance }: DemoTenant): Promise<string> {
  const body = { role: "admin" as const, actor: { id: "user_ada", name: "Ada Lovelace" } };
  return (await dataOf(quittance.POST("/api/v1/dashboard_sessions", { body }))).url;
}
