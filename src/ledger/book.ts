// What a verb is given: the database and whatever else would come from outside. A verb is
// `verb(book, input)`: it reads, decides and writes, and never waits; a throw rolls all of it back.

import type { DrizzleSqliteDODatabase } from "drizzle-orm/durable-sqlite";
import type { Wanted } from "../platform/enqueue-wanted.ts";
import type { IdPrefix } from "../platform/ids.ts";
import type { Actor, Scope } from "../platform/scope.ts";
import type { AdmittedCounts } from "./budgets/count-admitted.ts";
import type { QueueLanes } from "./outbox/queue-lanes.ts";
import type { Sql } from "./sql.ts";
import type { Tally } from "./stats/tally.ts";

export type Book = {
  /** For what is asked again and again: one text a statement, prepared once. */
  sql: Sql;
  /** For everything else. */
  db: DrizzleSqliteDODatabase;
  scope: Scope;
  livemode: boolean;
  actor: Actor;
  /** What caused it, for the log lines of what comes of it: see `Deps.trace`. Null: nobody said. */
  trace: string | null;
  /** The caller's clock, ms. */
  nowMs: number;
  newId: (prefix: IdPrefix) => string;
  /** What the transaction wants done outside; its messages go to the queue once it is committed. See `want`. */
  wanted: Wanted[];
  /** Sees to it that the alarm rings by then, ms. */
  wake: (atMs: number) => void;
  /** Who is at which work, until when, ms. It is kept in memory: after a restart a try may be given twice. */
  leases: Map<string, number>;
  /** What of its work is in the queues at present: it is kept in memory. */
  lanes: QueueLanes;
  /** How many events were received since they were last summed up, about: it is kept in memory. */
  unsummed: { events: number };
  /** The greatest key of an event that was ever inserted, once it was asked for: it is kept in memory. */
  newestEvent: { seq: number | null };
  /** What the door let in of events: it is kept in memory. */
  admitted: AdmittedCounts;
  /** Counts and sums by hour, written once at the end of the transaction. */
  tally: Tally;
  /** Work that is rolled back by itself where it throws; the error is thrown on. */
  attempt: <T>(work: () => T) => T;
  /** Whether mails are sent at all: a provider is configured. */
  sendsMail: boolean;
  /** How long contents are kept, days: payloads, mails' texts. */
  retentionDays: number;
};
