// A checkout session as Stripe has it at this moment, so that a thank-you page can trust it: never what was
// stored some time ago. What Stripe says goes into the row as well.

import { atStripe, stripeStatus } from "../connections/at-stripe.ts";
import { openForCalls } from "../connections/open-connection.ts";
import type { CheckoutSessionSeen } from "../ledger/checkout/checkout-session.ts";
import { hastenNotifications } from "../notifications/sweep-notifications.ts";
import { AppError, notFound } from "../platform/app-error.ts";
import { commit } from "../platform/commit.ts";
import type { Deps, Scope } from "../platform/deps.ts";
import { seenAtStripe } from "./checkout-session-state.ts";
import { recordCheckoutSession, rowFor } from "./record-checkout-session.ts";
import { type CheckoutSessionRow, findCheckoutSession } from "./store.ts";

/**
 * @throws AppError `not_found` for one that is not this environment's, before Stripe is asked; what
 * {@link openForCalls} throws; Stripe's failure
 */
export async function getCheckoutSession(deps: Deps, scope: Scope, id: string): Promise<CheckoutSessionRow> {
  const row = await findCheckoutSession(deps, scope, id);
  if (!row) throw notFound("checkout session", id);
  const seen = await askStripe(deps, scope, id);
  const now = deps.now();
  if (isKnown(row, rowFor(scope, seen, now))) return row;
  const database = deps.database(scope);
  await commit(database, recordCheckoutSession(database, scope, seen, now));
  // A GET: nobody else puts into the queue what this has announced before the next sweep.
  if (seen.status === "complete") await hastenNotifications(deps, scope);
  return (await findCheckoutSession(deps, scope, id)) ?? row;
}

async function askStripe(deps: Deps, scope: Scope, id: string): Promise<CheckoutSessionSeen> {
  const { connection, stripe } = await openForCalls(deps, scope);
  try {
    const session = await atStripe(deps, scope, connection.row.id, () =>
      stripe.checkout.sessions.retrieve(id),
    );
    return seenAtStripe(session, deps.now());
  } catch (error) {
    if (stripeStatus(error) !== 404) throw error;
    const detail = `Stripe does not know the checkout session '${id}' in the account that is connected now.`;
    throw new AppError("not_found", { detail, cause: error });
  }
}

/** A page that polls does not write each time. */
function isKnown(row: CheckoutSessionRow, seen: CheckoutSessionRow): boolean {
  const shown = [
    "status",
    "paymentStatus",
    "url",
    "amountTotalMinor",
    "currency",
    "stripeCustomerId",
    "subscriptionId",
    "stripePaymentIntentId",
  ] as const;
  return shown.every((column) => row[column] === seen[column]);
}
