// Takes in the platform's customer. Nothing is made at Stripe here: a Payment Link needs no Stripe customer.

import { AppError, notFound } from "../platform/app-error.ts";
import type { Deps, Scope } from "../platform/deps.ts";
import { idOfCall } from "../platform/ids.ts";
import type { Address } from "../platform/tables.ts";
import { type CustomerRow, findCustomer, insertCustomer } from "./store.ts";

export type CreateCustomerInput = {
  id?: string | undefined;
  name: string;
  email?: string | null | undefined;
  phone?: string | null | undefined;
  address?: Address | null | undefined;
  metadata?: Record<string, string> | undefined;
};

/** @throws AppError `already_exists` */
export async function createCustomer(
  deps: Deps,
  scope: Scope,
  input: CreateCustomerInput,
): Promise<CustomerRow> {
  const now = deps.now();
  const row = {
    id: input.id ?? idOfCall(deps, "cus"),
    name: input.name,
    email: input.email ?? null,
    phone: input.phone ?? null,
    address: input.address ?? null,
    metadata: input.metadata ?? {},
    stripeCustomerId: null,
    syncStatus: "off" as const,
    syncError: null,
    createdAtMs: now,
    updatedAtMs: now,
  };
  try {
    await insertCustomer(deps, scope, row);
  } catch (error) {
    // An id of our own that is there already is of an earlier try of this very call.
    const madeBefore = input.id === undefined && error instanceof AppError && error.code === "already_exists";
    if (!madeBefore) throw error;
    return getCustomer(deps, scope, row.id);
  }
  return { ...row, environmentId: scope.environmentId };
}

/** @throws AppError `not_found` */
export async function getCustomer(deps: Deps, scope: Scope, id: string): Promise<CustomerRow> {
  const row = await findCustomer(deps, scope, id);
  if (!row) throw notFound("customer", id);
  return row;
}
