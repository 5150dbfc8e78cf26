// Inside an environment's ledger: for functions that verbs are made of, called as a verb would call them.

import { runInDurableObject } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { drizzle } from "drizzle-orm/durable-sqlite";
import type { Book } from "../../src/ledger/book.ts";
import { ledger, ledgerName } from "../../src/ledger/client.ts";
import type { Ledger } from "../../src/ledger/ledger.ts";
import { QueueLanes } from "../../src/ledger/outbox/queue-lanes.ts";
import { Sql } from "../../src/ledger/sql.ts";
import { Tally } from "../../src/ledger/stats/tally.ts";
import type { Scope } from "../../src/platform/deps.ts";
import { newId } from "../../src/platform/ids.ts";
import { testDeps } from "./world.ts";

export type Done<T> = { value: T; wanted: Book["wanted"]; rows: { read: number; written: number } };

/** Runs it in one transaction, as a verb. What it wants done outside is not enqueued. */
export async function inLedger<T>(
  scope: Scope,
  work: (book: Book) => T,
  nowMs = Date.now(),
  retentionDays = 30,
): Promise<Done<T>> {
  return runIn(scope, work, { nowMs, retentionDays }, (storage, part) => storage.transactionSync(part));
}

/** Likewise, and takes back what was written: for many cases in one ledger that know nothing of one another. */
export function inLedgerUndone<T>(scope: Scope, work: (book: Book) => T, nowMs: number): Promise<Done<T>> {
  return runIn(scope, work, { nowMs, retentionDays: 30 }, (storage, part) => {
    const undone = new Error("Undone, as the test asked.");
    let value: T | undefined;
    try {
      storage.transactionSync(() => {
        value = part();
        throw undone;
      });
    } catch (error) {
      if (error !== undone) throw error;
    }
    return value as T;
  });
}

async function runIn<T>(
  scope: Scope,
  work: (book: Book) => T,
  { nowMs, retentionDays }: { nowMs: number; retentionDays: number },
  transaction: (storage: DurableObjectStorage, part: () => T) => T,
): Promise<Done<T>> {
  // So that it is there.
  await ledger(testDeps(), scope).readSettings({});
  const stub = env.LEDGER.getByName(ledgerName(scope));
  return runInDurableObject(stub, (_: Ledger, { storage }) => {
    const sql = new Sql(storage.sql);
    const book: Book = {
      sql,
      db: drizzle(storage),
      scope,
      livemode: false,
      actor: { kind: "queue", id: null, ip: null },
      trace: null,
      nowMs,
      newId,
      sendsMail: false,
      retentionDays,
      wanted: [],
      wake: (atMs) => void storage.setAlarm(atMs),
      leases: new Map(),
      lanes: new QueueLanes(),
      unsummed: { events: 0 },
      newestEvent: { seq: null },
      admitted: { minute: null, day: null },
      tally: new Tally(),
      attempt: (part) => storage.transactionSync(part),
    };
    const value = transaction(storage, () => {
      const result = work(book);
      book.tally.write(sql);
      return result;
    });
    return { value, wanted: book.wanted, rows: { read: sql.read, written: sql.written } };
  });
}
