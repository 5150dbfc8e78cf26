// What a piece of work costs an environment's ledger, in rows of tables and indexes: what Cloudflare counts.

import { runInDurableObject } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { ledgerName } from "../../src/ledger/client.ts";
import type { Ledger } from "../../src/ledger/ledger.ts";
import type { Scope } from "../../src/platform/deps.ts";

type Rows = { read: number; written: number };

/** The rows that the scope's ledger reads and writes while the work is done, by whomever. */
export async function ledgerRows(scope: Scope, work: () => Promise<unknown>): Promise<Rows> {
  const before = await rowsOf(scope);
  await work();
  const after = await rowsOf(scope);
  return { read: after.read - before.read, written: after.written - before.written };
}

function rowsOf(scope: Scope): Promise<Rows> {
  const stub = env.LEDGER.getByName(ledgerName(scope));
  return runInDurableObject(stub, ({ rows }: Ledger) => ({ ...rows }));
}
