// What the console's forms share: which tenant and environment the page is about, and a name for the call that is the
// same when the form is sent twice.

import { getEnvironment, getTenant } from "../../directory/manage-tenants.ts";
import type { EnvironmentRow, TenantRow } from "../../directory/store.ts";
import type { Deps } from "../../platform/deps.ts";
import { toScope } from "../../platform/scope.ts";
import { sha256Hex } from "../../platform/sha256.ts";
import { formToken } from "../act.ts";
import type { DashboardContext } from "../dashboard-env.ts";

/**
 * The deps for a verb that makes something: a form that is sent twice makes one.
 * @param asked all that the form asks for
 */
export async function depsOfForm(
  c: DashboardContext,
  form: URLSearchParams,
  asked: readonly string[],
): Promise<Deps> {
  const token = formToken(form);
  if (token === null) return c.get("deps");
  const text = ["console", c.req.path, token, ...asked].join("\n");
  return { ...c.get("deps"), callId: (await sha256Hex(text)).slice(0, 32) };
}

/** The tenant of the page's path. @throws AppError `not_found` */
export function tenantOfPath(c: DashboardContext): Promise<TenantRow> {
  return getTenant(c.get("deps"), c.req.param("tenant_id") ?? "");
}

export function scopeOfPath(c: DashboardContext) {
  return { tenantId: c.req.param("tenant_id") ?? "", environmentId: c.req.param("environment_id") ?? "" };
}

/** The environment of the page's path. @throws AppError `not_found`, also for one that was erased */
export async function environmentOfPath(c: DashboardContext) {
  const environment: EnvironmentRow = await getEnvironment(c.get("deps"), scopeOfPath(c));
  const { id: environmentId, tenantId, jurisdiction } = environment;
  return { environment, scope: toScope({ tenantId, environmentId, jurisdiction }) };
}
