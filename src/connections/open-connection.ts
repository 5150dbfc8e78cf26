// Opens an environment's connection: the secrets in clear, for the call that needs them. The webhook door may use one
// that this isolate opened seconds ago, and the ledger's work rows of the very state that the ledger knows; everybody
// else reads it fresh.

import type Stripe from "stripe";
import { openSecret, validSecrets } from "../directory/secret-store.ts";
import { AppError } from "../platform/app-error.ts";
import { connectionState } from "../platform/connection-state.ts";
import type { Deps, Scope } from "../platform/deps.ts";
import { RecentMap } from "../platform/recent-map.ts";
import type { Jurisdiction } from "../platform/scope.ts";
import { findListeningConnection, type ListeningConnection } from "./find-listening.ts";
import { openStripe } from "./open-stripe.ts";
import { WEBHOOK_SECRETS } from "./rotate-secrets.ts";
import { findLiveConnection, type StoredConnection } from "./store.ts";

/** What the webhook door needs: whether to listen at all, and the secrets that may have signed. */
export type WebhookConnection = {
  id: string;
  jurisdiction: Jurisdiction | null;
  isActive: boolean;
  livemode: boolean;
  accountId: string;
  /** Newest first; a replaced one is there until its overlap ends. Empty: none was set yet. */
  webhookSecrets: { value: string; expiresAtMs: number | null }[];
};

// Seconds, so that a rotation or a switching off is soon known in every isolate; the door looks again
// before it refuses, and the consumer decides again before it processes.
const CACHE_TTL_MS = 5_000;
// Looking again before a refusal costs a flood of bad signatures a query a second at each address, whoever sends them.
const AGAIN_EVERY_MS = 1_000;
// While the directory cannot be read, what was read so lately still verifies: the ledger decides again.
const LAST_RESORT_MS = 10 * 60_000;
const CACHE_ENTRIES = 1_000;
type Opened = {
  readAtMs: number;
  /** When it was last read before a refusal; 0: it was not. */
  readAgainAtMs: number;
  connection: WebhookConnection | null;
};
const opened = new RecentMap<string, Opened>(CACHE_ENTRIES);
// Apart from the others: whoever tries addresses that are nobody's crowds out no connection.
const absent = new RecentMap<string, Opened>(CACHE_ENTRIES);

/**
 * Opens the connection for verifying; null when there is none. Cached in the isolate for 5 s, and for ten minutes
 * where the directory cannot be read.
 * @param options.fresh read it now, whatever is cached, as is done before a refusal: once a second
 * @returns with it, whether it was read just now
 */
export async function openForWebhooks(
  deps: Deps,
  scope: Scope,
  options: { fresh: boolean },
): Promise<{ connection: WebhookConnection | null; wasRead: boolean }> {
  const key = keyOf(scope);
  const now = deps.now();
  const known = opened.get(key) ?? absent.get(key);
  const isFresh = options.fresh
    ? Math.abs(now - (known?.readAgainAtMs ?? 0)) < AGAIN_EVERY_MS
    : Math.abs(now - (known?.readAtMs ?? 0)) < CACHE_TTL_MS;
  if (known && isFresh) return { connection: known.connection, wasRead: false };
  try {
    const found = await findListeningConnection(deps, scope);
    const connection = found ? await openWebhookSecrets(deps, found) : null;
    forgetOpened(scope);
    const readAgainAtMs = options.fresh ? now : (known?.readAgainAtMs ?? 0);
    (connection ? opened : absent).set(key, { readAtMs: now, readAgainAtMs, connection });
    return { connection, wasRead: true };
  } catch (error) {
    // Never before a refusal: a secret that was set meanwhile is not known here.
    const isAway =
      error instanceof AppError &&
      (error.code === "database_unavailable" || error.code === "database_behind");
    if (!options.fresh && isAway && known && now - known.readAtMs < LAST_RESORT_MS)
      return { connection: known.connection, wasRead: false };
    throw error;
  }
}

/** Whether this isolate has seen a connection there, however long ago. */
export function isOpenedHere(scope: Scope): boolean {
  return opened.get(keyOf(scope)) !== undefined;
}

/** Drops what this isolate has cached, after a change; other isolates' entries age out within 5 s. */
export function forgetCached(scope: Scope): void {
  forgetOpened(scope);
  sealedRows.delete(keyOf(scope));
}

function forgetOpened(scope: Scope): void {
  opened.delete(keyOf(scope));
  absent.delete(keyOf(scope));
}

function keyOf({ tenantId, environmentId }: Scope): string {
  return `${tenantId}/${environmentId}`;
}

// A change has another name, so that nothing old is used; a minute, for what a change of master keys leaves behind.
const ROWS_KEPT_MS = 60_000;
const sealedRows = new RecentMap<string, { state: string; readAtMs: number; connection: StoredConnection }>(
  CACHE_ENTRIES,
);

/**
 * A Stripe client that acts on the connection's account, for one piece of work.
 * @param state what the ledger, which is told of every change, calls the connection's state: what this isolate has
 * read of that very state is not read again
 * @throws AppError `connection_missing`; `connection_disabled` (retryable: it may be switched on again);
 * `secret_unreadable`
 */
export async function openForCalls(
  deps: Deps,
  scope: Scope,
  state: string | null = null,
): Promise<{ connection: StoredConnection; stripe: Stripe }> {
  const connection = await findInState(deps, scope, state);
  if (!connection) {
    const detail = "This environment has no Stripe connection. Make one with POST /api/v1/connections.";
    throw new AppError("connection_missing", { detail });
  }
  if (!connection.row.isActive) {
    const detail = "The Stripe connection is switched off. Set is_active to true to go on.";
    throw new AppError("connection_disabled", { detail, retryable: true });
  }
  return { connection, stripe: await openStripe(deps, connection) };
}

async function findInState(
  deps: Deps,
  scope: Scope,
  state: string | null,
): Promise<StoredConnection | undefined> {
  const key = keyOf(scope);
  const known = sealedRows.get(key);
  const age = Math.abs(deps.now() - (known?.readAtMs ?? 0));
  if (known && known.state === state && age < ROWS_KEPT_MS) return known.connection;
  const readAtMs = deps.now();
  const connection = await findLiveConnection(deps, scope);
  if (connection) sealedRows.set(key, { state: connectionState(connection.row), readAtMs, connection });
  return connection;
}

/** @throws AppError `secret_unreadable` when none of them opens; one that opens is enough to go on with */
async function openWebhookSecrets(
  deps: Deps,
  { secrets, ...listening }: ListeningConnection,
): Promise<WebhookConnection> {
  // Stripe's form for all events makes two destinations on one address, each with a secret of its own.
  const rows = WEBHOOK_SECRETS.flatMap((field) => validSecrets(secrets, field, deps.now()));
  const opened = await Promise.allSettled(
    rows.map(async (row) => ({ value: await openSecret(deps, row), expiresAtMs: row.expiresAtMs })),
  );
  const webhookSecrets = opened.flatMap((one) => (one.status === "fulfilled" ? [one.value] : []));
  const failed = opened.find((one) => one.status === "rejected");
  if (failed && webhookSecrets.length === 0) throw failed.reason;
  return { ...listening, webhookSecrets };
}
