// Tells the platform of something, in the transaction of its cause: one message, and a delivery for each
// destination that listens. The same cause is announced once; where nobody listens, nothing is written.

import type { NotificationType, ObjectKind } from "../../platform/notification-types.ts";
import { sha256HexSync } from "../../platform/sha256.ts";
import type { Book } from "../book.ts";
import { addDelivery } from "./add-delivery.ts";
import { allDestinations, type DestinationRow } from "./destinations.ts";
import { snapshotOf } from "./snapshot.ts";

export type Announcement = {
  type: NotificationType;
  /** Names the cause within the type: an invoice's id for what happens once, with a revision or Stripe's id for what can happen again. */
  key: string;
  /** What it is about. `rows` only of what does not lie in the ledger: what the message says of it. */
  object: { kind: ObjectKind; id: string; rows?: object };
  /** When it happened, ms, if that was before this call: a destination made since then hears nothing of it. */
  atMs?: number;
};

export function announce(book: Book, announcement: Announcement): void {
  const listeners = allDestinations(book).filter((destination) => listens(destination, announcement));
  if (listeners.length === 0 || isAnnounced(book, announcement)) return;
  const messageId = insertMessage(book, announcement);
  for (const destination of listeners) {
    addDelivery(book, destination, { type: announcement.type, key: announcement.key, id: messageId });
  }
}

function listens({ eventTypes, createdAtMs }: DestinationRow, { type, atMs }: Announcement): boolean {
  if (atMs !== undefined && createdAtMs > atMs) return false;
  return eventTypes === null || eventTypes.includes(type);
}

function isAnnounced(book: Book, { type, key }: Announcement): boolean {
  const query = "SELECT 1 FROM messages WHERE type = ? AND key = ?";
  return book.sql.first(query, type, key) !== undefined;
}

function insertMessage(book: Book, { type, key, object, atMs }: Announcement): string {
  const id = messageIdFor(book.scope.environmentId, type, key);
  const known = snapshotOf(book, object.kind, object.id);
  const snapshot = object.rows === undefined ? known : { ...known, ...object.rows };
  book.sql.run(
    `INSERT INTO messages (type, key, id, object_kind, object_id, created_at_ms, snapshot)
     VALUES (?, ?, ?, ?, ?, ?, ?)`,
    type,
    key,
    id,
    object.kind,
    object.id,
    atMs ?? book.nowMs,
    snapshot && JSON.stringify(snapshot),
  );
  return id;
}

/** It follows from the cause alone: a ledger that was put back in time tells it again under the same id. */
function messageIdFor(environmentId: string, type: string, key: string): string {
  return `msg_${sha256HexSync(JSON.stringify([environmentId, `${type}/${key}`])).slice(0, 32)}`;
}
