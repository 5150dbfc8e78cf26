// For what is made for a customer: it must be there.

import { AppError } from "../platform/app-error.ts";
import type { Deps, Scope } from "../platform/deps.ts";
import { getCustomer } from "./create-customer.ts";

/** @throws AppError `validation_failed` when there is no such customer */
export async function requireCustomer(deps: Deps, scope: Scope, customerId: string): Promise<void> {
  try {
    await getCustomer(deps, scope, customerId);
  } catch (error) {
    if (!(error instanceof AppError) || error.code !== "not_found") throw error;
    const message = `There is no customer '${customerId}' in this environment. Create it first with POST /api/v1/customers.`;
    throw new AppError("validation_failed", { detail: message, errors: [{ path: "customer_id", message }] });
  }
}
