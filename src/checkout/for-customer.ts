// Has something made at Stripe for a customer of ours, who is made there first where need be.

import { ensureStripeCustomer, type Opened } from "../customers/ensure-stripe-customer.ts";
import { ledger } from "../ledger/client.ts";
import { AppError } from "../platform/app-error.ts";
import type { Deps, Scope } from "../platform/deps.ts";
import { isCustomerGone } from "./ask-for-session.ts";

/**
 * @param customerId ours; undefined for nobody
 * @param make is run again where Stripe's customer was deleted there, and no event has told of it yet
 * @throws AppError `validation_failed` naming `customer_id` where it was deleted meanwhile; what
 * {@link ensureStripeCustomer} and `make` throw
 */
export async function forCustomer<T>(
  deps: Deps,
  scope: Scope,
  opened: Opened,
  customerId: string | undefined,
  make: (stripeCustomerId: string | undefined) => Promise<T>,
): Promise<T> {
  if (customerId === undefined) return make(undefined);
  const ensured = async () => {
    try {
      return await ensureStripeCustomer(deps, scope, opened, customerId);
    } catch (error) {
      if (error instanceof AppError && error.code === "not_found")
        await ledger(deps, scope).requireCustomer({ customerId });
      throw error;
    }
  };
  try {
    return await make(await ensured());
  } catch (error) {
    if (!isCustomerGone(error)) throw error;
    await forget(deps, scope, customerId);
    return make(await ensured());
  }
}

async function forget(deps: Deps, scope: Scope, customerId: string): Promise<void> {
  const row = await ledger(deps, scope).findCustomerRow({ id: customerId });
  if (!row?.stripeCustomerId) return;
  const gone = { customerId: row.id, stripeCustomerId: row.stripeCustomerId };
  await ledger(deps, scope).forgetStripeCustomer(gone);
}
