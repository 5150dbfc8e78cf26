// Stripe Connect by OAuth: a merchant lets a platform act on the account, and takes that back.
// https://docs.stripe.com/connect/oauth-reference

import type Stripe from "stripe";
import type { SandboxContext } from "../context.ts";
import { emitEvent } from "../emit-event.ts";
import { oauthError } from "../errors.ts";
import { randomString } from "../ids.ts";
import { oneOf, required, string } from "../parameters.ts";
import { route } from "../routes.ts";
import { openAccount } from "../world.ts";

const tokenParameters = {
  grant_type: required(oneOf("authorization_code", "refresh_token")),
  client_secret: string(),
  code: string(),
  refresh_token: string(),
  scope: string(),
};
const deauthorized = { client_id: required(string()), stripe_user_id: required(string()) };

export const oauthRoutes = [
  route("POST", "/oauth/token", "connected_account", tokenParameters, ({ context, accountId, params }) => {
    const { world } = context;
    const code = params.code ?? params.refresh_token ?? "";
    const given = world.oauthCodes[code];
    if (given === undefined || (given.expiresAtMs !== null && given.expiresAtMs <= context.now())) {
      throw oauthError("invalid_grant", `Authorization code does not exist: ${code}`);
    }
    const { accountId: connected, clientId, scope } = given;
    if (clientId !== applicationId(accountId)) {
      throw oauthError("invalid_grant", `Authorization code provided does not belong to you: ${code}`);
    }
    // A code serves once; a refresh token stays.
    if (params.grant_type === "authorization_code") delete world.oauthCodes[code];
    world.oauthGrants[connected] = accountId;
    const segment = connected.slice("acct_".length);
    const accessToken = `sk_test_${segment}_oauth${randomString(16)}`;
    world.oauthTokens[accessToken] = connected;
    const refreshToken = params.refresh_token ?? `rt_${randomString(24)}`;
    world.oauthCodes[refreshToken] = { ...given, expiresAtMs: null };
    openAccount(world, connected, context.now());
    const token: Stripe.OAuthToken = {
      access_token: accessToken,
      livemode: false,
      refresh_token: refreshToken,
      scope,
      stripe_publishable_key: `pk_test_${segment}_oauth`,
      stripe_user_id: connected,
      token_type: "bearer",
    };
    return token;
  }),
  route("POST", "/oauth/deauthorize", "connected_account", deauthorized, ({ context, accountId, params }) => {
    const { client_id, stripe_user_id } = params;
    if (context.world.oauthGrants[stripe_user_id] !== accountId || client_id !== applicationId(accountId)) {
      const message = `This application is not connected to stripe account ${stripe_user_id}, or that account does not exist.`;
      throw oauthError("invalid_client", message);
    }
    deauthorize(context, stripe_user_id, client_id);
    return { stripe_user_id } satisfies Stripe.OAuthDeauthorization;
  }),
];

/** The Connect application of a platform's account, `ca_…`. */
export function applicationId(platformAccountId: string): string {
  return `ca_${platformAccountId.slice("acct_".length)}`;
}

const CODE_LASTS_MS = 5 * 60 * 1000;

/** The merchant's consent: the code that the platform exchanges for a token, once and within five minutes. */
export function grantCode(
  context: SandboxContext,
  accountId: string,
  { clientId, scope }: { clientId: string | null; scope: string },
): string {
  const code = `ac_${randomString(32)}`;
  openAccount(context.world, accountId, context.now());
  const expiresAtMs = context.now() + CODE_LASTS_MS;
  context.world.oauthCodes[code] = { accountId, clientId: clientId ?? "", scope, expiresAtMs };
  context.changed();
  return code;
}

/** Ends a grant, from either side: its tokens no longer work, and the platform is told. */
export function deauthorize(context: SandboxContext, accountId: string, clientId: string): void {
  const { world } = context;
  const application: Stripe.Application = { id: clientId, object: "application", name: "Sandbox platform" };
  emitEvent(context, accountId, "account.application.deauthorized", application);
  delete world.oauthGrants[accountId];
  for (const [token, connected] of Object.entries(world.oauthTokens)) {
    if (connected !== accountId) continue;
    delete world.oauthTokens[token];
    world.revokedKeys.push(token);
  }
  for (const [code, given] of Object.entries(world.oauthCodes)) {
    if (given.accountId === accountId) delete world.oauthCodes[code];
  }
}
