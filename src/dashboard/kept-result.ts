// What came of an act is kept for a day, sealed, where the answers of the API's repeated calls are: the form leads to a
// page that can be reloaded, and the same form sent again does nothing a second time.

import { ledger } from "../ledger/client.ts";
import type { SealedAnswer } from "../platform/sealed-answer.ts";
import { callIdOf, formToken } from "./act.ts";
import type { DashboardContext } from "./dashboard-env.ts";

/**
 * Does it once for a form, and keeps what came of it.
 * @param asked all that the form asks for
 * @returns under which name it is found: the same for a form that is sent again
 * @throws what `act` throws: then it may be done again
 */
export async function keepResult(
  c: DashboardContext,
  form: URLSearchParams,
  asked: readonly string[],
  act: () => Promise<unknown>,
): Promise<string> {
  const { scope } = c.get("session").principal;
  const call = await callIdOf(c, formToken(form) ?? crypto.randomUUID(), asked);
  const mine = ledger(c.get("deps"), scope);
  const key = keyOf(call);
  if (await mine.claimCall({ key, fingerprint: call })) return call;
  try {
    const text = JSON.stringify(await act());
    const sealed = await c.get("deps").keyring.seal(placeOf(c, key), text);
    await mine.keepAnswer({ key, answer: { status: 200, sealed } });
    return call;
  } catch (error) {
    await mine.releaseCall({ key });
    throw error;
  }
}

/** The read of the ledger that finds it; null for a name that is none. */
export function keptRead(name: string | undefined) {
  return name !== undefined && /^[0-9a-f]{32}$/.test(name)
    ? (["findAnswer", { key: keyOf(name) }] as const)
    : null;
}

/** What was kept; undefined once it is past its day, or where it is still being done. */
export async function openResult(
  c: DashboardContext,
  name: string,
  answer: SealedAnswer | null,
): Promise<unknown> {
  if (answer === null) return undefined;
  return JSON.parse(await c.get("deps").keyring.open(placeOf(c, keyOf(name)), answer.sealed));
}

function keyOf(name: string): string {
  return `dashboard/${name}`;
}

function placeOf(c: DashboardContext, key: string) {
  return { ...c.get("session").principal.scope, ownerId: key, field: "idempotent_answer" as const };
}
