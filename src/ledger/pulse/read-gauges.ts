// How the environment stands at this moment. Every count reads an index that holds nothing else, and those that may
// be many stop at a thousand.

import type { Book } from "../book.ts";
import { seqAt } from "../events/event-row.ts";
import { countUndelivered } from "../notifications/delivery-work.ts";
import type { Sql } from "../sql.ts";
import { HOUR_MS } from "../stats/tally.ts";

/** What is the matter, or may be soon. */
export type Gauges = {
  /** They are tried again. */
  failedEvents: number;
  deadEvents: number;
  /** Work that waits for the Stripe connection to work again. */
  waitingWork: number;
  deadWork: number;
  /** Messages to event destinations that are on their way or tried again. */
  undeliveredNotifications: number;
  failedDeliveries: number;
  failingDestinations: number;
  /** Of the database. */
  bytes: number;
};

export function readGauges(book: Book, _input: Record<never, never>): Gauges {
  const events = book.sql.first<{ failed: number }>(
    "SELECT COUNT(*) AS failed FROM webhook_events WHERE status IN ('failed', 'dead') AND status = 'failed'",
  );
  return {
    ...readTroubles(book.sql),
    failedEvents: events?.failed ?? 0,
    undeliveredNotifications: countUndelivered(book),
    bytes: book.sql.bytes,
  };
}

/** What needs somebody. It is read after each change: with nothing the matter it reads nothing. */
export type Troubles = Pick<
  Gauges,
  "deadEvents" | "deadWork" | "waitingWork" | "failedDeliveries" | "failingDestinations"
>;

export function readTroubles(sql: Sql): Troubles {
  const found = sql.first<Troubles>(TROUBLES);
  if (!found) throw new Error("A count has one row.");
  return found;
}

/** What is told at once where it is another than before: troubles, budgets that came near their end, a cap of mails. */
export type News = Troubles & { budgets: string; mailsWaitUntilMs: number | null };

export function readNews(sql: Sql): News {
  const news = sql.first<News>(NEWS);
  if (!news) throw new Error("An environment has one row.");
  return news;
}

const MOST = 1000;
const upTo = (rows: string) => `(SELECT COUNT(*) FROM (SELECT 1 FROM ${rows} LIMIT ${MOST}))`;
// `IN` as the partial indexes have it, or SQLite would not use them.
const TROUBLES = `SELECT
  ${upTo("webhook_events WHERE status IN ('failed', 'dead') AND status = 'dead'")} AS deadEvents,
  ${upTo("outbox WHERE status IN ('waiting', 'dead') AND status = 'dead'")} AS deadWork,
  ${upTo("outbox WHERE status IN ('waiting', 'dead') AND status = 'waiting'")} AS waitingWork,
  ${upTo("deliveries WHERE status = 'failed'")} AS failedDeliveries,
  (SELECT COUNT(*) FROM event_destinations WHERE is_active = 1 AND failing_since_ms IS NOT NULL) AS failingDestinations`;
// One statement, since it is asked after each change.
const NEWS = `${TROUBLES}, budgets || COALESCE((SELECT budget_marks FROM webhook_event_marks), '') AS budgets,
  mails_wait_until_ms AS mailsWaitUntilMs FROM environment`;

/** Since when the oldest event or work that is still to be done is there, ms; null where there is none. */
export function oldestUnfinishedAtMs(sql: Sql): number | null {
  const times = sql.first<{ event: number | null; work: number | null }>(`SELECT
    (SELECT MIN(received_at_ms) FROM webhook_events WHERE status IN ('failed', 'dead') AND status = 'failed') AS event,
    (SELECT MIN(created_at_ms) FROM outbox WHERE status = 'wanted') AS work`);
  const known = [times?.event, times?.work].filter((time) => typeof time === "number");
  return known.length > 0 ? Math.min(...known) : null;
}

/** What of it an operator sees beside its troubles. */
export type Activity = {
  /** When Stripe last sent an event, ms; null for never. */
  lastWebhookAtMs: number | null;
  /** Received in the last 24 hours, the present one counted in. */
  eventsDay: number;
  /** Payments that succeeded in them. */
  paymentsDay: number;
};

/** Read when the directory is told, and no more: of what is summed up by the hour, and the newest events. */
export function readActivity(sql: Sql, nowMs: number): Activity {
  const marks = sql.first<{ at: number; webhook: number | null }>(
    "SELECT summed_to_ms AS at, last_webhook_at_ms AS webhook FROM webhook_event_marks",
  );
  const counted = sql.first<{ events: number; newest: number; webhook: number | null; payments: number }>(
    ACTIVITY,
    (Math.floor(nowMs / HOUR_MS) - 23) * HOUR_MS,
    seqAt(marks?.at ?? 0),
  );
  if (!counted) throw new Error("A count has one row.");
  return {
    lastWebhookAtMs: counted.webhook ?? marks?.webhook ?? null,
    eventsDay: counted.events + counted.newest,
    paymentsDay: Math.max(counted.payments, 0),
  };
}

const ACTIVITY = `SELECT
  (SELECT COALESCE(SUM(received), 0) FROM hourly_events WHERE hour_ms >= ?1) AS events,
  (SELECT COUNT(*) FROM webhook_events WHERE seq >= ?2) AS newest,
  (SELECT MAX(received_at_ms) FROM webhook_events WHERE seq >= ?2 AND source = 'webhook') AS webhook,
  (SELECT COALESCE(SUM(paid_count), 0) FROM hourly_money WHERE hour_ms >= ?1) AS payments`;
