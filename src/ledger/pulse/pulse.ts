// The pulse of a ledger: what it tells the directory of itself, at most once a minute, when what needs somebody has
// changed. Nothing of it is written here: what was told is kept in memory, and an object that begins anew tells of
// itself with its first change.

import type { Scope } from "../../platform/scope.ts";
import type { Sql } from "../sql.ts";
import { oldestUnfinishedAtMs, readActivity, readTroubles, type Troubles } from "./read-gauges.ts";

const PAUSE_MS = 60_000;
// Its size is told of so often, where nothing else is news.
const STALE_MS = 15 * 60_000;

export class Pulse {
  readonly #sql: Sql;
  #told: Troubles | null = null;
  #toldAtMs = 0;

  constructor(sql: Sql) {
    this.#sql = sql;
  }

  /**
   * When the directory is to be told, ms; null where nothing is news.
   * @param after what it is asked after: an alarm sets the next one, which is always news
   */
  dueAtMs(after: "change" | "alarm", nowMs: number): number | null {
    const isNews = this.#told === null || !isSame(this.#told, readTroubles(this.#sql));
    if (isNews) return Math.max(nowMs, this.#toldAtMs + PAUSE_MS);
    return nowMs - this.#toldAtMs >= (after === "alarm" ? PAUSE_MS : STALE_MS) ? nowMs : null;
  }

  /**
   * The statement that tells the directory how it stands now. An erased environment has no row, and an older pulse
   * never replaces a newer one.
   */
  beat(
    directory: D1Database,
    scope: Scope,
    nextAlarmAtMs: number | null,
    nowMs: number,
  ): D1PreparedStatement {
    const troubles = readTroubles(this.#sql);
    this.#told = troubles;
    this.#toldAtMs = nowMs;
    const activity = readActivity(this.#sql, nowMs);
    return directory
      .prepare(TELL)
      .bind(
        scope.environmentId,
        scope.tenantId,
        troubles.deadEvents,
        troubles.deadWork,
        troubles.waitingWork,
        troubles.failedDeliveries,
        troubles.failingDestinations,
        this.#sql.bytes,
        oldestUnfinishedAtMs(this.#sql),
        nextAlarmAtMs,
        nowMs,
        activity.lastWebhookAtMs,
        activity.eventsDay,
        activity.paymentsDay,
      );
  }

  /** The directory was not reached: what was to be told is news still. */
  wasLost(): void {
    this.#told = null;
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
];
const TELL = `INSERT INTO pulses (environment_id, tenant_id, jurisdiction, ${COLUMNS.join(", ")})
  SELECT id, tenant_id, jurisdiction, ${COLUMNS.map((_, index) => `?${index + 3}`).join(", ")} FROM environments
  WHERE id = ?1 AND tenant_id = ?2 AND erased_at_ms IS NULL
  ON CONFLICT (environment_id) DO UPDATE SET ${COLUMNS.map((column) => `${column} = excluded.${column}`).join(", ")}
  WHERE excluded.at_ms >= pulses.at_ms`;

function isSame(told: Troubles, now: Troubles): boolean {
  return Object.entries(now).every(([name, count]) => told[name as keyof Troubles] === count);
}
