// Erases an object out of the messages that tell of it and are still kept: what is sent again later says that
// it was deleted, and nothing else.

import { sql } from "drizzle-orm";
import type { Database, Statement } from "../platform/commit.ts";
import type { Scope } from "../platform/deps.ts";
import { NOTIFICATION_TYPES, type ObjectKind, objectKindOf } from "./notification-types.ts";

/** The statement for the commit that deletes the object. Keys of its notifications begin with its id. */
export function eraseMessages(
  database: Database,
  scope: Scope,
  kind: ObjectKind,
  objectId: string,
): Statement {
  const { environmentId } = scope;
  // One question each: with OR, SQLite reads through all of the environment's notifications.
  const ranges = NOTIFICATION_TYPES.filter((type) => objectKindOf(type) === kind).map((type) => {
    const begin = `${type}/${objectId}`;
    // A range on the key: `0` follows `/`.
    return sql`SELECT id FROM notifications WHERE environment_id = ${environmentId} AND id = ${begin}
      UNION ALL SELECT id FROM notifications
        WHERE environment_id = ${environmentId} AND id >= ${`${begin}/`} AND id < ${`${begin}0`}`;
  });
  return database.run(sql`
    UPDATE notifications SET body = json_set(body, '$.data.object',
      json_object('id', ${objectId}, 'object', ${kind}, 'deleted', json('true')))
    WHERE environment_id = ${environmentId} AND id IN (${sql.join(ranges, sql` UNION ALL `)})
      AND object_kind = ${kind} AND body IS NOT NULL`);
}
