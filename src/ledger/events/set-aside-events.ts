// Events that were set aside while the connection was off or gone, and which of some are known: for whoever fetches
// events again.

import { readJson, texts } from "../../platform/tables/json-column.ts";
import type { Book } from "../book.ts";
import type { WaitingEvent } from "./arrived-event.ts";

const SET_ASIDE = "status = 'ignored' AND reason IN ('connection_disabled', 'connection_disconnected')";

/** Those of these connections whose payload is still there, oldest first. */
export function listSetAsideEvents(
  book: Book,
  { connectionIds, limit }: { connectionIds: readonly string[]; limit: number },
): Omit<WaitingEvent, "payload">[] {
  return connectionIds
    .flatMap((connectionId) => setAsideOf(book, connectionId, limit))
    .sort((one, other) => one.receivedAtMs - other.receivedAtMs)
    .slice(0, limit);
}

function setAsideOf(book: Book, connectionId: string, limit: number): Omit<WaitingEvent, "payload">[] {
  const rows = book.sql.all<{
    id: string;
    source: "webhook" | "reconciliation";
    receivedAtMs: number;
    deliveryIds: string;
  }>(
    `SELECT stripe_event_id AS id, source, received_at_ms AS receivedAtMs, delivery_ids AS deliveryIds
     FROM webhook_events
     WHERE connection_id = ? AND ${SET_ASIDE} AND payload IS NOT NULL
     ORDER BY seq LIMIT ?`,
    connectionId,
    limit,
  );
  return rows.map(({ deliveryIds, ...row }) => {
    const [deliveryId = ""] = readJson(deliveryIds, texts);
    return { ...row, connectionId, deliveryId };
  });
}

/** Of these events the known ones; `unreadable`: set aside, and its payload is gone. */
export function findKnownEvents(
  book: Book,
  { ids }: { ids: readonly string[] },
): { id: string; state: "done" | "unreadable" }[] {
  const rows = book.sql.all<{ id: string; isUnreadable: number }>(
    `SELECT stripe_event_id AS id, (${SET_ASIDE}) AND payload IS NULL AS isUnreadable
     FROM webhook_events
     WHERE stripe_event_id IN (SELECT value FROM json_each(?))`,
    JSON.stringify(ids),
  );
  return rows.map(({ id, isUnreadable }) => ({ id, state: isUnreadable === 1 ? "unreadable" : "done" }));
}
