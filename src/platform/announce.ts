// Announces in a commit of a room that has not moved into the ledger yet: the ledger takes it up at the end of the
// same transaction. It goes with the last of them.

import { type SQL, sql } from "drizzle-orm";
import type { Database, Statement } from "./commit.ts";
import type { Scope } from "./deps.ts";
import type { NotificationType, ObjectKind } from "./notification-types.ts";

export type { NotificationType } from "./notification-types.ts";

export type Announcement = {
  type: NotificationType;
  /** Names the cause within the type: an invoice's id for what happens once, with a revision or Stripe's id for what can happen again. */
  key: string;
  object: { kind: ObjectKind; id: string };
  /** Announce only if this holds, inside the commit: for what only SQL knows, such as an invoice just paid. */
  when?: SQL;
};

/** The statement that announces. */
export function announce(
  database: Database,
  _scope: Scope,
  { type, key, object, when }: Announcement,
  _nowMs: number,
): Statement {
  return database.run(sql`INSERT INTO announcements (type, key, object_kind, object_id)
    SELECT ${type}, ${key}, ${object.kind}, ${object.id} WHERE ${when ?? sql`TRUE`}`);
}
