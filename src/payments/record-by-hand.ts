// Records a payment that came another way than through Stripe, and counts it.

import { ledger } from "../ledger/client.ts";
import type { PaymentView } from "../ledger/payments/read-payments.ts";
import type { ManualPaymentInput } from "../ledger/payments/record-manual-payment.ts";
import type { Deps, Scope } from "../platform/deps.ts";

/** @throws AppError what the ledger's verb throws */
export async function recordByHand(
  deps: Deps,
  scope: Scope,
  input: ManualPaymentInput,
): Promise<PaymentView> {
  const { payment, isNew } = await ledger(deps, scope).recordManualPayment(input);
  const { currency, amountMinor } = payment;
  if (isNew)
    deps.analytics?.write(scope, {
      ...{ kind: "payment", status: "succeeded", currency, method: input.method, amountMinor },
    });
  return payment;
}
