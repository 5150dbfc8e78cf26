// Makes an invoice's Payment Link at Stripe. May run any number of times: what is asked for was frozen before the
// first try and the idempotency key is the same each time, so Stripe makes one link.

import type Stripe from "stripe";
import { atStripe, stripeStatus } from "../connections/at-stripe.ts";
import { openForCalls } from "../connections/open-connection.ts";
import type { StoredConnection } from "../connections/store.ts";
import { ledger } from "../ledger/client.ts";
import type { LinkCreation } from "../ledger/invoices/create-payment-link.ts";
import type { ClaimedOf } from "../ledger/work/kinds.ts";
import { AppError } from "../platform/app-error.ts";
import type { Deps, Scope } from "../platform/deps.ts";
import { switchOffStrays } from "./switch-off-strays.ts";

/**
 * @throws AppError retryable when it may pass; what `openForCalls` throws and `stripe_authentication_failed` when
 * the connection must heal first; else Stripe's refusal, for good
 */
export async function createPaymentLink(
  deps: Deps,
  scope: Scope,
  { id: workId, task: link, connection: state }: ClaimedOf<"create_payment_link">,
): Promise<void> {
  const { connection, stripe } = await openForCalls(deps, scope, state);
  const { accountId } = connection.row;
  const { invoiceId, revision, request } = link;
  const made = request && (await create(deps, scope, connection, stripe, { ...link, request }));
  // An answer may have been lost whose key Stripe has forgotten, or that was a 500.
  if (link.wasAsked)
    await atStripe(deps, scope, connection, () =>
      switchOffStrays(deps, scope, stripe, link, made?.id ?? null),
    );
  if (!made) return ledger(deps, scope).finishWork({ id: workId });
  await ledger(deps, scope).concludePaymentLink({
    ...{ invoiceId, revision, accountId },
    ...{ stripePaymentLinkId: made.id, url: made.url },
  });
}

/** Null when Stripe refuses to make a link that nobody wants any more. */
async function create(
  deps: Deps,
  scope: Scope,
  connection: StoredConnection,
  stripe: Stripe,
  { request, idempotencyKey, isWanted, ...key }: LinkCreation & { request: Stripe.PaymentLinkCreateParams },
): Promise<Stripe.PaymentLink | null> {
  try {
    return await atStripe(deps, scope, connection, () =>
      stripe.paymentLinks.create(request, { idempotencyKey }),
    );
  } catch (error) {
    // Stripe replays a 500 under the same key for a day. Should it have made a link all the same, the next try
    // finds it as a stray.
    if ((stripeStatus(error) ?? 0) >= 500) {
      const { invoiceId, revision, keyGeneration } = key;
      await ledger(deps, scope).renewLinkKey({ invoiceId, revision, keyGeneration });
    }
    const refused = error instanceof AppError && error.code === "stripe_refused";
    if (refused && !isWanted) return null;
    // This try made none, and it is the last one.
    if (refused && key.wasAsked)
      await atStripe(deps, scope, connection, () => switchOffStrays(deps, scope, stripe, key, null));
    throw error;
  }
}
