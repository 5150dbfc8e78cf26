// Makes and finds tenants and their environments. An environment is live or test for good.

import { hasJurisdiction } from "../ledger/client.ts";
import { type AppError, invalid, notFound } from "../platform/app-error.ts";
import { findMadeByCall } from "../platform/call-id.ts";
import type { Deps, Scope } from "../platform/deps.ts";
import { paymentCode } from "../platform/payment-url.ts";
import type { Jurisdiction } from "../platform/scope.ts";
import { auditEntry, ROOT_ENVIRONMENT } from "./audit.ts";
import {
  type EnvironmentRow,
  findEnvironment,
  findTenant,
  insertEnvironment,
  insertTenant,
  type TenantRow,
} from "./store.ts";

/** @throws AppError `already_exists` */
export async function createTenant(
  deps: Deps,
  input: { id?: string | undefined; name: string },
): Promise<TenantRow> {
  const given = input.id === undefined ? undefined : { id: input.id, as: { name: input.name } };
  const { id, made } = await findMadeByCall(deps, "tenant", (id) => findTenant(deps, id), given);
  if (made) return made;
  const now = deps.now();
  const row = { id, name: input.name, createdAtMs: now, updatedAtMs: now };
  const scope = { tenantId: row.id, environmentId: ROOT_ENVIRONMENT };
  const act = {
    action: "tenant.created",
    object: "tenant",
    objectId: row.id,
    detail: { name: row.name },
  } as const;
  await insertTenant(deps, row, auditEntry(deps, scope, act));
  return row;
}

/** @throws AppError `not_found` */
export async function getTenant(deps: Deps, tenantId: string): Promise<TenantRow> {
  const row = await findTenant(deps, tenantId);
  if (!row) throw notFound("tenant", tenantId);
  return row;
}

/**
 * @throws AppError `not_found` for the tenant, `already_exists` for the id, `validation_failed` where ledgers cannot
 * be bound to the jurisdiction: nothing is made then
 */
export async function createEnvironment(
  deps: Deps,
  tenantId: string,
  input: {
    id?: string | undefined;
    name: string;
    livemode: boolean;
    jurisdiction?: Jurisdiction | null | undefined;
  },
): Promise<EnvironmentRow> {
  await getTenant(deps, tenantId);
  const { name, livemode, jurisdiction = null } = input;
  if (jurisdiction !== null && !hasJurisdiction(deps.ledgers, jurisdiction)) throw cannotPlace(jurisdiction);
  const given = input.id === undefined ? undefined : { id: input.id, as: { name, livemode, jurisdiction } };
  // One that was erased keeps its id, and is not made anew.
  const find = async (environmentId: string) => {
    const row = await findEnvironment(deps, { tenantId, environmentId });
    return row?.erasedAtMs === null ? row : undefined;
  };
  const { id, made } = await findMadeByCall(deps, "env", find, given);
  if (made) return made;
  const now = deps.now();
  const row = {
    id,
    tenantId,
    name,
    livemode,
    jurisdiction,
    erasedAtMs: null,
    erasure: null,
    paymentCode: paymentCode(id),
    createdAtMs: now,
    updatedAtMs: now,
  };
  const detail = { name, livemode, jurisdiction };
  const act = { action: "environment.created", object: "environment", objectId: row.id, detail } as const;
  const scope = { tenantId, environmentId: row.id };
  await insertEnvironment(deps, row, auditEntry(deps, scope, act));
  return row;
}

function cannotPlace(jurisdiction: Jurisdiction): AppError {
  const detail =
    `This deployment cannot bind an environment to '${jurisdiction}': its runtime knows no jurisdictions, as in ` +
    "local development. Leave `jurisdiction` out, or make the environment in a deployment on Cloudflare.";
  return invalid("jurisdiction", detail);
}

/** @throws AppError `not_found`: also when the environment is another tenant's, or was erased */
export async function getEnvironment(deps: Deps, scope: Scope): Promise<EnvironmentRow> {
  const row = await findEnvironment(deps, scope);
  if (!row || row.erasedAtMs !== null) throw notFound("environment", scope.environmentId);
  return row;
}
