// Writes down that the platform is to be told of something, in the transaction of its cause. The same cause is
// announced once; where nobody listens, nothing is written.

import type { Book } from "../book.ts";

export type Announcement = {
  type: string;
  key: string;
  object: { kind: string; id: string };
  /** When it happened, ms. */
  atMs?: number;
};

export function announce(book: Book, { type, key, object, atMs = book.nowMs }: Announcement): void {
  const { environmentId, tenantId } = book.scope;
  book.sql.run(
    `INSERT OR IGNORE INTO notifications
       (environment_id, id, tenant_id, type, object_kind, object_id, sweep_at_ms, created_at_ms, updated_at_ms)
     SELECT ?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?7
     WHERE EXISTS (SELECT 1 FROM event_destinations AS destination WHERE destination.event_types IS NULL
       OR EXISTS (SELECT 1 FROM json_each(destination.event_types) WHERE value = ?4))`,
    environmentId,
    `${type}/${key}`,
    tenantId,
    type,
    object.kind,
    object.id,
    book.nowMs,
    atMs,
  );
}
