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
  const made = await create(deps, scope, connection, stripe, link);
  if (!made) return ledger(deps, scope).finishWork({ id: workId });
  // An answer may have been lost whose key Stripe has forgotten, or that was a 500.
  if (link.wasAsked) await atStripe(deps, scope, connection, () => switchOffStrays(stripe, link, made.id));
  const { invoiceId, revision } = link;
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
  { request, idempotencyKey, isWanted, ...key }: LinkCreation,
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
    throw error;
  }
}

// By these of its metadata a link is told from all others.
const IDENTIFYING = ["quittance_environment_id", "invoice_id", "quittance_link_revision"] as const;

/** Switches off what an earlier try made at Stripe without our hearing of it. */
async function switchOffStrays(stripe: Stripe, { request }: LinkCreation, madeId: string): Promise<void> {
  // Links cannot be listed by metadata, but newest first (https://docs.stripe.com/api/payment-link/list): a stray
  // is minutes old.
  const { data } = await stripe.paymentLinks.list({ active: true, limit: 100 });
  const wanted: Record<string, unknown> = { ...(request.metadata || {}) };
  const strays = data.filter(
    ({ id, metadata }) => id !== madeId && IDENTIFYING.every((name) => metadata[name] === wanted[name]),
  );
  for (const stray of strays) await stripe.paymentLinks.update(stray.id, { active: false });
}
