// Test mode and live mode. At Stripe one account has both, with objects apart; here each mode has an account of its own,
// so that nothing of the one can ever be seen by the other's keys. What an account shows says its mode.

import { cutItems } from "./cut-items.ts";

const LIVE_ACCOUNT = "acct_live";

/** `sk_test_alpha_1` and `rk_test_alpha_2` are keys of `acct_alpha`, `sk_live_alpha_1` is one of `acct_livealpha`. */
export function accountIdOfKey(apiKey: string): string | null {
  const [, mode, name] = /^[sr]k_(test|live)_([A-Za-z0-9]+)(?:_[A-Za-z0-9_]+)?$/.exec(apiKey) ?? [];
  if (name === undefined) return null;
  const id = `${mode === "live" ? LIVE_ACCOUNT : "acct_"}${name}`;
  return isLive(id) === (mode === "live") ? id : null;
}

export function isLive(accountId: string): boolean {
  return accountId.startsWith(LIVE_ACCOUNT);
}

/** For JSON.stringify, of all that leaves the sandbox: objects are kept as those of test mode. */
export function shownBy(accountId: string): (key: string, value: unknown) => unknown {
  if (!isLive(accountId)) return cutItems;
  return (key, value) => (key === "livemode" && value === false ? true : cutItems(key, value));
}
