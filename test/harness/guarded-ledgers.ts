// Ledgers as the Worker uses them, with every call in a test's hands.

import { env } from "cloudflare:workers";
import type { Call, Ledger } from "../../src/ledger/ledger.ts";

/**
 * Makes one call, or fails it before it arrives or after its transaction was committed.
 * @param call what is asked; null where a new environment's ledger is provisioned
 */
export type LedgerGuard = <T>(run: () => Promise<T>, call: Call | null) => Promise<T>;

/** The test's own ledgers, in place of the binding `LEDGER`. */
export function guardedLedgers(guard: LedgerGuard): DurableObjectNamespace<Ledger> {
  return {
    getByName: (name: string) => ({
      call: (call: Call) => guard(async () => env.LEDGER.getByName(name).call(call), call),
      provision: (identity: Parameters<Ledger["provision"]>[0], nowMs: number) =>
        guard(async () => env.LEDGER.getByName(name).provision(identity, nowMs), null),
    }),
  } as unknown as DurableObjectNamespace<Ledger>;
}
