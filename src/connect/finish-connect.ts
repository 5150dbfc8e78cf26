// Ends Stripe Connect: Stripe has sent the browser back. All that the state is bound to is checked before it is used,
// so that a stranger uses up nobody's; and it is used before the code is exchanged, so that it serves once.

import type Stripe from "stripe";
import { findLiveConnection } from "../connections/store.ts";
import { findKeyById } from "../directory/authenticate.ts";
import { lookUp } from "../http/refused-addresses.ts";
import { AppError } from "../platform/app-error.ts";
import { connectOffer } from "../platform/connect-config.ts";
import type { Deps, Scope } from "../platform/deps.ts";
import { sha256Hex } from "../platform/sha256.ts";
import { fromStripeError } from "../platform/stripe.ts";
import { connectAccount, type Grant } from "./connect-account.ts";
import type { ConnectRefusal } from "./connect-refusal.ts";
import { type ConnectState, findState, takeState } from "./state-store.ts";

/** What Stripe put behind the address that it sent the browser back to; null for what is not there. */
export type ConnectCallback = {
  state: string | null;
  code: string | null;
  error: string | null;
  errorDescription: string | null;
};

export type ConnectEnd =
  | { ok: true; connectionId: string; returnUrl: string }
  /** `said`: in Stripe's words, where there are any. `returnUrl`: null where nobody is known who began it. */
  | { ok: false; why: ConnectRefusal; said: string | null; returnUrl: string | null };

// As randomToken makes it.
const STATE = /^[A-Za-z0-9_-]{43}$/;

/**
 * @param browser the cookie of the browser that was sent back; null where it has none
 * @throws AppError `rate_limited` for an address that tried too many states that nobody has; `database_unavailable`
 * (retryable), and what is no refusal of Stripe's
 */
export async function finishConnect(
  deps: Deps,
  callback: ConnectCallback,
  browser: string | null,
): Promise<ConnectEnd> {
  if (callback.state === null || callback.state === "") return refused("state_missing", null);
  if (!STATE.test(callback.state)) return refused("state_unknown", null);
  const stateHash = await sha256Hex(callback.state);
  const state = await lookUp(
    deps,
    "connect",
    stateHash,
    async () => (await findState(deps, stateHash)) ?? null,
  );
  if (!state) return refused("state_unknown", null);
  // An address of ours that a stranger learnt leads nobody anywhere.
  if (state.browserHash !== null && (await hashOf(browser)) !== state.browserHash)
    return refused("other_browser", null);
  if (state.usedAtMs !== null) return refused("state_used", state);
  if (state.expiresAtMs <= deps.now()) return refused("state_expired", state);
  const scope = await scopeOfBeginner(deps, state);
  if (!scope) return refused("key_revoked", state);
  if (!(await takeState(deps, state.stateHash))) return refused("state_used", state);
  return { ...(await goOn(deps, scope, state, callback)), returnUrl: state.returnUrl };
}

type Ended = { ok: true; connectionId: string } | { ok: false; why: ConnectRefusal; said: string | null };

async function goOn(
  deps: Deps,
  scope: Scope,
  state: ConnectState,
  callback: ConnectCallback,
): Promise<Ended> {
  if (callback.error === "access_denied") return { ok: false, why: "denied", said: null };
  if (callback.error !== null || callback.code === null)
    return { ok: false, why: "stripe_error", said: callback.errorDescription ?? callback.error };
  const offer = connectOffer(deps.config, state.livemode);
  if (!offer.ok) return { ok: false, why: "not_configured", said: null };
  // Before the code is exchanged: else there would be a grant at Stripe that nothing here has.
  if (await findLiveConnection(deps, scope)) return { ok: false, why: "connection_exists", said: null };
  const actor = { kind: state.begunBy, id: state.apiKeyId, ip: deps.actor.ip };
  try {
    const grant = await exchange(deps.stripe(offer.secretKey), callback.code);
    const outcome = await connectAccount({ ...deps, actor }, scope, state, offer.secretKey, grant);
    return outcome.ok ? outcome : { ...outcome, said: null };
  } catch (error) {
    const said = refusalOf(error);
    if (said === null) throw error;
    return { ok: false, ...said };
  }
}

/** @throws AppError in Stripe's words */
async function exchange(stripe: Stripe, code: string): Promise<Grant> {
  try {
    const token = await stripe.oauth.token({ grant_type: "authorization_code", code });
    if (token.stripe_user_id === undefined)
      throw new AppError("stripe_refused", { detail: "Stripe named no account." });
    return {
      accountId: token.stripe_user_id,
      livemode: token.livemode === true,
      scope: token.scope ?? "",
      publishableKey: token.stripe_publishable_key ?? null,
    };
  } catch (error) {
    throw fromStripeError(error);
  }
}

function refusalOf(error: unknown): { why: ConnectRefusal; said: string } | null {
  if (!(error instanceof AppError)) return null;
  if (error.code === "stripe_refused") return { why: "code_refused", said: error.message };
  if (error.code === "database_unavailable" || !/^(stripe|account)_/.test(error.code)) return null;
  return { why: "stripe_unavailable", said: error.message };
}

/** Where who began it still may: the key is there with its right, and the environment of the mode that it had. */
async function scopeOfBeginner(deps: Deps, state: ConnectState): Promise<Scope | null> {
  const { tenantId, environmentId, apiKeyId } = state;
  const owner = await findKeyById(deps, { tenantId, environmentId }, apiKeyId);
  if (!owner || owner.livemode !== state.livemode) return null;
  return owner.rights.includes("connections") ? owner.scope : null;
}

async function hashOf(browser: string | null): Promise<string | null> {
  return browser === null ? null : sha256Hex(browser);
}

function refused(why: ConnectRefusal, state: ConnectState | null): ConnectEnd {
  return { ok: false, why, said: null, returnUrl: state?.returnUrl ?? null };
}
