// Erases an object out of the messages that tell of it, in a commit of a room that has not moved into the ledger
// yet. It goes with the last of them.

import { sql } from "drizzle-orm";
import type { Database, Statement } from "./commit.ts";
import type { Scope } from "./deps.ts";
import { NOTIFICATION_TYPES, type ObjectKind, objectKindOf } from "./notification-types.ts";

/** The statement for the commit that deletes the object. Keys of its messages begin with its id. */
export function eraseMessages(
  database: Database,
  scope: Scope,
  kind: ObjectKind,
  objectId: string,
): Statement {
  const types = NOTIFICATION_TYPES.filter((type) => objectKindOf(type) === kind);
  return database.run(sql`UPDATE messages SET snapshot = NULL
    WHERE environment_id = ${scope.environmentId} AND type IN ${types}
      AND key >= ${objectId} AND key < ${`${objectId}0`} AND object_id = ${objectId}`);
}
