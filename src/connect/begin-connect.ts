// Begins Stripe Connect: a state of 256 random bits, of which only the hash is kept, and the address at Stripe where
// the account's owner consents (https://docs.stripe.com/connect/oauth-reference).

import { findLiveConnection } from "../connections/store.ts";
import { connectionExists } from "../connections/write-connection.ts";
import { auditEntry } from "../directory/audit.ts";
import { getSettings } from "../directory/environment-settings.ts";
import { originErrors } from "../platform/allowed-origins.ts";
import { AppError, type FieldError, refuse } from "../platform/app-error.ts";
import { commit } from "../platform/commit.ts";
import { connectOffer } from "../platform/connect-config.ts";
import type { Deps, Scope } from "../platform/deps.ts";
import { sha256Hex } from "../platform/sha256.ts";
import { urlProblem } from "../platform/url-problem.ts";
import { insertState } from "./state-store.ts";

/** How long the owner of an account has to consent. */
export const CONNECT_LASTS_MS = 10 * 60 * 1000;

export type ConnectBegun = { url: string; expiresAtMs: number };

export type BeginConnectInput = {
  livemode: boolean;
  /** Of the connection that is to be. */
  name: string;
  /** Where the browser goes afterwards; of an allowed origin, or our own. */
  returnUrl: string;
  /** The API key that began it, or that of the session. */
  keyId: string;
  /** The value of the cookie of the browser that begins, which alone can end it; null: the API begins it. */
  browser: string | null;
};

/**
 * A flow that a browser began is bound to that browser. One that an API key began cannot be: what binds it is that the
 * state is random, serves once and for ten minutes, belongs to the key's own environment and mode, and is void once
 * the key is revoked; so the address is for the account's owner alone, like a password for ten minutes.
 * @throws AppError `connect_not_configured` naming what the operator has to set; `connection_exists`;
 * `validation_failed` at `return_url`; `not_configured` where our own origin is not known
 */
export async function beginConnect(
  deps: Deps,
  scope: Scope,
  input: BeginConnectInput,
): Promise<ConnectBegun> {
  const offer = connectOffer(deps.config, input.livemode);
  if (!offer.ok) throw new AppError("connect_not_configured", { detail: offer.detail });
  refuse(await returnUrlErrors(deps, scope, input));
  if (await findLiveConnection(deps, scope)) throw connectionExists();
  const state = randomToken();
  const stateHash = await sha256Hex(state);
  const now = deps.now();
  const expiresAtMs = now + CONNECT_LASTS_MS;
  await insertState(deps, {
    stateHash,
    tenantId: scope.tenantId,
    environmentId: scope.environmentId,
    livemode: input.livemode,
    begunBy: input.browser === null ? "api_key" : "dashboard",
    apiKeyId: input.keyId,
    browserHash: input.browser === null ? null : await sha256Hex(input.browser),
    name: input.name,
    returnUrl: input.returnUrl,
    expiresAtMs,
    usedAtMs: null,
    createdAtMs: now,
  });
  await commit(deps.directory, [
    auditEntry(deps, scope, {
      action: "environment.connect_begun",
      object: "environment",
      objectId: scope.environmentId,
      detail: { name: input.name, return_url: input.returnUrl },
    }),
  ]);
  return { url: authorizeUrl(deps, offer.clientId, state), expiresAtMs };
}

/** 256 random bits, as they may stand in an address or a cookie. */
export function randomToken(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(32));
  const base64 = btoa(String.fromCharCode(...bytes));
  return base64.replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", "");
}

/** Where Stripe sends the browser back; it has to be named in the platform's Connect settings at Stripe. */
export function callbackUrl({ publicUrl }: Pick<Deps, "publicUrl">): string {
  if (publicUrl === null) throw new AppError("not_configured", { detail: "PUBLIC_URL is not set." });
  return `${publicUrl}/connect/callback`;
}

function authorizeUrl(deps: Deps, clientId: string, state: string): string {
  const url = new URL("/oauth/authorize", deps.config.stripeApiBase ?? "https://connect.stripe.com");
  const parameters = { response_type: "code", client_id: clientId, scope: "read_write", state };
  url.search = new URLSearchParams({ ...parameters, redirect_uri: callbackUrl(deps) }).toString();
  return url.href;
}

async function returnUrlErrors(
  deps: Deps,
  scope: Scope,
  { returnUrl, livemode }: BeginConnectInput,
): Promise<FieldError[]> {
  const path = "return_url";
  if (deps.publicUrl !== null && URL.canParse(returnUrl) && new URL(returnUrl).origin === deps.publicUrl)
    return [];
  const problem = urlProblem(returnUrl, livemode ? "https" : "loopback_too");
  if (problem !== null) return [{ path, message: problem }];
  const { settings } = await getSettings(deps, scope);
  return originErrors(path, returnUrl, settings.allowed_origins);
}
