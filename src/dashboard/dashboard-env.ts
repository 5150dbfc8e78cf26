// What a request carries through the dashboard: the app's variables, who is signed in, and the CSP nonce.

import type { Context } from "hono";
import type { SessionRow } from "../directory/dashboard-session-store.ts";
import type { KeyOwner } from "../directory/session-owner.ts";
import type { AppEnv } from "../http/app-env.ts";
import { type LedgerClient, ledger } from "../ledger/client.ts";
import type { Surroundings } from "./ask-ledger.ts";

/** Who is signed in, as the database says now: read again for each request. */
export type Session = KeyOwner;

export type DashboardEnv = {
  Bindings: AppEnv["Bindings"];
  Variables: AppEnv["Variables"] & {
    session: Session;
    /** Of the console's pages alone. */
    consoleSession: SessionRow;
    /** IANA: in which the pages show times. Not there where the page is a refusal before the settings were read. */
    timeZone: string | undefined;
    /** Not there until the page has asked its ledger: `surroundingsOf`. */
    surroundings: Surroundings;
    secureHeadersNonce: string;
  };
};

export type DashboardContext = Context<DashboardEnv>;

/** A request to the dashboard or to the console, before either knows who it is from. */
export type AnyContext = Context<{
  Bindings: AppEnv["Bindings"];
  // biome-ignore lint/suspicious/noExplicitAny: a context of more variables is one of fewer, which Hono's types do not say.
  Variables: any;
}>;

/** The ledger of who is signed in. */
export function sessionLedger(c: DashboardContext): LedgerClient {
  return ledger(c.get("deps"), c.get("session").principal.scope);
}

/** The `:id` of the page's path. */
export function pathId(c: DashboardContext): string {
  return c.req.param("id") ?? "";
}
