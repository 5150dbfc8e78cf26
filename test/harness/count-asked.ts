// How often the Worker asks its databases: the statements that it prepares for the directory, and its calls of
// ledgers. Each is a round trip, or a part of one.

import { env } from "cloudflare:workers";
import { vi } from "vitest";
import { eventually } from "./world.ts";

export type Asked = { directory: number; ledgers: number };

/** Counts while the work is done, by whomever: what queues are at meanwhile is in it. */
export async function countAsked(work: () => Promise<unknown>): Promise<Asked> {
  const directory = vi.spyOn(env.DB, "prepare");
  const ledgers = vi.spyOn(env.LEDGER, "getByName");
  try {
    await work();
    // A ledger's pulse comes once a minute, and that a key is used is noted once an hour, whatever is done.
    const asked = directory.mock.calls.filter(
      ([text]) => !/^insert into "?(pulses|security_log)\b/i.test(text),
    );
    return { directory: asked.length, ledgers: ledgers.mock.calls.length };
  } finally {
    directory.mockRestore();
    ledgers.mockRestore();
  }
}

/**
 * For what can be asked again, such as a page: what a queue is at meanwhile only adds to it, so that the least of what
 * is counted is its own.
 *
 * @returns what was counted once it was no more than this, each
 * @throws Error when it stays more
 */
export function countAskedByRead(read: () => Promise<unknown>, most: Asked): Promise<Asked> {
  return eventually(
    () => countAsked(read),
    (asked) => asked.directory <= most.directory && asked.ledgers <= most.ledgers,
  );
}

/** Of a page of the dashboard, however often it asks the directory. */
export async function ledgersAskedByPage(page: () => Promise<unknown>): Promise<number> {
  const { ledgers } = await countAskedByRead(page, { directory: Number.POSITIVE_INFINITY, ledgers: 1 });
  return ledgers;
}
