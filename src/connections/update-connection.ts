// Changes a connection. What is new is checked and tried at Stripe first; then everything changes in one
// commit, or nothing. A new key heals a refused one; switching on lets go on what waited.

import { sql } from "drizzle-orm";
import { auditEntry } from "../directory/audit.ts";
import { validSecrets } from "../directory/secret-store.ts";
import { type FieldError, refuse } from "../platform/app-error.ts";
import type { AuditAct } from "../platform/audit-detail.ts";
import type { Deps, Scope } from "../platform/deps.ts";
import type { SyncConfig } from "../platform/sync-config.ts";
import { catchUpLinks } from "./catch-up-links.ts";
import { changeKey, changeThinSecret, changeWebhookSecret, tryNewKey } from "./change-secrets.ts";
import { checkCredentials } from "./check-credentials.ts";
import { type Changed, commitConnection, whileOthersChange } from "./commit-connection.ts";
import { actOnStored, type ConnectionChange } from "./connection-change.ts";
import { mustMakeLinks, noticesOf, usageOf } from "./features.ts";
import { findLacking } from "./probe-permissions.ts";
import { readPasted } from "./read-pasted.ts";
import { shortenOverlap } from "./rotate-secrets.ts";
import { type ConnectionRow, getLiveConnection, type StoredConnection, takesThinEvents } from "./store.ts";
import { narrowLedger } from "./tell-ledger.ts";
import { fetchMissed, onConnectionEnabled, wakeWaitingWork } from "./wake-waiting-work.ts";
import { updateConnectionRow } from "./write-connection.ts";

export type UpdateConnectionInput = {
  name?: string | undefined;
  isActive?: boolean | undefined;
  secretKey?: string | undefined;
  publishableKey?: string | null | undefined;
  webhookSecret?: string | undefined;
  /** Null takes it away. */
  thinWebhookSecret?: string | null | undefined;
  /** How long replaced webhook secrets stay valid; 0 ends them at once. Alone, it shortens a running overlap. */
  webhookSecretOverlapSeconds?: number | undefined;
  syncConfig?: { [Part in keyof SyncConfig]?: Partial<SyncConfig[Part]> | undefined } | undefined;
};

/** `keptWebhookSecret`: the given signing secret is the one that was set already. */
export type Updated = Changed & { keptWebhookSecret: boolean };

/**
 * @throws AppError `not_found`, `conflict`, `validation_failed`, `mode_mismatch`, `account_mismatch`,
 * `stripe_authentication_failed`, `stripe_permission_missing`, or Stripe's passing failures
 */
export function updateConnection(
  deps: Deps,
  scope: Scope,
  connectionId: string,
  input: UpdateConnectionInput,
): Promise<Updated> {
  return whileOthersChange(() => changeAsItIs(deps, scope, connectionId, input));
}

async function changeAsItIs(
  deps: Deps,
  scope: Scope,
  connectionId: string,
  input: UpdateConnectionInput,
): Promise<Updated> {
  const stored = await getLiveConnection(deps, scope, connectionId);
  if (stored.row.authType === "oauth") refuse(errorsOfSecrets(input));
  const { notices, ...credentials } = readPasted(input);
  checkCredentials(credentials, stored.row.livemode);
  const { secretKey, webhookSecret, thinWebhookSecret } = credentials;
  const account = secretKey === undefined ? null : await tryNewKey(deps, stored, secretKey);

  const change: ConnectionChange = {
    set: plainChanges({ ...input, ...credentials }, stored),
    statements: [],
    acts: [],
    keptWebhookSecret: false,
  };
  const lacking = secretKey === undefined ? null : await findLacking(deps.stripe(secretKey), secretKey);
  if (lacking !== null) change.set.missingPermissions = lacking;
  const takesThin =
    thinWebhookSecret === undefined ? takesThinEvents(stored, deps.now()) : thinWebhookSecret !== null;
  notices.push(...checkPermissions(stored, change.set, secretKey === undefined, takesThin));
  noteChanges(change, stored);
  if (secretKey !== undefined && account) await changeKey(deps, scope, stored, secretKey, account, change);
  const overlap = input.webhookSecretOverlapSeconds;
  await changeThinSecret(deps, scope, stored, thinWebhookSecret, overlap, change);
  if (webhookSecret !== undefined) {
    notices.push(...(await changeWebhookSecret(deps, scope, stored, webhookSecret, overlap, change)));
  } else if (overlap !== undefined && thinWebhookSecret == null) {
    change.statements.push(...shortenOverlap(deps, scope, stored, overlap));
    change.acts.push(actOnStored(stored, "connection.webhook_secret_overlap_changed", { seconds: overlap }));
  }
  if (change.set.isActive === false) await narrowLedger(deps, scope, connectionId);
  const connection = await commitChange(deps, scope, stored, change);
  // Also when it was on already: a call that failed half-way is repaired by the same call again.
  if (input.isActive) await onConnectionEnabled(deps, scope, connectionId);
  else if (secretKey !== undefined || webhookSecret !== undefined) await wakeWaitingWork(deps, scope);
  if (input.syncConfig?.invoice?.outbound && connection.row.isActive)
    notices.push(...(await catchUpLinks(deps, scope)));
  // What Stripe sent before the first signing secret was refused: it is fetched now.
  const hadNone = validSecrets(stored.secrets, "webhook_secret", deps.now()).length === 0;
  if (webhookSecret !== undefined && hadNone && connection.row.isActive) {
    await fetchMissed(deps, scope, connectionId);
  }
  return { connection, notices, keptWebhookSecret: change.keptWebhookSecret };
}

