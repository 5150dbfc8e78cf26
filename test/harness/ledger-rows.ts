// What a piece of work costs an environment's ledger, in rows of tables and indexes: what Cloudflare counts.

import { runInDurableObject } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { vi } from "vitest";
import { ledgerName } from "../../src/ledger/client.ts";
import type { Ledger } from "../../src/ledger/ledger.ts";
import type { Scope } from "../../src/platform/deps.ts";

type Rows = { read: number; written: number };

/** The rows that the scope's ledger reads and writes while the work is done, by whomever but its alarm, which waits. */
export async function ledgerRows(scope: Scope, work: () => Promise<unknown>): Promise<Rows> {
  const ring = await holdAlarm(scope);
  try {
    const before = await rowsOf(scope);
    await work();
    const after = await rowsOf(scope);
    return { read: after.read - before.read, written: after.written - before.written };
  } finally {
    await ring();
  }
}

/** An alarm that is due rings at once or a moment later, as the machine is busy. @returns what lets it ring again */
async function holdAlarm(scope: Scope): Promise<() => Promise<void>> {
  const stub = env.LEDGER.getByName(ledgerName(scope));
  const held = await runInDurableObject(stub, (ledger: Ledger) =>
    vi.spyOn(ledger, "alarm").mockImplementation(async () => {}),
  );
  return async () => {
    const hasRung = held.mock.calls.length > 0;
    held.mockRestore();
    if (hasRung) await stub.poke(scope);
  };
}

function rowsOf(scope: Scope): Promise<Rows> {
  const stub = env.LEDGER.getByName(ledgerName(scope));
  return runInDurableObject(stub, ({ rows }: Ledger) => ({ ...rows }));
}
