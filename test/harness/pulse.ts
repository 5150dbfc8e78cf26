// A ledger's pulse, in the test's hands: it would come within the minute.

import { runDurableObjectAlarm } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { vi } from "vitest";
import { ledger, ledgerName } from "../../src/ledger/client.ts";
import type { Scope } from "../../src/platform/scope.ts";
import { eventually, testDeps } from "./world.ts";

export type PulseRow = Record<string, number | string | null>;

export async function pulseOf(scope: Scope): Promise<PulseRow | null> {
  return env.DB.prepare("SELECT * FROM pulses WHERE environment_id = ?").bind(scope.environmentId).first();
}

/** Has the ledger do something, so that it tells of itself. @param locale another than before */
export async function changeLocale(scope: Scope, locale: string | null): Promise<void> {
  await ledger(testDeps(), scope).changeSettings({ locale });
}

/** Waits for the first one, which comes at once. */
export function firstPulse(scope: Scope): Promise<PulseRow | null> {
  return eventually(
    () => pulseOf(scope),
    (row) => row !== null,
  );
}

/** Lets a minute pass and the ledger's alarm ring; what it then tells the directory of itself. */
export async function nextPulse(scope: Scope): Promise<PulseRow> {
  const stub = env.LEDGER.getByName(ledgerName(scope));
  const before = await pulseOf(scope);
  const atMs = Math.max(Date.now(), Number(before?.at_ms ?? 0)) + 61_000;
  vi.useFakeTimers({ toFake: ["Date"], now: atMs });
  try {
    await stub.poke({ ...scope });
    await runDurableObjectAlarm(stub);
    const told = await eventually(
      () => pulseOf(scope),
      (row) => row !== null && row.at_ms !== before?.at_ms,
    );
    if (!told) throw new Error("There is no pulse.");
    return told;
  } finally {
    vi.useRealTimers();
  }
}
