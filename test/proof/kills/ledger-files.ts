// Reads the ledgers' own SQLite files, beside the Worker or after it: what is in none of the API's answers, such as the
// outbox, is seen there.

import { readdirSync } from "node:fs";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";

type Row = Record<string, string | number | null>;

export type LedgerFiles = {
  /** Of every ledger, with its environment's id as `environment`. */
  all: (sql: string) => Row[];
};

/** @param stateFolder as the Worker was given it */
export function openLedgerFiles(stateFolder: string): LedgerFiles {
  return {
    all(sql) {
      return ledgersIn(join(stateFolder, "v3")).flatMap((path) => {
        const database = new DatabaseSync(path, { readOnly: true, timeout: 5_000 });
        try {
          const isLedger = database.prepare("SELECT 1 FROM sqlite_master WHERE name = 'environment'").get();
          if (!isLedger) return [];
          const { id } = database.prepare("SELECT environment_id AS id FROM environment").get() as Row;
          return (database.prepare(sql).all() as Row[]).map((row) => ({ ...row, environment: id ?? null }));
        } finally {
          database.close();
        }
      });
    },
  };
}

function ledgersIn(folder: string): string[] {
  return readdirSync(folder, { recursive: true, encoding: "utf8" })
    .filter((name) => /(^|\/)do\/[^/]*Ledger\/[0-9a-f]{64}\.sqlite$/.test(name))
    .map((name) => join(folder, name));
}
