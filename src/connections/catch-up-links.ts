// Open invoices that were finalised while the connection made no links get theirs, once it does.

import { type LedgerClient, ledger } from "../ledger/client.ts";
import type { Deps, Scope } from "../platform/deps.ts";

const INVOICES_A_STEP = 100;
const MOST_STEPS = 10;

/**
 * Safe at any time: a call that could not do all of it goes on where it is made again.
 * @returns what there is to say of it
 * @throws AppError `database_unavailable` (retryable)
 */
export async function catchUpLinks(deps: Deps, scope: Scope): Promise<string[]> {
  let [made, steps] = [0, 0];
  let after: Parameters<LedgerClient["makeMissingLinks"]>[0]["after"] = null;
  do {
    const step = await ledger(deps, scope).makeMissingLinks({ after, limit: INVOICES_A_STEP });
    made += step.wanted;
    after = step.next;
    steps += 1;
  } while (after !== null && steps < MOST_STEPS);
  const rest = after === null ? "" : " There are more: send sync_config.invoice.outbound as true once more.";
  return made === 0 ? [] : [`Payment links are being made for ${made} open invoices.${rest}`];
}
