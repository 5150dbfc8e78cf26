// Root's way into the console.

import { env } from "cloudflare:workers";
import type { Scope } from "../../src/platform/scope.ts";
import { send } from "./browse.ts";

/** Signs in with ROOT_TOKEN and returns the cookie as a browser sends it back. */
export async function enterConsole(): Promise<string> {
  const page = await send("/console/sign-in", { token: env.ROOT_TOKEN });
  const [cookie] = (page.headers.get("set-cookie") ?? "").split(";");
  if (page.status !== 303 || !cookie) throw new Error(`Not signed in: ${page.status}`);
  return cookie;
}

/** Opens an environment to the operator and returns the dashboard's cookie. */
export async function openViewOf(
  { tenantId, environmentId }: Scope,
  console: string,
  reason = "",
): Promise<string> {
  const path = `/console/tenants/${tenantId}/environments/${environmentId}/view`;
  const page = await send(path, { reason }, { cookie: console });
  const [cookie] = (page.headers.get("set-cookie") ?? "").split(";");
  if (page.status !== 303 || !cookie) throw new Error(`Not opened: ${page.status}`);
  return cookie;
}
