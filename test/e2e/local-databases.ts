// The databases of the Worker that runs on this machine, as files: what of them no door of its own can bring about, or
// tell, is done and read here.

import { readdirSync } from "node:fs";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import type { Stack } from "../demo/start-stack.ts";

/** How long to wait while the Worker writes. */
const PATIENCE_MS = 10_000;

/** The directory. It is the caller's to close. */
export function openDirectory({ paths }: Stack): DatabaseSync {
  const [first, ...others] = filesIn(join(paths.database, "v3", "d1", "miniflare-D1DatabaseObject"));
  if (first === undefined || others.length > 0) throw new Error("There is not one local D1 database.");
  return open(first);
}

/** An environment's ledger. It is the caller's to close. @throws Error where it has none */
export function openLedger({ paths }: Stack, environmentId: string): DatabaseSync {
  for (const file of filesIn(join(paths.database, "v3", "do", "quittance-Ledger"))) {
    const database = open(file);
    const [row] = database.prepare("SELECT environment_id AS id FROM environment").all();
    if (row?.id === environmentId) return database;
    database.close();
  }
  throw new Error(`There is no local ledger of ${environmentId}.`);
}

function filesIn(folder: string): string[] {
  const names = readdirSync(folder).filter((name) => name.endsWith(".sqlite") && name !== "metadata.sqlite");
  return names.map((name) => join(folder, name));
}

function open(file: string): DatabaseSync {
  return new DatabaseSync(file, { timeout: PATIENCE_MS });
}
