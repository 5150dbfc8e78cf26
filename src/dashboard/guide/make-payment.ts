// Makes the invoice by which a new environment is seen to work: over €1.00 in test mode, in live mode over the least
// that Stripe charges in the account's own currency. Its customer is one of our own naming, made once.

import { ledger } from "../../ledger/client.ts";
import { AppError } from "../../platform/app-error.ts";
import type { Deps, Scope } from "../../platform/deps.ts";
import { chargeLimits } from "../../platform/stripe-limits.ts";

export const GUIDE_CUSTOMER = "first_steps";
const TEST = { currency: "EUR", amountMinor: 100 };

/**
 * @param accountCurrency of the Stripe account; null: unknown
 * @throws AppError `connection_missing`
 */
export async function makeGuidePayment(
  deps: Deps,
  scope: Scope,
  { livemode, accountCurrency }: { livemode: boolean; accountCurrency: string | null },
): Promise<void> {
  const { currency, amountMinor } = livemode ? leastOf(accountCurrency ?? TEST.currency) : TEST;
  await ensureCustomer(deps, scope);
  await ledger(deps, scope).createInvoice({
    customerId: GUIDE_CUSTOMER,
    currency,
    lines: [{ description: "First steps", quantity: 1, unitAmountMinor: amountMinor }],
    finalize: true,
    sendEmail: false,
    callId: deps.callId,
  });
}

async function ensureCustomer(deps: Deps, scope: Scope): Promise<void> {
  const customer = { id: GUIDE_CUSTOMER, name: "First steps" };
  try {
    await ledger(deps, scope).createCustomer({ ...customer, callId: null });
  } catch (error) {
    if (!(error instanceof AppError) || error.code !== "already_exists") throw error;
  }
}

function leastOf(currency: string): { currency: string; amountMinor: number } {
  const { least, step } = chargeLimits(currency);
  return { currency, amountMinor: Math.ceil(least / step) * step };
}
