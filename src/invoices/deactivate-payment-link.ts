// Switches a payment link off at Stripe and expires the sessions that payers still have open, so that nobody
// pays what is not owed. May run any number of times: a link that is off stays off, a session that is no
// longer open is passed over. The ledger keeps that Stripe has confirmed.

import type Stripe from "stripe";
import { atStripe, stripeStatus } from "../connections/at-stripe.ts";
import { openForCalls } from "../connections/open-connection.ts";
import type { StoredConnection } from "../connections/store.ts";
import { ledger } from "../ledger/client.ts";
import type { LinkDeactivation } from "../ledger/invoices/deactivate-payment-link.ts";
import type { ClaimedOf } from "../ledger/work/kinds.ts";
import { AppError } from "../platform/app-error.ts";
import type { Deps, Scope } from "../platform/deps.ts";

// A session that is expired leaves the list of open ones, so the first page is the rest each time.
const PAGE = 100;
const MAX_PAGES = 10;

/** @throws AppError as {@link switchOffAtStripe}, and what `openForCalls` throws */
export async function deactivatePaymentLink(
  deps: Deps,
  scope: Scope,
  { task: link, connection: state }: ClaimedOf<"deactivate_payment_link">,
): Promise<void> {
  await switchOffAtStripe(deps, scope, link, await openForCalls(deps, scope, state));
}

/**
 * The same with a connection that is open already: the one that is being disconnected.
 * @throws AppError retryable when it may pass; `account_mismatch` when the connection is of another
 * account, in which the link cannot be reached
 */
export async function switchOffAtStripe(
  deps: Deps,
  scope: Scope,
  link: LinkDeactivation,
  { connection, stripe }: { connection: StoredConnection; stripe: Stripe },
): Promise<void> {
  const { accountId } = connection.row;
  if (link.accountId !== null && link.accountId !== accountId) {
    const detail = `The link was made in the account ${link.accountId}; the connection is of another account.`;
    throw new AppError("account_mismatch", { detail });
  }
  const { invoiceId, revision, stripePaymentLinkId: linkId } = link;
  const call = <T>(run: () => Promise<T>) => atStripe(deps, scope, connection, run);
  // First the link, so that no session is opened behind the ones that are expired.
  const there = await switchOff(stripe, linkId, call);
  const expiredSessions = there ? await expireOpenSessions(stripe, linkId, call) : 0;
  await ledger(deps, scope).concludeDeactivation({ invoiceId, revision, expiredSessions });
}

type Call = <T>(run: () => Promise<T>) => Promise<T>;

/** False when Stripe no longer has the link: then it can no longer be paid either. */
async function switchOff(stripe: Stripe, linkId: string, call: Call): Promise<boolean> {
  try {
    await call(() => stripe.paymentLinks.update(linkId, { active: false }));
    return true;
  } catch (error) {
    if (stripeStatus(error) === 404) return false;
    throw error;
  }
}

/** How many sessions this run expired. */
async function expireOpenSessions(stripe: Stripe, linkId: string, call: Call): Promise<number> {
  let expired = 0;
  for (let page = 0; page < MAX_PAGES; page++) {
    const open = await call(() =>
      stripe.checkout.sessions.list({ payment_link: linkId, status: "open", limit: PAGE }),
    );
    for (const session of open.data) {
      if (await expireSession(stripe, session.id, call)) expired += 1;
    }
    if (!open.has_more) return expired;
  }
  throw new AppError("stripe_unavailable", {
    detail: "The link has more open sessions than one run can expire; the next one goes on.",
    retryable: true,
  });
}

/**
 * False when it was completed or expired meanwhile, which Stripe words as a refusal.
 * @throws AppError retryable where it is open all the same: its payer may be paying just then, and is done by the next try
 */
async function expireSession(stripe: Stripe, sessionId: string, call: Call): Promise<boolean> {
  try {
    await call(() => stripe.checkout.sessions.expire(sessionId));
    return true;
  } catch (error) {
    if (!(error instanceof AppError) || error.code !== "stripe_refused") throw error;
    const { status } = await call(() => stripe.checkout.sessions.retrieve(sessionId));
    if (status !== "open") return false;
    const { message: detail, cause } = error;
    throw new AppError("stripe_unavailable", { detail, retryable: true, cause });
  }
}
