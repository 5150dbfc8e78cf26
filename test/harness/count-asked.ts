// How often the Worker asks its databases: the statements that it prepares for the directory, and its calls of
// ledgers. Each is a round trip, or a part of one.

import { env } from "cloudflare:workers";
import { vi } from "vitest";

export type Asked = { directory: number; ledgers: number };

/** Counts while the work is done. */
export async function countAsked(work: () => Promise<unknown>): Promise<Asked> {
  const directory = vi.spyOn(env.DB, "prepare");
  const ledgers = vi.spyOn(env.LEDGER, "getByName");
  try {
    await work();
    // A ledger's pulse comes once a minute, whatever is done, and nobody waits for it.
    const asked = directory.mock.calls.filter(([text]) => !text.startsWith("INSERT INTO pulses"));
    return { directory: asked.length, ledgers: ledgers.mock.calls.length };
  } finally {
    directory.mockRestore();
    ledgers.mockRestore();
  }
}
