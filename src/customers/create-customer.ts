// Takes in the platform's customer. Nothing is made at Stripe here: a Payment Link needs no Stripe customer.

import { notFound } from "../platform/app-error.ts";
import { idOfCall } from "../platform/call-id.ts";
import type { Deps, Scope } from "../platform/deps.ts";
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
  const { id, made } =
    input.id === undefined
      ? await idOfCall(deps, "cus", (id) => findCustomer(deps, scope, id))
      : { id: input.id, made: undefined };
  if (made) return made;
  const row = {
    id,
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
  await insertCustomer(deps, scope, row);
  return { ...row, environmentId: scope.environmentId };
}

/** @throws AppError `not_found` */
export async function getCustomer(deps: Deps, scope: Scope, id: string): Promise<CustomerRow> {
  const row = await findCustomer(deps, scope, id);
  if (!row) throw notFound("customer", id);
  return row;
}
