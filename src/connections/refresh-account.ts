// Asks Stripe for a connection's account again: keeps what it may do and what is still required of it, and
// whether Stripe still takes the key. A failure that can pass changes nothing.

import type Stripe from "stripe";
import type { AccountState } from "../directory/connection-tables.ts";
import { AppError } from "../platform/app-error.ts";
import type { Deps } from "../platform/deps.ts";
import { errorText } from "../platform/logger.ts";
import { fromStripeError } from "../platform/stripe.ts";
import { readAccountState } from "./account-state.ts";
import { openStripe } from "./open-stripe.ts";
import type { ConnectionRow, StoredConnection } from "./store.ts";

const DAY_MS = 24 * 60 * 60 * 1000;
const SPREAD_MS = 2 * 60 * 60 * 1000;
const AGAIN_MS = 15 * 60 * 1000;

/** `set`: what becomes of the connection's row; `healed`: Stripe takes the key again after it had refused it. */
export type AccountRefresh = { set: Partial<ConnectionRow>; healed: boolean } & (
  | { ok: true; account: AccountState; asOfMs: number }
  | { ok: false; error: AppError }
);

/** Never throws for what Stripe answers. */
export async function refreshAccount(deps: Deps, stored: StoredConnection): Promise<AccountRefresh> {
  // Before the call: what changes while Stripe answers counts as newer.
  const asOfMs = deps.now();
  try {
    const account = await retrieve(await openStripe(deps, stored));
    if (account.id !== stored.row.accountId) throw otherAccount(account.id, stored.row.accountId);
    const known = { account, accountAsOfMs: asOfMs, accountRefreshDueAtMs: nextRefreshMs(asOfMs) };
    return {
      ok: true,
      account,
      asOfMs,
      set: { ...known, errorDetail: null },
      healed: stored.row.errorDetail !== null,
    };
  } catch (error) {
    if (!(error instanceof AppError)) throw error;
    if (error.retryable) {
      return { ok: false, error, set: { accountRefreshDueAtMs: asOfMs + AGAIN_MS }, healed: false };
    }
    // The platform's own key is put right by its operator, and no call of the tenant's tells that it was.
    const isSoon = stored.row.authType === "oauth";
    const accountRefreshDueAtMs = isSoon ? asOfMs + AGAIN_MS : nextRefreshMs(asOfMs);
    // A permission that is missing is no refusal of the key: the rest of it works.
    const refused = error.code !== "stripe_permission_missing";
    const errorDetail = refused ? errorText(error) : stored.row.errorDetail;
    return { ok: false, error, set: { accountRefreshDueAtMs, errorDetail }, healed: false };
  }
}

/** A day from now, and up to two hours more by chance, so that connections made together part ways. */
export function nextRefreshMs(nowMs: number, random: number = Math.random()): number {
  return nowMs + DAY_MS + Math.floor(SPREAD_MS * random);
}

async function retrieve(stripe: Stripe): Promise<AccountState> {
  try {
    return readAccountState(await stripe.accounts.retrieveCurrent());
  } catch (error) {
    throw fromStripeError(error);
  }
}

function otherAccount(found: string, expected: string): AppError {
  const detail = `The key is of the Stripe account ${found}, the connection is to ${expected}.`;
  return new AppError("account_mismatch", { detail });
}
