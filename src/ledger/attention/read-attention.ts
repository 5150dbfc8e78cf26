// What in an environment needs a person, counted for every page that is shown: along indexes that hold nothing else, or
// among so many of the newest rows.

import type { Book } from "../book.ts";
import { type BudgetGauge, budgetsNear } from "../budgets/read-budgets.ts";
import { allDestinations } from "../notifications/destinations.ts";
import { readMissed } from "./missed.ts";

/** How many there are, a thousand at most, and since when, ms. */
export type Pile = { count: number; sinceMs: number };
export type FailingDestination = {
  id: string;
  url: string;
  failingSinceMs: number | null;
  disabledReason: string | null;
  failedDeliveries: number;
  updatedAtMs: number;
};
export type DueDisputes = Pile & {
  /** The nearest day by which evidence must be at Stripe, ms; null where Stripe names none. */
  dueAtMs: number | null;
  /** Minor units by currency. */
  sums: { currency: string; amountMinor: number }[];
};

export type Attention = {
  /** They are tried again by themselves. */
  retryingEvents: Pile | null;
  deadEvents: Pile | null;
  waitingWork: Pile | null;
  /** By kind, those that switch links off apart from the rest. */
  deadWork: (Pile & { kind: string; error: string | null })[];
  /** Links that are to be off, and whose work waits or gave up. */
  payableLinks: Pile | null;
  destinations: FailingDestination[];
  /** Of the last seven days. */
  failedMails: Pile | null;
  heldMails: Pile | null;
  disputes: DueDisputes | null;
  /** What reconciliation found that no webhook had brought, of the last day. */
  missed: (Pile & { kind: "events" | "links" | "both" }) | null;
  bytes: number;
  /** Those that are nearly or wholly used up. */
  budgets: BudgetGauge[];
};

const MOST = 1000;
const MAILS_LOOKED_AT = 500;
const MAIL_DAYS_MS = 7 * 24 * 60 * 60 * 1000;

export function readAttention(book: Book, _input: Record<never, never>): Attention {
  const stuck = readStuck(book);
  return {
    retryingEvents: pile(book, EVENTS, "failed"),
    deadEvents: pile(book, EVENTS, "dead"),
    waitingWork: sum(stuck.filter(({ status, kind }) => status === "waiting" && kind !== SWITCH_OFF)),
    deadWork: stuck.filter(({ status, kind }) => status === "dead" && kind !== SWITCH_OFF),
    payableLinks: sum(stuck.filter(({ kind }) => kind === SWITCH_OFF)),
    destinations: readFailingDestinations(book),
    failedMails: readFailedMails(book),
    heldMails: pile(book, "SELECT created_at_ms AS at FROM mails WHERE status = ?", "held"),
    disputes: readDueDisputes(book),
    missed: readMissed(book),
    bytes: book.sql.bytes,
    budgets: budgetsNear(book),
  };
}

const SWITCH_OFF = "deactivate_payment_link";
// `IN` as the partial index has it, or SQLite would not use it.
const EVENTS =
  "SELECT received_at_ms AS at FROM webhook_events WHERE status IN ('failed', 'dead') AND status = ?";

/** @param query rows with a time `at` */
function pile(book: Book, query: string, ...values: string[]): Pile | null {
  const row = book.sql.first<{ count: number; since: number | null }>(
    `SELECT COUNT(*) AS count, MIN(at) AS since FROM (${query} LIMIT ${MOST})`,
    ...values,
  );
  return row && row.count > 0 ? { count: row.count, sinceMs: row.since ?? book.nowMs } : null;
}

type Stuck = Pile & { status: string; kind: string; error: string | null };

function readStuck(book: Book): Stuck[] {
  return book.sql.all<Stuck>(
    `SELECT status, kind, COUNT(*) AS count, MIN(updated_at_ms) AS sinceMs, MAX(error) AS error
     FROM (SELECT * FROM outbox WHERE status IN ('waiting', 'dead') LIMIT ${MOST}) GROUP BY status, kind`,
  );
}

function sum(piles: readonly Pile[]): Pile | null {
  if (piles.length === 0) return null;
  return {
    count: piles.reduce((count, one) => count + one.count, 0),
    sinceMs: Math.min(...piles.map(({ sinceMs }) => sinceMs)),
  };
}

/** One that a person has switched off is no trouble. */
function readFailingDestinations(book: Book): FailingDestination[] {
  const failed = book.sql.all<{ id: string; count: number }>(
    `SELECT destination_id AS id, COUNT(*) AS count
     FROM (SELECT destination_id FROM deliveries WHERE status = 'failed' LIMIT ${MOST}) GROUP BY destination_id`,
  );
  const failedOf = new Map(failed.map(({ id, count }) => [id, count]));
  return allDestinations(book)
    .map((row) => ({
      id: row.id,
      url: row.url,
      failingSinceMs: row.failingSinceMs,
      disabledReason: row.disabledReason,
      failedDeliveries: failedOf.get(row.id) ?? 0,
      updatedAtMs: row.updatedAtMs,
      isActive: row.isActive,
    }))
    .filter(({ isActive, failingSinceMs, disabledReason, failedDeliveries }) =>
      isActive ? failingSinceMs !== null || failedDeliveries > 0 : disabledReason !== null,
    )
    .map(({ isActive: _isActive, ...destination }) => destination);
}

/** Among the newest mails: an index more would be a row more for each mail. */
function readFailedMails(book: Book): Pile | null {
  const row = book.sql.first<{ count: number; since: number | null }>(
    `SELECT COUNT(*) AS count, MIN(at) AS since
     FROM (SELECT created_at_ms AS at, status FROM mails WHERE created_at_ms >= ?
       ORDER BY created_at_ms DESC, id DESC LIMIT ${MAILS_LOOKED_AT})
     WHERE status IN ('failed', 'bounced', 'complained', 'unknown')`,
    book.nowMs - MAIL_DAYS_MS,
  );
  return row && row.count > 0 ? { count: row.count, sinceMs: row.since ?? book.nowMs } : null;
}

/** Among the newest thousand: a bank decides within months. */
function readDueDisputes(book: Book): DueDisputes | null {
  const rows = book.sql.all<{
    currency: string;
    amountMinor: number;
    dueAtMs: number | null;
    createdAtMs: number;
  }>(
    `SELECT currency, amount_minor AS amountMinor, evidence_due_at_ms AS dueAtMs, created_at_ms AS createdAtMs
     FROM (SELECT * FROM disputes ORDER BY created_at_ms DESC, id DESC LIMIT ${MOST})
     WHERE status IN ('needs_response', 'warning_needs_response', 'appeal_needs_response')`,
  );
  if (rows.length === 0) return null;
  const due = rows.map(({ dueAtMs }) => dueAtMs).filter((ms) => ms !== null);
  const byCurrency = Map.groupBy(rows, ({ currency }) => currency);
  return {
    count: rows.length,
    sinceMs: Math.min(...rows.map(({ createdAtMs }) => createdAtMs)),
    dueAtMs: due.length === 0 ? null : Math.min(...due),
    sums: [...byCurrency].map(([currency, of]) => ({
      currency,
      amountMinor: of.reduce((total, { amountMinor }) => total + amountMinor, 0),
    })),
  };
}
