// Switches off what an earlier try of a link's making made at Stripe without our hearing of it: nobody knows that
// one, and it could be paid beside the link that is known.

import type Stripe from "stripe";
import { ledger } from "../ledger/client.ts";
import type { Deps, Scope } from "../platform/deps.ts";
import { identifyingLink } from "../platform/our-metadata.ts";

/**
 * Links cannot be listed by metadata or time, but newest first (https://docs.stripe.com/api/payment-link/list): they
 * are read back to one of ours that was there before this link was first asked for, however many that are. Those
 * that are off are read too, since one may go off while its page is turned.
 * @param madeId the one that is no stray; null: all of them are
 */
export async function switchOffStrays(
  deps: Deps,
  scope: Scope,
  stripe: Stripe,
  link: { invoiceId: string; revision: number },
  madeId: string | null,
): Promise<void> {
  const identifying = Object.entries(identifyingLink(scope, link));
  let after: string | undefined;
  do {
    const page = await stripe.paymentLinks.list({
      limit: 100,
      ...(after && { starting_after: after }),
    });
    const strays = page.data.filter(
      ({ id, active, metadata }) =>
        active && id !== madeId && identifying.every(([name, value]) => metadata[name] === value),
    );
    for (const stray of strays) await stripe.paymentLinks.update(stray.id, { active: false });
    after = page.has_more ? page.data.at(-1)?.id : undefined;
    if (after && (await isOldEnough(deps, scope, page.data, link))) return;
  } while (after);
}

function isOldEnough(
  deps: Deps,
  scope: Scope,
  links: readonly Stripe.PaymentLink[],
  link: { invoiceId: string; revision: number },
): Promise<boolean> {
  return ledger(deps, scope).isAnyLinkOlder({ stripePaymentLinkIds: links.map(({ id }) => id), than: link });
}
