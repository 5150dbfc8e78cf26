// Asks Stripe for a refund that is reserved, and records the answer. It may be asked any number of times:
// the key is the refund's own, and before asking again it is looked for, since Stripe forgets keys after a
// day and replays a 500 until then (https://docs.stripe.com/api/idempotent_requests).

import type Stripe from "stripe";
import { understood } from "../connections/at-stripe.ts";
import type { StoredConnection } from "../connections/store.ts";
import { ledger } from "../ledger/client.ts";
import type { RefundMade } from "../ledger/payments/conclude-refund.ts";
import type { PaymentView } from "../ledger/payments/read-payments.ts";
import type { RefundRow } from "../ledger/payments/refund-row.ts";
import type { ReservedRefund } from "../ledger/payments/reserve-refund.ts";
import { AppError } from "../platform/app-error.ts";
import type { Deps, Scope } from "../platform/deps.ts";
import { idempotencyKey } from "../platform/idempotency-key.ts";
import { REFUND_STATUSES } from "../platform/tables/payments.ts";

/** The refund that is reserved, and its payment. */
type Asked = Pick<ReservedRefund, "refund" | "payment">;
type Opened = { connection: StoredConnection; stripe: Stripe };

/**
 * Asks for a refund that was reserved a moment ago.
 * @throws AppError Stripe's refusal, with the reservation taken back; or that it is not known what became
 * of it (`stripe_timeout`, `stripe_unavailable`), with the reservation kept
 */
export async function askForRefund(
  deps: Deps,
  scope: Scope,
  opened: Opened,
  asked: Asked,
): Promise<RefundRow> {
  const made = await ask(deps, scope, opened, asked, (said) => !isSilence(said));
  return record(deps, scope, asked, made);
}

/** The same for a refund of which it is not known whether Stripe has made it: looked for, and only then asked for. */
export async function askAgain(deps: Deps, scope: Scope, opened: Opened, asked: Asked): Promise<RefundRow> {
  const found = await findAtStripe(deps, scope, opened, asked).catch(async (error: unknown) => {
    const { id, keyGeneration } = asked.refund;
    await ledger(deps, scope).leaveRefundInDoubt({ id, keyGeneration, failed: false });
    throw error;
  });
  // A refused key or a rate limit says nothing of the first try: only a refusal of the refund itself does.
  const made = found ?? (await ask(deps, scope, opened, asked, isRefusal));
  return record(deps, scope, asked, made);
}

/**
 * Whether another call's refund was made of which nobody heard: recorded if so, and taken back if not.
 * @throws AppError `refund_in_doubt` while it may still be executed
 */
export async function clearDoubt(deps: Deps, scope: Scope, opened: Opened, asked: Asked): Promise<void> {
  const found = await findAtStripe(deps, scope, opened, asked);
  if (found) await record(deps, scope, asked, found);
  else await ledger(deps, scope).dropRefundInDoubt({ id: asked.refund.id });
}

async function ask(
  deps: Deps,
  scope: Scope,
  opened: Opened,
  asked: Asked,
  meansNotMade: (said: AppError) => boolean,
): Promise<Stripe.Refund> {
  const { refund, payment } = asked;
  const { id, keyGeneration } = refund;
  try {
    return await opened.stripe.refunds.create(parametersOf(scope, refund, payment), {
      idempotencyKey: keyOf(scope, refund),
    });
  } catch (error) {
    const said = await understood(deps, scope, opened.connection, error);
    if (meansNotMade(said)) await ledger(deps, scope).dropRefund({ id });
    else await ledger(deps, scope).leaveRefundInDoubt({ id, keyGeneration, failed: answeredWith500(said) });
    throw isSilence(said) ? inDoubt(said) : said;
  }
}

async function findAtStripe(
  deps: Deps,
  scope: Scope,
  opened: Opened,
  { refund, payment }: Asked,
): Promise<Stripe.Refund | undefined> {
  try {
    for await (const found of opened.stripe.refunds.list({ ...namedBy(payment), limit: 100 })) {
      if (found.metadata?.quittance_refund_id === refund.id) return found;
    }
    return undefined;
  } catch (error) {
    throw await understood(deps, scope, opened.connection, error);
  }
}

async function record(
  deps: Deps,
  scope: Scope,
  { refund, payment }: Asked,
  made: Stripe.Refund,
): Promise<RefundRow> {
  const about = { id: refund.id, paymentId: payment.id };
  return ledger(deps, scope).concludeRefund({ ...about, fact: factOf(made) });
}

/** It may have been made: nobody answered, or Stripe itself does not know. */
function isSilence({ code }: AppError): boolean {
  return code === "stripe_timeout" || code === "stripe_unavailable" || code === "internal_error";
}

function isRefusal({ code }: AppError): boolean {
  return code === "stripe_refused";
}

function answeredWith500({ cause }: AppError): boolean {
  return (
    typeof cause === "object" && cause !== null && "statusCode" in cause && Number(cause.statusCode) >= 500
  );
}

function parametersOf(scope: Scope, refund: RefundRow, payment: PaymentView): Stripe.RefundCreateParams {
  return {
    ...namedBy(payment),
    amount: refund.amountMinor,
    ...(refund.reason === null ? {} : { reason: refund.reason as Stripe.RefundCreateParams.Reason }),
    metadata: {
      ...(payment.invoiceId !== null && { invoice_id: payment.invoiceId }),
      ...(payment.customerId !== null && { customer_id: payment.customerId }),
      quittance_tenant_id: scope.tenantId,
      quittance_environment_id: scope.environmentId,
      quittance_refund_id: refund.id,
    },
  };
}

/** A payment of the days before intents is its charge. */
function namedBy({ providerPaymentId }: PaymentView): { payment_intent: string } | { charge: string } {
  const id = providerPaymentId ?? "";
  return id.startsWith("pi_") ? { payment_intent: id } : { charge: id };
}

function keyOf({ environmentId }: Scope, { id, keyGeneration }: RefundRow): string {
  return idempotencyKey("refund", environmentId, id, keyGeneration);
}

function inDoubt(said: AppError): AppError {
  const detail = `${said.message} It is not known whether the refund was made. Send the same call again: it goes on with the same refund and never makes a second one.`;
  return new AppError(said.code, { detail, retryable: true, cause: said.cause });
}

function factOf(refund: Stripe.Refund): RefundMade {
  const createdAtMs = refund.created * 1000;
  return {
    refundId: refund.id,
    status: REFUND_STATUSES.find((status) => status === refund.status) ?? ("pending" as const),
    amountMinor: refund.amount,
    currency: refund.currency.toUpperCase(),
    createdAtMs,
    occurredAtMs: createdAtMs,
    reason: refund.reason ?? null,
    failureReason: refund.failure_reason ?? null,
    mayBeReleased: false,
  };
}
