// A connection as it begins, whichever way it acts.

import type { AccountState } from "../directory/connection-tables.ts";
import type { Deps, Scope } from "../platform/deps.ts";
import { nextRefreshMs } from "./refresh-account.ts";
import type { ConnectionRow } from "./store.ts";

type Own = Pick<
  ConnectionRow,
  | "id"
  | "name"
  | "authType"
  | "livemode"
  | "secretKeyHint"
  | "publishableKey"
  | "webhookEndpointId"
  | "webhookDetail"
  | "syncConfig"
  | "missingPermissions"
>;

/** @param account as Stripe has just told of it */
export function newConnectionRow(deps: Deps, scope: Scope, account: AccountState, own: Own): ConnectionRow {
  const now = deps.now();
  return {
    ...own,
    tenantId: scope.tenantId,
    environmentId: scope.environmentId,
    jurisdiction: scope.jurisdiction ?? null,
    provider: "stripe",
    isActive: true,
    errorDetail: null,
    accountId: account.id,
    account,
    accountAsOfMs: now,
    accountRefreshDueAtMs: nextRefreshMs(now),
    disconnectedAtMs: null,
    revision: 1,
    createdAtMs: now,
    updatedAtMs: now,
    refused: null,
    refusedSinceMs: null,
  };
}
