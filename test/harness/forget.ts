// Retention as the ledger's alarm does it, at a later day.

import { forgetOld } from "../../src/ledger/retention/forget-old.ts";
import type { Scope } from "../../src/platform/deps.ts";
import { inLedger } from "./in-ledger.ts";

const DAY = 24 * 60 * 60 * 1000;

/** One alarm's slice. @returns whether there is more, and how many rows it read and wrote */
export async function forgetSome(
  scope: Scope,
  { days, retentionDays, budget = 500 }: { days: number; retentionDays?: number; budget?: number },
): Promise<{ more: boolean; rowsRead: number; rowsWritten: number }> {
  const nowMs = Date.now() + days * DAY;
  const { value, rows } = await inLedger(scope, (book) => forgetOld.run(book, budget), nowMs, retentionDays);
  return { more: value.more, rowsRead: rows.read, rowsWritten: rows.written };
}

/** All that is past its age, so many days later. */
export async function forgetAll(scope: Scope, days: number, retentionDays?: number): Promise<void> {
  for (let alarm = 0; alarm < 100; alarm++)
    if (!(await forgetSome(scope, { days, retentionDays })).more) return;
  throw new Error("Retention does not end.");
}
