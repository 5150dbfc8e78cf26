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
    const connected = world.oauthCodes[code];
    if (connected === undefined) {
      throw oauthError("invalid_grant", `Authorization code does not exist: ${code}`);
    }
    // A code serves once; a refresh token stays.
    if (params.grant_type === "authorization_code") delete world.oauthCodes[code];
    world.oauthGrants[connected] = accountId;
    const segment = connected.slice("acct_".length);
    const accessToken = `sk_test_${segment}_oauth${randomString(16)}`;
    world.oauthTokens[accessToken] = connected;
    const refreshToken = params.refresh_token ?? `rt_${randomString(24)}`;
    world.oauthCodes[refreshToken] = connected;
    openAccount(world, connected, context.now());
    const token: Stripe.OAuthToken = {
      access_token: accessToken,
      livemode: false,
      refresh_token: refreshToken,
      scope: "read_write",
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

/** The merchant's consent: the code that the platform exchanges for a token. */
export function grantCode(context: SandboxContext, accountId: string): string {
  const code = `ac_${randomString(32)}`;
  openAccount(context.world, accountId, context.now());
  context.world.oauthCodes[code] = accountId;
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
  for (const [code, connected] of Object.entries(world.oauthCodes)) {
    if (connected === accountId) delete world.oauthCodes[code];
  }
}

/**
 * `GET /oauth/authorize`: the page on which a merchant consents. The sandbox does not ask: it consents for
 * the account in `account` (default `acct_connected`), or refuses when `deny` is given.
 */
export function authorize(context: SandboxContext, url: URL): Response {
  const redirectUri = url.searchParams.get("redirect_uri");
  if (redirectUri === null || !URL.canParse(redirectUri)) {
    return new Response("Invalid redirect URI", { status: 400 });
  }
  const target = new URL(redirectUri);
  const state = url.searchParams.get("state");
  if (state !== null) target.searchParams.set("state", state);
  if (url.searchParams.has("deny")) {
    target.searchParams.set("error", "access_denied");
    target.searchParams.set("error_description", "The user denied your request");
  } else {
    target.searchParams.set("scope", "read_write");
    target.searchParams.set("code", grantCode(context, url.searchParams.get("account") ?? "acct_connected"));
  }
  return new Response(null, { status: 302, headers: { location: target.href } });
}
