// The pulse of a ledger: what it tells the directory of itself, at most once a minute, when what needs somebody has
// changed. Nothing of it is written here: what was told is kept in memory, and an object that begins anew tells of
// itself with its first change.

import type { Scope } from "../../platform/scope.ts";
import { writeToldBudgets } from "../../platform/told-budgets.ts";
import type { Book } from "../book.ts";
import { budgetsToTell } from "../budgets/budgets-to-tell.ts";
import type { Identity } from "../identity.ts";
import { type News, oldestUnfinishedAtMs, readActivity, readNews } from "./read-gauges.ts";

const PAUSE_MS = 60_000;
// Its size is told of so often, where nothing else is news.
const STALE_MS = 15 * 60_000;

/** What it is read from. */
type Source = Pick<Book, "sql" | "admitted">;
/** Why it cannot be used, in words; null: it can. */
type Fault = string | null;

export class Pulse {
  readonly #source: Source;
  #told: News | null = null;
  #toldFault: Fault = null;
  #toldAtMs = 0;

  constructor(source: Source) {
    this.#source = source;
  }

  /**
   * When the directory is to be told, ms; null where nothing is news.
   * @param after what it is asked after: an alarm sets the next one, which is always news
   */
  dueAtMs(after: "change" | "alarm", nowMs: number, fault: Fault): number | null {
    const isNews = fault !== this.#toldFault || (fault === null && this.#hasNews());
    if (isNews) return Math.max(nowMs, this.#toldAtMs + PAUSE_MS);
    return nowMs - this.#toldAtMs >= (after === "alarm" ? PAUSE_MS : STALE_MS) ? nowMs : null;
  }

  #hasNews(): boolean {
    return this.#told === null || !isSame(this.#told, readNews(this.#source.sql));
  }

  /**
   * The statement that tells the directory how it stands now. An erased environment has no row, and an older pulse
   * never replaces a newer one.
   */
  beat(
    directory: D1Database,
    { livemode, ...scope }: Identity,
    nextAlarmAtMs: number | null,
    nowMs: number,
  ): D1PreparedStatement {
    const { sql } = this.#source;
    const news = readNews(sql);
    this.#told = news;
    this.#toldFault = null;
    this.#toldAtMs = nowMs;
    const activity = readActivity(sql, nowMs);
    return directory
      .prepare(TELL)
      .bind(
        scope.environmentId,
        scope.tenantId,
        news.deadEvents,
        news.deadWork,
        news.waitingWork,
        news.failedDeliveries,
        news.failingDestinations,
        sql.bytes,
        oldestUnfinishedAtMs(sql),
        nextAlarmAtMs,
        nowMs,
        activity.lastWebhookAtMs,
        activity.eventsDay,
        activity.paymentsDay,
        null,
        writeToldBudgets(budgetsToTell({ ...this.#source, livemode, nowMs })),
        news.mailsWaitUntilMs,
      );
  }

  /** The same where it cannot be used: none of its tables is read. */
  beatOfFault(
    directory: D1Database,
    { environmentId, tenantId }: Scope,
    fault: string,
    nextAlarmAtMs: number | null,
    nowMs: number,
  ): D1PreparedStatement {
    this.#toldFault = fault;
    this.#toldAtMs = nowMs;
    const { bytes } = this.#source.sql;
    return directory.prepare(TELL_FAULT).bind(environmentId, tenantId, bytes, nextAlarmAtMs, nowMs, fault);
  }

  /** The directory was not reached: what was to be told is news still. */
  wasLost(): void {
    this.#told = null;
    this.#toldFault = null;
  }
}

const COLUMNS = [
  "dead_events",
  "dead_work",
  "waiting_work",
  "failed_deliveries",
  "failing_destinations",
  "bytes",
  "oldest_unfinished_at_ms",
  "next_alarm_at_ms",
  "at_ms",
  "last_webhook_at_ms",
  "events_day",
  "payments_day",
  "ledger_error",
  "budgets",
  "mails_wait_until_ms",
];
const TELL = `INSERT INTO pulses (environment_id, tenant_id, jurisdiction, ${COLUMNS.join(", ")})
  SELECT id, tenant_id, jurisdiction, ${COLUMNS.map((_, index) => `?${index + 3}`).join(", ")} FROM environments
  WHERE id = ?1 AND tenant_id = ?2 AND erased_at_ms IS NULL
  ON CONFLICT (environment_id) DO UPDATE SET ${COLUMNS.map((column) => `${column} = excluded.${column}`).join(", ")}
  WHERE excluded.at_ms >= pulses.at_ms`;

const TELL_FAULT = `INSERT INTO pulses (environment_id, tenant_id, jurisdiction, dead_events, dead_work, waiting_work,
    failed_deliveries, failing_destinations, bytes, next_alarm_at_ms, at_ms, ledger_error)
  SELECT id, tenant_id, jurisdiction, 0, 0, 0, 0, 0, ?3, ?4, ?5, ?6 FROM environments
  WHERE id = ?1 AND tenant_id = ?2 AND erased_at_ms IS NULL
  ON CONFLICT (environment_id) DO UPDATE SET bytes = excluded.bytes, next_alarm_at_ms = excluded.next_alarm_at_ms,
    at_ms = excluded.at_ms, ledger_error = excluded.ledger_error
  WHERE excluded.at_ms >= pulses.at_ms`;

function isSame(told: News, now: News): boolean {
  return Object.entries(now).every(([name, value]) => told[name as keyof News] === value);
}
