// New secrets of a connection: what goes into the commit that replaces its key or a signing secret.

import type { AccountState } from "../directory/connection-tables.ts";
import { validSecrets } from "../directory/secret-store.ts";
import { invalid } from "../platform/app-error.ts";
import type { Deps, Scope } from "../platform/deps.ts";
import { DEFAULT_OVERLAP_SECONDS } from "../platform/secret-overlap.ts";
import { isTestKey, liveKeyRefused } from "../platform/stripe.ts";
import { secretKeyHint } from "./check-credentials.ts";
import { actOnStored, type ConnectionChange } from "./connection-change.ts";
import { nextRefreshMs } from "./refresh-account.ts";
import { type Rotation, removeThinSecret, rotateWebhookSecret, swapSecretKey } from "./rotate-secrets.ts";
import { type StoredConnection, takesThinEvents } from "./store.ts";
import { tryKey } from "./try-key.ts";

/** The account as the new key shows it. @throws AppError `account_mismatch` for another account, and what Stripe refuses */
export async function tryNewKey(
  deps: Deps,
  stored: StoredConnection,
  secretKey: string,
): Promise<AccountState> {
  if (deps.config.stripeApiBase !== null && !isTestKey(secretKey)) throw liveKeyRefused();
  const account = await tryKey(deps, secretKey);
  if (account.id === stored.row.accountId) return account;
  const message =
    `This key is of the Stripe account ${account.id}; the connection is to ${stored.row.accountId}. ` +
    "For another account, disconnect this one first and make a new connection.";
  throw invalid("secret_key", message, "account_mismatch");
}

/** @param account as the new key shows it */
export async function changeKey(
  deps: Deps,
  scope: Scope,
  stored: StoredConnection,
  secretKey: string,
  account: AccountState,
  change: ConnectionChange,
): Promise<void> {
  const swap = await swapSecretKey(deps, scope, stored, secretKey);
  const now = deps.now();
  const hint = secretKeyHint(secretKey);
  const known = { account, accountAsOfMs: now, accountRefreshDueAtMs: nextRefreshMs(now) };
  Object.assign(change.set, { ...known, secretKeyHint: hint, errorDetail: null });
  change.statements.push(...swap.statements);
  const detail = { secret_key: { from: stored.row.secretKeyHint, to: hint } };
  if (swap.changed) change.acts.push(actOnStored(stored, "connection.secret_key_changed", detail));
}

/**
 * @param overlapSeconds how long the old one stays valid
 * @returns what is to be said of it
 */
export async function changeWebhookSecret(
  deps: Deps,
  scope: Scope,
  stored: StoredConnection,
  webhookSecret: string,
  overlapSeconds: number | undefined,
  change: ConnectionChange,
): Promise<string[]> {
  const rotation = await rotateWebhookSecret(deps, scope, stored, webhookSecret, overlapSeconds);
  if (!rotation.changed) {
    change.keptWebhookSecret = true;
    return keepWebhookSecret(stored, rotation, overlapSeconds, change);
  }
  change.set.webhookDetail = null;
  // With another secret it is tried anew: should they be refused again, that is told again.
  change.set.refusedSinceMs = null;
  change.statements.push(...rotation.statements);
  const first = validSecrets(stored.secrets, "webhook_secret", deps.now()).length === 0;
  const detail = { overlap_seconds: first ? null : (overlapSeconds ?? DEFAULT_OVERLAP_SECONDS) };
  change.acts.push(actOnStored(stored, "connection.webhook_secret_changed", detail));
  return first ? [] : [endOfOld(rotation)];
}

/** The one that is set already: what was asked for of those before it is done all the same. */
function keepWebhookSecret(
  stored: StoredConnection,
  rotation: Rotation,
  overlapSeconds: number | undefined,
  change: ConnectionChange,
): string[] {
  const { statements, oldValidUntilMs } = rotation;
  const same = "This webhook_secret is the one that is set already";
  if (statements.length === 0)
    return [`${same}: nothing was changed.`, ...(oldValidUntilMs === null ? [] : [endOfOld(rotation)])];
  change.statements.push(...statements);
  const detail = { seconds: overlapSeconds ?? null };
  change.acts.push(actOnStored(stored, "connection.webhook_secret_overlap_changed", detail));
  return [`${same}, and stays.`, endOfOld(rotation)];
}

function endOfOld({ oldValidUntilMs }: Rotation): string {
  return oldValidUntilMs === null
    ? "The old signing secret is no longer valid."
    : `The old signing secret stays valid until ${new Date(oldValidUntilMs).toISOString()}.`;
}

/** @param value undefined: nothing is changed; null: no thin events are taken in any more */
export async function changeThinSecret(
  deps: Deps,
  scope: Scope,
  stored: StoredConnection,
  value: string | null | undefined,
  overlapSeconds: number | undefined,
  change: ConnectionChange,
): Promise<void> {
  if (value === undefined || (value === null && !takesThinEvents(stored, deps.now()))) return;
  const field = "thin_webhook_secret";
  const rotation =
    value === null ? null : await rotateWebhookSecret(deps, scope, stored, value, overlapSeconds, field);
  if (rotation?.changed === false) {
    keepWebhookSecret(stored, rotation, overlapSeconds, change);
    return;
  }
  change.set.refusedSinceMs = null;
  change.statements.push(...(rotation?.statements ?? removeThinSecret(deps, scope, stored)));
  change.acts.push(
    actOnStored(stored, "connection.webhook_secret_changed", {
      secret: value === null ? "thin, removed" : "thin",
    }),
  );
}
