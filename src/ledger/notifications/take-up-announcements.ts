// Announces what a room that speaks SQL has noted in this transaction. It goes with the last of them.

import type { NotificationType, ObjectKind } from "../../platform/notification-types.ts";
import type { Book } from "../book.ts";
import { announce } from "./announce.ts";

export function takeUpAnnouncements(book: Book): void {
  const noted = book.sql.all<{ type: NotificationType; key: string; kind: ObjectKind; id: string }>(
    "SELECT type, key, object_kind AS kind, object_id AS id FROM announcements ORDER BY rowid",
  );
  if (noted.length === 0) return;
  book.sql.run("DELETE FROM announcements");
  for (const { type, key, kind, id } of noted) announce(book, { type, key, object: { kind, id } });
}
