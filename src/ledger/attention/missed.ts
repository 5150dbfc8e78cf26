// What the present connection's reconciliation found that no webhook had brought.

import type { Book } from "../book.ts";

const TOLD_FOR_MS = 24 * 60 * 60 * 1000;

export type MissedNews = { count: number; sinceMs: number; kind: "events" | "links" | "both" };

/** For a day after the run that found something; null where none did. */
export function readMissed(book: Book): MissedNews | null {
  const row = book.sql.first<{
    events: number;
    links: number;
    missedAtMs: number | null;
    missedCount: number;
    startedAtMs: number | null;
  }>(
    `SELECT events_missed AS events, links_missed AS links, missed_at_ms AS missedAtMs, missed_count AS missedCount,
       started_at_ms AS startedAtMs
     FROM reconciliations WHERE connection_id = (SELECT id FROM connection)`,
  );
  if (row === undefined) return null;
  const { events, links } = row;
  if (events + links > 0) {
    const kind = links === 0 ? "events" : events === 0 ? "links" : "both";
    return { count: events + links, sinceMs: row.missedAtMs ?? row.startedAtMs ?? book.nowMs, kind };
  }
  if (row.missedAtMs === null || row.missedAtMs < book.nowMs - TOLD_FOR_MS) return null;
  return { count: row.missedCount, sinceMs: row.missedAtMs, kind: "both" };
}
