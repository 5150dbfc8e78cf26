// The part of a run in which ours go to Stripe: those that differ from what is known there, or are not there, are sent
// on their way, a few at a time; it ends when what it has sent has come to its end.

import { fieldsToPush } from "../../platform/stripe-customer.ts";
import type { Book } from "../book.ts";
import { readConnection } from "../connection/keep-connection.ts";
import type { Later } from "../outbox/kind-of-work.ts";
import { want } from "../outbox/want.ts";
import { syncWork } from "../outbox/work.ts";
import { findCustomersAfter, stripeIdIn, updateCustomer } from "./customer-rows.ts";
import type { CustomerRow } from "./customer-state.ts";
import { presentWays } from "./outbound.ts";
import { type CustomerRun, keepRun } from "./run-row.ts";

// Each is a call to Stripe or two, and a step comes every two seconds: well below what Stripe allows, in test mode 25
// a second for everything together (https://docs.stripe.com/rate-limits).
const MOST_ON_THEIR_WAY = 20;
const EVERY_MS = 2_000;
const LOOKED_AT = 200;

/** Null once it is done. */
export function pushStep(book: Book, run: CustomerRun): Later | null {
  const room = MOST_ON_THEIR_WAY - onTheirWay(book);
  if (run.phase === "settle") {
    if (room < MOST_ON_THEIR_WAY) return { laterMs: book.nowMs + EVERY_MS };
    keepRun(book, { ...run, status: "done", finishedAtMs: book.nowMs });
    return null;
  }
  if (room > 0) keepRun(book, pushSome(book, run, room));
  return { laterMs: book.nowMs + EVERY_MS };
}

function pushSome(book: Book, run: CustomerRun, room: number): CustomerRun {
  const rows = findCustomersAfter(book, run.pageAfter ?? "", LOOKED_AT);
  const next = { ...run, steps: run.steps + 1 };
  let sent = 0;
  for (const row of rows) {
    if (sent === room) return next;
    next.pageAfter = row.id;
    if (isInStep(book, row)) continue;
    send(book, row);
    sent += 1;
  }
  return rows.length < LOOKED_AT ? { ...next, phase: "settle" } : next;
}

function isInStep(book: Book, row: CustomerRow): boolean {
  const connection = readConnection(book);
  if (!connection || row.syncStatus === "failed" || row.syncStatus === "pending") return false;
  if (stripeIdIn(row, connection.accountId) === null) return false;
  const ways = presentWays(book);
  return fieldsToPush(book.scope, row, [], (field) => ways[field].pushed).length === 0;
}

function send(book: Book, row: CustomerRow): void {
  const work = syncWork(row.id, row.revision);
  updateCustomer(book, row.id, { syncStatus: "pending", syncError: null });
  want(book, { ...work, ofRun: true }, { again: true });
  // It may have been wanted before.
  book.sql.run(
    "UPDATE outbox SET subject = json_set(subject, '$.ofRun', json('true')) WHERE id = ?",
    work.id,
  );
}

/** How many of those that runs have sent are not at their end. */
function onTheirWay(book: Book): number {
  // A range on the key: `0` follows `/`.
  const row = book.sql.first<{ count: number }>(
    `SELECT COUNT(*) AS count FROM outbox
     WHERE id > 'sync_customer/' AND id < 'sync_customer0' AND status <> 'dead' AND subject ->> '$.ofRun'`,
  );
  return row?.count ?? 0;
}

/** What has become of one that a run has sent. */
export function noteSent(book: Book, became: "pushed" | "failed"): void {
  book.sql.run(
    `UPDATE customer_runs SET ${became} = ${became} + 1 WHERE kind = 'sync' AND status = 'running'`,
  );
}
