// Makes the connection to an account that has just given access: what Stripe says of the account is read with the
// platform's key, and no secret of the tenant's is kept. A grant that is of no use is given back.

import { and, eq, isNull, ne } from "drizzle-orm";
import { readAccountState } from "../connections/account-state.ts";
import { noteLedgerBehind } from "../connections/announce-connection.ts";
import { catchUpLinks } from "../connections/catch-up-links.ts";
import { deauthorize } from "../connections/deauthorize.ts";
import { newConnectionRow } from "../connections/new-connection-row.ts";
import { forgetCached } from "../connections/open-connection.ts";
import { DEFAULT_SYNC_CONFIG } from "../connections/request-schema.ts";
import { tellLedger } from "../connections/tell-ledger.ts";
import { wakeWaitingWork } from "../connections/wake-waiting-work.ts";
import { connectionExists, insertConnection } from "../connections/write-connection.ts";
import { auditEntry } from "../directory/audit.ts";
import { type AccountState, connections } from "../directory/connection-tables.ts";
import { AppError } from "../platform/app-error.ts";
import { onDatabase } from "../platform/commit.ts";
import type { Deps, Scope } from "../platform/deps.ts";
import { newId } from "../platform/ids.ts";
import { errorText } from "../platform/logger.ts";
import { fromStripeError } from "../platform/stripe.ts";
import type { ConnectState } from "./state-store.ts";

export type Grant = {
  accountId: string;
  livemode: boolean;
  scope: string;
  publishableKey: string | null;
};

export type ConnectOutcome =
  | { ok: true; connectionId: string }
  | { ok: false; why: "wrong_mode" | "wrong_scope" | "account_taken" | "connection_exists" };

/**
 * @param deps whose actor began the flow
 * @param platformKey the platform's own secret key of the mode that is connected
 * @throws AppError Stripe's failure to tell of the account, after which the grant is given back; `database_unavailable`
 */
export async function connectAccount(
  deps: Deps,
  scope: Scope,
  state: ConnectState,
  platformKey: string,
  grant: Grant,
): Promise<ConnectOutcome> {
  const unfit = unfitGrant(state, grant);
  const other = unfit === null ? await findElsewhere(deps, scope, grant) : "none";
  const why = unfit ?? (other === "none" ? null : "account_taken");
  if (why !== null) {
    // Another environment has the same grant: to give it back would disconnect that one.
    if (other !== "oauth") await giveBack(deps, state.livemode, grant.accountId);
    return { ok: false, why };
  }
  const account = await readAccount(deps, platformKey, grant);
  try {
    const connectionId = await store(deps, scope, state, grant, account);
    await tellLedger(deps, scope);
    await wakeWaitingWork(deps, scope);
    await catchUpLinks(deps, scope);
    return { ok: true, connectionId };
  } catch (error) {
    if (!(error instanceof AppError) || error.code !== connectionExists().code) throw error;
    // Another call was faster, here or in another environment, whose grant is the same.
    const isTaken = (await findElsewhere(deps, scope, grant)) === "oauth";
    if (!isTaken && !(await isGrantHere(deps, scope, grant)))
      await giveBack(deps, state.livemode, grant.accountId);
    return { ok: false, why: isTaken ? "account_taken" : "connection_exists" };
  }
}

function unfitGrant(state: ConnectState, grant: Grant): "wrong_mode" | "wrong_scope" | null {
  if (grant.livemode !== state.livemode) return "wrong_mode";
  return grant.scope === "read_write" ? null : "wrong_scope";
}

/** How another environment is connected to the account, where that keeps it from being connected here. */
async function findElsewhere(deps: Deps, scope: Scope, grant: Grant): Promise<"oauth" | "api_key" | "none"> {
  const found = and(
    eq(connections.accountId, grant.accountId),
    eq(connections.livemode, grant.livemode),
    isNull(connections.disconnectedAtMs),
    ne(connections.environmentId, scope.environmentId),
  );
  const query = deps.directory.select({ authType: connections.authType }).from(connections).where(found);
  const types = (await onDatabase(() => query.all())).map(({ authType }) => authType);
  if (types.includes("oauth")) return "oauth";
  return types.length > 0 && !deps.config.connect.sharesAccounts ? "api_key" : "none";
}

async function isGrantHere(deps: Deps, scope: Scope, grant: Grant): Promise<boolean> {
  const mine = and(
    eq(connections.environmentId, scope.environmentId),
    eq(connections.accountId, grant.accountId),
    eq(connections.authType, "oauth"),
    isNull(connections.disconnectedAtMs),
  );
  const query = deps.directory.select({ id: connections.id }).from(connections).where(mine);
  return (await onDatabase(() => query.get())) !== undefined;
}

async function readAccount(deps: Deps, platformKey: string, grant: Grant): Promise<AccountState> {
  try {
    const stripe = deps.stripe(platformKey, grant.accountId);
    const account = readAccountState(await stripe.accounts.retrieveCurrent());
    if (account.id === grant.accountId) return account;
    const detail = `Stripe gave access to ${grant.accountId} and told of ${account.id}.`;
    throw new AppError("account_mismatch", { detail });
  } catch (error) {
    await giveBack(deps, grant.livemode, grant.accountId);
    throw fromStripeError(error);
  }
}

/** Never throws: what cannot be given back is in the log, and the account's owner can end it at Stripe. */
async function giveBack(deps: Deps, livemode: boolean, accountId: string): Promise<void> {
  try {
    await deauthorize(deps, { accountId, livemode });
  } catch (error) {
    deps.log.warn("grant not given back", { account: accountId, error: errorText(error) });
  }
}

async function store(
  deps: Deps,
  scope: Scope,
  state: ConnectState,
  grant: Grant,
  account: AccountState,
): Promise<string> {
  const id = newId("conn");
  const detail = { auth_type: "oauth", account: account.id };
  const row = newConnectionRow(deps, scope, account, {
    id,
    name: state.name,
    authType: "oauth",
    livemode: state.livemode,
    secretKeyHint: "",
    publishableKey: grant.publishableKey,
    webhookEndpointId: null,
    webhookDetail: null,
    syncConfig: DEFAULT_SYNC_CONFIG,
    missingPermissions: null,
  });
  try {
    await insertConnection(deps, row, [
      auditEntry(deps, scope, { action: "connection.created", object: "connection", objectId: id, detail }),
      noteLedgerBehind(deps, scope, id),
    ]);
    return id;
  } finally {
    forgetCached(scope);
  }
}
