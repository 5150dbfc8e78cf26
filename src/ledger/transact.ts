// One transaction of a ledger: a verb or a chore, with its book. What it throws undoes all of it.

import { newId } from "../platform/ids.ts";
import type { Book } from "./book.ts";
import type { Identity } from "./identity.ts";
import { Tally } from "./stats/tally.ts";

/** What the object has as long as it lives. */
export type LedgerMemory = Pick<
  Book,
  "sql" | "db" | "leases" | "lanes" | "unsummed" | "newestEvent" | "admitted" | "retentionDays"
> & {
  storage: DurableObjectStorage;
};

/** By whom and when it is run. */
export type By = Pick<Book, "actor" | "nowMs" | "sendsMail"> & Partial<Pick<Book, "trace">>;

/** @returns with its value what it wants done outside, and when the alarm must ring at the latest, ms */
export type Transacted<T> = { value: T; wanted: Book["wanted"]; wakeAtMs: number };

/**
 * Parts that could be rolled back by themselves are not, at first: a savepoint is dear, and hardly any of them fails.
 * Where one did, all of it is rolled back and run anew, with savepoints.
 */
export function transact<T>(
  memory: LedgerMemory,
  identity: Identity,
  by: By,
  work: (book: Book) => T,
): Transacted<T> {
  const parts = { savepoints: false, failed: false };
  try {
    return run(memory, identity, by, work, parts);
  } catch (error) {
    if (!parts.failed) throw error;
    return run(memory, identity, by, work, { savepoints: true, failed: false });
  }
}

function run<T>(
  { storage, ...memory }: LedgerMemory,
  { livemode, ...scope }: Identity,
  by: By,
  work: (book: Book) => T,
  parts: { savepoints: boolean; failed: boolean },
): Transacted<T> {
  let wakeAtMs = Number.POSITIVE_INFINITY;
  const book: Book = {
    ...memory,
    ...by,
    trace: by.trace ?? null,
    scope,
    livemode,
    newId,
    wanted: [],
    wake: (atMs) => {
      wakeAtMs = Math.min(wakeAtMs, atMs);
    },
    tally: new Tally(),
    attempt: (part) => {
      const wanted = [...book.wanted];
      try {
        return book.tally.attempt(() => (parts.savepoints ? storage.transactionSync(part) : part()));
      } catch (error) {
        parts.failed = true;
        book.wanted = wanted;
        throw error;
      }
    },
  };
  const transaction = () =>
    storage.transactionSync(() => {
      const result = work(book);
      if (parts.failed && !parts.savepoints) throw new Error("What a part has written is still there.");
      book.tally.write(book.sql);
      return result;
    });
  const value = parts.savepoints ? transaction() : book.sql.remembering(transaction);
  const wanted = book.lanes.admit(book.wanted, book.nowMs);
  return { value, wanted, wakeAtMs: Math.min(wakeAtMs, book.lanes.nextAtMs ?? wakeAtMs) };
}
