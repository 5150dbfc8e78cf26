// A person's way into the dashboard, as a platform's button would open it.

import * as z from "zod";
import type { DemoTenant } from "./prepare-tenant.ts";

/** Works once, for five minutes. */
export async function makePortalLink({ api }: DemoTenant): Promise<string> {
  const body = { role: "admin", actor: { id: "user_ada", name: "Ada Lovelace" } };
  const { url } = await api.post("/dashboard_sessions", body, z.object({ url: z.string() }));
  return url;
}
