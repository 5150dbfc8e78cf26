// Decides who is calling, by the key alone, as Stripe does: by a key of this sandbox's shape, by a header
// that names a connected account, and by what a restricted key was not given.

import { API_VERSION, isApiVersion } from "./api-versions.ts";
import { forbidden, invalidRequest, unauthorized } from "./errors.ts";
import { accountIdOfKey, isLive } from "./mode.ts";
import type { Caller, World } from "./types.ts";

/** Every permission that a restricted key can be told to lack, without `_read` and `_write`. */
export const PERMISSIONS = [
  "accounts_kyc_basic",
  "charge",
  "checkout_session",
  "connected_account",
  "coupon",
  "customer",
  "customer_portal",
  "dispute",
  "event",
  "invoice",
  "payment_intent",
  "payment_link",
  "plan",
  "product",
  "promotion_code",
  "setup_intent",
  "subscription",
  "webhook",
] as const;

export type Permission = (typeof PERMISSIONS)[number];

/**
 * The caller behind a request. Throws 401 for a key that is missing, invalid, revoked or expired, 403 for
 * an account that the key has no access to, and 400 for an API version that does not exist.
 */
export function authenticate(world: World, request: Request): Caller {
  const apiKey = keyOf(request);
  if (apiKey === null || apiKey === "") throw unauthorized(NO_KEY);
  const ownAccountId = accountIdOfKey(apiKey);
  if (/expired/i.test(apiKey)) {
    throw unauthorized(`Expired API Key provided: ${maskKey(apiKey)}`, "api_key_expired");
  }
  if (ownAccountId === null || /invalid/i.test(apiKey) || world.revokedKeys.includes(apiKey)) {
    throw unauthorized(`Invalid API Key provided: ${maskKey(apiKey)}`);
  }
  const apiVersion = request.headers.get("stripe-version") ?? API_VERSION;
  if (!isApiVersion(apiVersion)) throw invalidRequest(`Invalid Stripe API version: ${apiVersion}`);
  const accountId = request.headers.get("stripe-account") ?? ownAccountId;
  if (accountId !== ownAccountId && world.oauthGrants[accountId] !== ownAccountId) {
    throw forbidden(
      `The provided key '${maskKey(apiKey)}' does not have access to account '${accountId}' (or that account ` +
        "does not exist). Application access may have been revoked.",
      "account_invalid",
    );
  }
  return {
    accountId,
    livemode: isLive(accountId),
    apiKey,
    missingPermissions: missingPermissions(world, apiKey),
    apiVersion,
  };
}

/** Throws 403 when the key lacks `permission`, e.g. `payment_link_write`. */
export function requirePermission(caller: Caller, permission: string): void {
  if (!caller.missingPermissions.includes(permission)) return;
  throw forbidden(
    `The provided key '${maskKey(caller.apiKey)}' does not have the required permissions for this endpoint on ` +
      `account '${caller.accountId}'. Having the 'rak_${permission}' permission would allow this request to continue.`,
  );
}

/** A key as Stripe shows it: the prefix, stars, and the last four characters. */
export function maskKey(apiKey: string): string {
  const prefix = /^[a-z]{2}_(test|live)_/.exec(apiKey)?.[0] ?? apiKey.slice(0, 0);
  const hidden = Math.max(0, apiKey.length - prefix.length - 4);
  return `${prefix}${"*".repeat(hidden)}${apiKey.slice(prefix.length + hidden)}`;
}

const NO_KEY =
  "You did not provide an API key. You need to provide your API key in the Authorization header, using Bearer " +
  "auth (e.g. 'Authorization: Bearer YOUR_SECRET_KEY'). See https://stripe.com/docs/api#authentication for " +
  "details, or we can help at https://support.stripe.com/.";

/** The key of `Authorization: Bearer`, or the user name of basic authentication. */
function keyOf(request: Request): string | null {
  const [scheme = "", credential = ""] = (request.headers.get("authorization") ?? "").split(" ");
  if (scheme.toLowerCase() === "bearer") return credential;
  if (scheme.toLowerCase() !== "basic") return null;
  try {
    return atob(credential).split(":")[0] ?? null;
  } catch {
    return null;
  }
}

/** `rk_test_alpha_restricted_webhook_write_payment_link_write` lacks the two that it names. */
function missingPermissions(world: World, apiKey: string): string[] {
  const tail = apiKey.split("_restricted_")[1];
  if (tail === undefined) return [];
  const names = [...PERMISSIONS].sort((left, right) => right.length - left.length).join("|");
  const lacking = Array.from(tail.matchAll(new RegExp(`(?:${names})_(?:read|write)`, "g")), ([name]) => name);
  return lacking.filter((name) => !world.grantedPermissions[apiKey]?.includes(name));
}
