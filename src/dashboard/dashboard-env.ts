// What a request carries through the dashboard: the app's variables, who is signed in, and the CSP nonce.

import type { Context } from "hono";
import type { AppEnv, Principal } from "../http/app-env.ts";

export type ApiKeyPrincipal = Extract<Principal, { kind: "api_key" }>;

/** Who is signed in, as the database says now: read again for each request. */
export type Session = {
  principal: ApiKeyPrincipal;
  tenantName: string;
  environmentName: string;
  keyName: string;
  keyHint: string;
};

export type DashboardEnv = {
  Bindings: AppEnv["Bindings"];
  Variables: AppEnv["Variables"] & { session: Session; secureHeadersNonce: string };
};

export type DashboardContext = Context<DashboardEnv>;
