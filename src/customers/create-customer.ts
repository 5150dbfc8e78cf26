// Takes in the platform's customer. A Payment Link needs no Stripe customer: one is made where customers are
// sent to Stripe (outbound.ts), and else when something asks for it (ensure-stripe-customer.ts).

import { enqueueInserted, insertWork } from "../http/outbox-statements.ts";
import { mergedMetadata } from "../ledger/customers/customer-state.ts";
import { AppError, notFound } from "../platform/app-error.ts";
import { idOfCall } from "../platform/call-id.ts";
import { commit, isUniqueViolation } from "../platform/commit.ts";
import type { Deps, Scope } from "../platform/deps.ts";
import type { Address } from "../platform/tables/customers.ts";
import { isOutbound, syncWork } from "./outbound.ts";
import { type CustomerRow, findCustomer, findCustomerEvenDeleted, insertCustomer } from "./store.ts";

export type CreateCustomerInput = {
  id?: string | undefined;
  name: string;
  email?: string | null | undefined;
  phone?: string | null | undefined;
  address?: Address | null | undefined;
  metadata?: Record<string, string> | undefined;
};

/** @throws AppError `already_exists`, also where the id is that of a customer who was deleted */
export async function createCustomer(
  deps: Deps,
  scope: Scope,
  input: CreateCustomerInput,
): Promise<CustomerRow> {
  const now = deps.now();
  const described = {
    name: input.name,
    email: input.email ?? null,
    phone: input.phone ?? null,
    address: input.address ?? null,
    metadata: mergedMetadata({}, input.metadata ?? {}),
  };
  const given = { id: input.id, as: described };
  const { id, made } = await idOfCall(deps, "cus", (id) => findCustomer(deps, scope, id), given);
  if (made) return made;
  const outbound = await isOutbound(deps, scope);
  const row: CustomerRow = {
    environmentId: scope.environmentId,
    id,
    ...described,
    stripeCustomerId: null,
    stripeAccountId: null,
    stripeSeenAtMs: null,
    stripeState: null,
    stripeCreation: null,
    syncStatus: outbound ? "pending" : "off",
    syncError: null,
    revision: 1,
    deletedAtMs: null,
    createdAtMs: now,
    updatedAtMs: now,
  };
  const database = deps.database(scope);
  const work = outbound ? [syncWork(id, row.revision)] : [];
  try {
    await commit(database, [
      insertCustomer(database, row),
      ...work.map((one) => insertWork(database, one, now)),
    ]);
  } catch (error) {
    if (!isUniqueViolation(error)) throw error;
    throw await alreadyExists(deps, scope, id);
  }
  if (work.length > 0) await enqueueInserted(deps, scope);
  return row;
}

/** @throws AppError `not_found`, also for one that was deleted */
export async function getCustomer(deps: Deps, scope: Scope, id: string): Promise<CustomerRow> {
  const row = await findCustomer(deps, scope, id);
  if (!row) throw notFound("customer", id);
  return row;
}

async function alreadyExists(deps: Deps, scope: Scope, id: string): Promise<AppError> {
  const there = await findCustomerEvenDeleted(deps, scope, id);
  const detail =
    there?.deletedAtMs == null
      ? `There is a customer '${id}' already. Choose another id, or use the one there is.`
      : `The id '${id}' was a customer's who was deleted. It is not given out again, because old invoices name it: choose another.`;
  return new AppError("already_exists", { detail, errors: [{ path: "id", message: detail }] });
}
