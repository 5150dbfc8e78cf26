// Brings a ledger's tables to the present version, whole or not at all. A ledger that a newer version has
// written refuses an older one: it would not know what it reads.

import { LEDGER_MIGRATIONS, type Migration } from "../../migrations/ledger/index.ts";
import { errorText } from "../platform/logger.ts";

/** The version of a ledger's tables; 0 for one that was never provisioned. */
export function schemaVersion(sql: SqlStorage): number {
  const [table] = sql
    .exec("SELECT 1 FROM sqlite_schema WHERE type = 'table' AND name = 'schema_version'")
    .toArray();
  if (!table) return 0;
  const [row] = sql.exec<{ version: number }>("SELECT version FROM schema_version").toArray();
  return row?.version ?? 0;
}

/** @throws Error when a newer version of this software has written the ledger, or with the number of what failed */
export function migrate(
  storage: DurableObjectStorage,
  migrations: readonly Migration[] = LEDGER_MIGRATIONS,
): void {
  const { sql } = storage;
  const version = schemaVersion(sql);
  if (version > migrations.length) {
    throw new Error(
      `The ledger is at version ${version}, and this code knows ${migrations.length}: deploy the newer code again.`,
    );
  }
  if (version === migrations.length) return;
  storage.transactionSync(() => {
    sql.exec(
      "CREATE TABLE IF NOT EXISTS schema_version (one INTEGER PRIMARY KEY CHECK (one = 1), version INTEGER NOT NULL)",
    );
    for (const [index, migration] of migrations.slice(version).entries())
      apply(sql, migration, version + index + 1, version);
    sql.exec(
      "INSERT INTO schema_version VALUES (1, ?1) ON CONFLICT (one) DO UPDATE SET version = ?1",
      migrations.length,
    );
  });
}

function apply(sql: SqlStorage, migration: Migration, number: number, version: number): void {
  try {
    if (typeof migration === "string") sql.exec(migration);
    else migration(sql);
  } catch (cause) {
    const words = `Number ${number} of migrations/ledger failed (${errorText(cause)}), so the ledger stays at version ${version}.`;
    throw new Error(words, { cause });
  }
}
