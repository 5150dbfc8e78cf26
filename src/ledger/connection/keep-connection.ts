// The ledger's own copy of what it decides by: whether there is a connection, to which account, and whether it
// is switched on. It is written before the directory's row when it narrows and after it when it widens, so that
// a connection takes no payment once the call that switched it off has returned.

import { connectionState } from "../../platform/connection-state.ts";
import { type SyncConfig, syncConfig } from "../../platform/sync-config.ts";
import { readJson } from "../../platform/tables/json-column.ts";
import type { Book } from "../book.ts";
import { announce } from "../notifications/announce.ts";

export type ConnectionCopy = {
  id: string;
  accountId: string;
  livemode: boolean;
  isActive: boolean;
  /** False once it was disconnected: then it is as if there were none. */
  isConnected: boolean;
  /** Stripe refuses its key. */
  isRefused: boolean;
  syncConfig: SyncConfig;
  /** Counts the changes of the directory's row; an older copy never replaces a newer one. */
  revision: number;
};

/** What the directory wants told to the platform; the same one twice is told once. */
export type ConnectionNotice = {
  type: "connection.updated" | "connection.webhooks_refused" | "connection.disconnected";
  /** Names the cause. */
  key: string;
  connectionId: string;
  createdAtMs: number;
  /** What the message says of the connection: never a secret. */
  rows: object;
};

/** @param input.connection the environment's newest connection as the directory has it now; null: it never had one */
export function keepConnection(
  book: Book,
  input: { connection: ConnectionCopy | null; notices: readonly ConnectionNotice[] },
): void {
  keep(book, input.connection);
  for (const notice of input.notices) {
    announce(book, {
      type: notice.type,
      key: notice.key,
      object: { kind: "connection", id: notice.connectionId, rows: notice.rows },
      atMs: notice.createdAtMs,
    });
  }
}

/** Switches the copy off, ahead of the directory; a connection that is another one by now is left alone. */
export function narrowConnection(book: Book, { id }: { id: string }): void {
  book.sql.run("UPDATE connection SET is_active = 0 WHERE id = ? AND is_active = 1", id);
}

/** The copy, or undefined where nothing is connected. */
export function readConnection(book: Book): ConnectionCopy | undefined {
  const copy = readLastConnection(book);
  return copy?.isConnected ? copy : undefined;
}

/**
 * Names the state in which the connection can be used, as far as the ledger was told; null where it cannot. Another
 * key, another switch or another connection has another name.
 */
export function usableState(book: Book): string | null {
  const copy = readConnection(book);
  return copy?.isActive && !copy.isRefused ? connectionState(copy) : null;
}

/** The same, also where it was disconnected; undefined where there never was one. */
export function readLastConnection(book: Book): ConnectionCopy | undefined {
  const row = book.sql.first<{
    id: string;
    account_id: string;
    livemode: number;
    is_active: number;
    is_connected: number;
    is_refused: number;
    sync_config: string;
    revision: number;
  }>(
    "SELECT id, account_id, livemode, is_active, is_connected, is_refused, sync_config, revision FROM connection",
  );
  return (
    row && {
      id: row.id,
      accountId: row.account_id,
      livemode: row.livemode === 1,
      isActive: row.is_active === 1,
      isConnected: row.is_connected === 1,
      isRefused: row.is_refused === 1,
      syncConfig: readJson(row.sync_config, syncConfig),
      revision: row.revision,
    }
  );
}

/** Connections are numbered in the order of their making, and their changes by the revision. */
function keep(book: Book, connection: ConnectionCopy | null): void {
  if (!connection) return;
  const known = readLastConnection(book);
  if (known && known.id > connection.id) return;
  if (known?.id === connection.id && known.revision > connection.revision) return;
  book.sql.run(
    `INSERT INTO connection (one, id, account_id, livemode, is_active, is_connected, is_refused, sync_config, revision)
     VALUES (1, ?, ?, ?, ?, ?, ?, ?, ?)
     ON CONFLICT (one) DO UPDATE SET id = excluded.id, account_id = excluded.account_id,
       livemode = excluded.livemode, is_active = excluded.is_active, is_connected = excluded.is_connected,
       is_refused = excluded.is_refused, sync_config = excluded.sync_config, revision = excluded.revision`,
    connection.id,
    connection.accountId,
    connection.livemode ? 1 : 0,
    connection.isActive ? 1 : 0,
    connection.isConnected ? 1 : 0,
    connection.isRefused ? 1 : 0,
    JSON.stringify(connection.syncConfig),
    connection.revision,
  );
}
