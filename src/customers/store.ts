// All SQL on customers.

import { and, desc, eq, inArray } from "drizzle-orm";
import type { PageRequest } from "../http/list.ts";
import { AppError } from "../platform/app-error.ts";
import { commit, isUniqueViolation, onDatabase } from "../platform/commit.ts";
import type { Deps, Scope } from "../platform/deps.ts";
import { afterPosition } from "../platform/paging.ts";
import { customers } from "../platform/tables.ts";

export type CustomerRow = typeof customers.$inferSelect;

/** @throws AppError `already_exists` */
export async function insertCustomer(
  deps: Deps,
  scope: Scope,
  row: Omit<CustomerRow, "environmentId">,
): Promise<void> {
  const database = deps.database(scope);
  try {
    await commit(database, [
      database.insert(customers).values({ ...row, environmentId: scope.environmentId }),
    ]);
  } catch (error) {
    if (!isUniqueViolation(error)) throw error;
    const detail = `There is a customer '${row.id}' already. Choose another id, or use the one there is.`;
    throw new AppError("already_exists", { detail, errors: [{ path: "id", message: detail }] });
  }
}

export async function findCustomer(deps: Deps, scope: Scope, id: string): Promise<CustomerRow | undefined> {
  const mine = and(eq(customers.environmentId, scope.environmentId), eq(customers.id, id));
  return onDatabase(() => deps.database(scope).select().from(customers).where(mine).get());
}

export async function listCustomers(deps: Deps, scope: Scope, page: PageRequest): Promise<CustomerRow[]> {
  const query = deps
    .database(scope)
    .select()
    .from(customers)
    .where(
      and(
        eq(customers.environmentId, scope.environmentId),
        afterPosition(page.after, customers.createdAtMs, customers.id),
      ),
    )
    .orderBy(desc(customers.createdAtMs), desc(customers.id))
    .limit(page.limit + 1);
  return onDatabase(() => query.all());
}

/** The names of these customers by id, for a page of at most 90 (D1's limit is 100 parameters). */
export async function findCustomerNames(
  deps: Deps,
  scope: Scope,
  ids: readonly string[],
): Promise<Map<string, string>> {
  const mine = and(
    eq(customers.environmentId, scope.environmentId),
    inArray(customers.id, [...new Set(ids)]),
  );
  const query = deps
    .database(scope)
    .select({ id: customers.id, name: customers.name })
    .from(customers)
    .where(mine);
  return new Map((await onDatabase(() => query.all())).map((row) => [row.id, row.name]));
}
