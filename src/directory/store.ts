// All SQL on tenants and environments.

import { and, desc, eq, isNotNull, isNull, sql } from "drizzle-orm";
import type { PageRequest } from "../http/list.ts";
import { AppError } from "../platform/app-error.ts";
import { commit, isUniqueViolation, onDatabase, type Statement } from "../platform/commit.ts";
import type { Deps, Scope } from "../platform/deps.ts";
import { afterPosition } from "../platform/paging.ts";
import { environments, tenants } from "./tables.ts";

export type TenantRow = typeof tenants.$inferSelect;

export type EnvironmentRow = typeof environments.$inferSelect;

/** @throws AppError `already_exists` */
export async function insertTenant(deps: Deps, row: TenantRow, audit: Statement): Promise<void> {
  await insertOnce(
    () => commit(deps.directory, [deps.directory.insert(tenants).values(row), audit]),
    "tenant",
    row.id,
  );
}

export async function findTenant(deps: Deps, tenantId: string): Promise<TenantRow | undefined> {
  return onDatabase(() => deps.directory.select().from(tenants).where(eq(tenants.id, tenantId)).get());
}

/** @param q in the name, or the whole id */
export async function listTenants(deps: Deps, page: PageRequest, q?: string): Promise<TenantRow[]> {
  // D1 takes no pattern of LIKE that is longer than 50 bytes (https://developers.cloudflare.com/d1/platform/limits/).
  const isSought =
    q === undefined
      ? undefined
      : sql`(${tenants.id} = ${q}
    OR instr(lower(${tenants.name}), lower(${q})) > 0)`;
  const query = deps.directory
    .select()
    .from(tenants)
    .where(and(isSought, afterPosition(page.after, tenants.createdAtMs, tenants.id)))
    .orderBy(desc(tenants.createdAtMs), desc(tenants.id))
    .limit(page.limit + 1);
  return onDatabase(() => query.all());
}

/** @throws AppError `already_exists`: environment ids are unique over all tenants */
export async function insertEnvironment(deps: Deps, row: EnvironmentRow, audit: Statement): Promise<void> {
  await insertOnce(
    () => commit(deps.directory, [deps.directory.insert(environments).values(row), audit]),
    "environment",
    row.id,
  );
}

export async function findEnvironment(deps: Deps, scope: Scope): Promise<EnvironmentRow | undefined> {
  const mine = and(eq(environments.id, scope.environmentId), eq(environments.tenantId, scope.tenantId));
  return onDatabase(() => deps.directory.select().from(environments).where(mine).get());
}

export async function listEnvironments(
  deps: Deps,
  tenantId: string,
  page: PageRequest,
): Promise<EnvironmentRow[]> {
  const query = deps.directory
    .select()
    .from(environments)
    .where(
      and(
        eq(environments.tenantId, tenantId),
        afterPosition(page.after, environments.createdAtMs, environments.id),
      ),
    )
    .orderBy(desc(environments.createdAtMs), desc(environments.id))
    .limit(page.limit + 1);
  return onDatabase(() => query.all());
}

/** A tenant's environments that were erased, the last first. */
export async function listErased(deps: Deps, tenantId: string, limit: number): Promise<EnvironmentRow[]> {
  const query = deps.directory
    .select()
    .from(environments)
    .where(and(eq(environments.tenantId, tenantId), isNotNull(environments.erasedAtMs)))
    .orderBy(desc(environments.erasedAtMs), desc(environments.id))
    .limit(limit);
  return onDatabase(() => query.all());
}

/** How many environments each of these tenants has, those that were erased left out. */
export async function countEnvironments(
  deps: Deps,
  tenantIds: readonly string[],
): Promise<Map<string, number>> {
  const query = deps.directory
    .select({ tenantId: environments.tenantId, count: sql<number>`COUNT(*)` })
    .from(environments)
    .where(
      and(
        sql`${environments.tenantId} IN (SELECT value FROM json_each(${JSON.stringify(tenantIds)}))`,
        isNull(environments.erasedAtMs),
      ),
    )
    .groupBy(environments.tenantId);
  const rows = await onDatabase(() => query.all());
  return new Map(rows.map(({ tenantId, count }) => [tenantId, count]));
}

async function insertOnce(insert: () => Promise<void>, object: string, id: string): Promise<void> {
  try {
    await insert();
  } catch (error) {
    if (!isUniqueViolation(error)) throw error;
    const detail = `There is a ${object} '${id}' already. Choose another id, or leave it out.`;
    throw new AppError("already_exists", { detail, errors: [{ path: "id", message: detail }] });
  }
}