/** A connection by Stripe Connect has no secret of its own: the platform's are set by its operator. */
function errorsOfSecrets(input: UpdateConnectionInput): FieldError[] {
  const given = {
    secret_key: input.secretKey,
    publishable_key: input.publishableKey,
    webhook_secret: input.webhookSecret,
    thin_webhook_secret: input.thinWebhookSecret,
    webhook_secret_overlap_seconds: input.webhookSecretOverlapSeconds,
  };
  const message =
    "This connection was made by Stripe Connect: it has no key and no signing secret of its own. Leave it out; to use a key instead, disconnect and connect with POST /api/v1/connections.";
  return Object.entries(given).flatMap(([path, value]) => (value == null ? [] : { path, message }));
}

function plainChanges(input: UpdateConnectionInput, stored: StoredConnection): Partial<ConnectionRow> {
  const { customer, invoice, subscription } = stored.row.syncConfig;
  const { syncConfig } = input;
  return {
    ...(input.name !== undefined && { name: input.name }),
    ...(input.isActive !== undefined &&
      input.isActive !== stored.row.isActive && { isActive: input.isActive }),
    ...(input.publishableKey !== undefined && { publishableKey: input.publishableKey }),
    ...(syncConfig && {
      syncConfig: {
        customer: { ...customer, ...given(syncConfig.customer) },
        invoice: { ...invoice, ...given(syncConfig.invoice) },
        subscription: { ...subscription, ...given(syncConfig.subscription) },
      },
    }),
  };
}

/**
 * @param isOldKey what it lacks was said before
 * @throws AppError `stripe_permission_missing` where no payment link could be made any more
 */
function checkPermissions(
  { row }: StoredConnection,
  set: Partial<ConnectionRow>,
  isOldKey: boolean,
  takesThin: boolean,
): string[] {
  const after = { ...row, ...set };
  const lacking = after.missingPermissions ?? [];
  const usage = usageOf(after, takesThin);
  const turnsLinksOn = usage.syncConfig.invoice.outbound && !row.syncConfig.invoice.outbound;
  if (!isOldKey) mustMakeLinks(usage, lacking, "secret_key");
  else if (turnsLinksOn) mustMakeLinks(usage, lacking, "sync_config.invoice.outbound");
  return isOldKey && set.syncConfig === undefined ? [] : noticesOf(usage, lacking);
}

function noteChanges({ set, acts }: ConnectionChange, stored: StoredConnection): void {
  const { row } = stored;
  if (set.isActive !== undefined && set.isActive !== row.isActive)
    acts.push(actOnStored(stored, set.isActive ? "connection.enabled" : "connection.disabled"));
  const detail: AuditAct["detail"] = {};
  if (set.name !== undefined && set.name !== row.name) detail.name = { from: row.name, to: set.name };
  if (set.publishableKey !== undefined && set.publishableKey !== row.publishableKey)
    detail.publishable_key = { from: row.publishableKey, to: set.publishableKey };
  if (set.syncConfig) detail.sync_config = JSON.stringify(set.syncConfig);
  if (Object.keys(detail).length > 0) acts.push(actOnStored(stored, "connection.updated", detail));
}

async function commitChange(
  deps: Deps,
  scope: Scope,
  stored: StoredConnection,
  { set, statements, acts }: ConnectionChange,
): Promise<StoredConnection> {
  if (Object.keys(set).length === 0 && statements.length === 0) return stored;
  const { id, revision } = stored.row;
  const all = [
    updateConnectionRow(deps, scope, id, set),
    ...statements,
    ...acts.map((entry) => auditEntry(deps, scope, entry)),
  ];
  return commitConnection(deps, scope, id, all, { unless: sql`revision <> ${revision}` });
}

/** Only what was said: a flag that is left out keeps its value. */
function given<T extends object>(part: T | undefined): Partial<T> {
  const said = Object.entries(part ?? {}).filter(([, value]) => value !== undefined);
  return Object.fromEntries(said) as Partial<T>;
}
