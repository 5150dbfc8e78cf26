// What a request carries through the app: Hono's types, and who is calling.

import type { Context } from "hono";
import { type LedgerClient, ledger } from "../ledger/client.ts";
import { AppError } from "../platform/app-error.ts";
import type { Deps, Scope } from "../platform/deps.ts";

export type Role = "admin" | "write" | "read";

/** An API key, or a session that was opened with one. */
export type KeyPrincipal = {
  kind: "api_key";
  keyId: string;
  role: Role;
  /** Those of its role that it has: see directory/key-rights.ts. */
  rights: readonly string[];
  scope: Scope;
  livemode: boolean;
};

/** Who is calling, as the credential says. */
export type Principal = { kind: "root" } | KeyPrincipal;

export type AppEnv = {
  Bindings: Env;
  Variables: { requestId: string; deps: Deps; principal: Principal };
};

export type AppContext = Context<AppEnv>;

/** The scope of the API key that is calling; routes under `access("read" | "write" | "admin")` have one. */
export function scopeOf(c: AppContext): Scope {
  return apiKeyOf(c).scope;
}

/** The ledger of the API key that is calling. */
export function ledgerOf(c: AppContext): LedgerClient {
  return ledger(c.get("deps"), scopeOf(c));
}

/** The API key that is calling, with its environment's mode. */
export function apiKeyOf(c: AppContext): KeyPrincipal {
  const principal = c.get("principal");
  if (principal.kind !== "api_key")
    throw new AppError("unauthorized", { detail: "This call needs an API key." });
  return principal;
}
