// Writes down that the platform is to be told of something, in the commit of its cause. The same cause is
// announced once; where nobody listens, nothing is written. Fanning out comes later (fan-out.ts).

import { type SQL, sql } from "drizzle-orm";
import type { Database, Statement } from "../platform/commit.ts";
import type { Scope } from "../platform/deps.ts";
import { listensTo } from "./destination-store.ts";
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

/**
 * The statement that announces. It costs one look-up where no destination of the environment listens to the
 * type: a destination hears of what happens from its creation on. For one that is switched off it is kept.
 */
export function announce(
  database: Database,
  scope: Scope,
  notification: Announcement,
  nowMs: number,
): Statement {
  const { type, key, object, when } = notification;
  return database.run(sql`
    INSERT OR IGNORE INTO notifications
      (environment_id, id, tenant_id, type, object_kind, object_id, sweep_at_ms, created_at_ms, updated_at_ms)
    SELECT ${scope.environmentId}, ${notificationId(type, key)}, ${scope.tenantId}, ${type},
      ${object.kind}, ${object.id}, ${nowMs}, ${nowMs}, ${nowMs}
    WHERE (${when ?? sql`TRUE`}) AND EXISTS (
      SELECT 1 FROM event_destinations AS destination
      WHERE destination.environment_id = ${scope.environmentId} AND ${listensTo(sql`${type}`)})`);
}

/** The row's own id: says what was announced, and of which cause, so that it is there once. */
export function notificationId(type: NotificationType, key: string): string {
  return `${type}/${key}`;
}
