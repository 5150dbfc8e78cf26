// Erases an object out of the messages that tell of it and are still kept: what is sent again later says that it was
// deleted, and nothing else.

import { NOTIFICATION_TYPES, type ObjectKind, objectKindOf } from "../../platform/notification-types.ts";
import type { Book } from "../book.ts";

/** For the transaction that deletes the object. The keys of its messages begin with its id. */
export function eraseMessages(book: Book, kind: ObjectKind, objectId: string): void {
  for (const type of NOTIFICATION_TYPES.filter((type) => objectKindOf(type) === kind)) {
    // A range of the key; `0` follows `/`.
    book.sql.run(
      `UPDATE messages SET snapshot = NULL
       WHERE type = ?1 AND key >= ?2 AND key < ?2 || '0' AND object_id = ?2`,
      type,
      objectId,
    );
  }
}
