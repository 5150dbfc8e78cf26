// What happened to an invoice, oldest first, each entry with its cause. An entry's id is made of its kind
// and key, so that doing the same work again adds nothing.

import { type SQL, sql } from "drizzle-orm";
import type { Database, Statement } from "../platform/commit.ts";
import type { Deps, Scope } from "../platform/deps.ts";
import type { TimelineDetail } from "../platform/tables/invoices.ts";
import { ORDER, type TimelineKind } from "../platform/timeline-kinds.ts";

export type NewTimelineEntry = {
  invoiceId: string;
  kind: TimelineKind;
  /** What makes it once per cause: a Stripe id with its state, a link's revision, or `once`. */
  key: string;
  /**
   * It can happen anew, as when a job that was retried by hand gives up again: a further one has a number after
   * its key. `when` must tell a repeat of the same from a further one.
   */
  recurs?: boolean | undefined;
  /** When it happened, ms; now when left out. */
  atMs?: number | undefined;
  detail?: TimelineDetail | undefined;
  /**
   * A condition in SQL, asked when the commit comes to this statement: for what is known only there, such
   * as `when: invoiceIs(scope, invoiceId, "paid")` after the settling statements.
   */
  when?: SQL | undefined;
};

/** The statement that adds an entry, once per kind and key; the cause is `deps.actor`. */
export function timelineEntry(
  database: Database,
  deps: Deps,
  scope: Scope,
  entry: NewTimelineEntry,
): Statement {
  const first = `${ORDER[entry.kind]}/${entry.kind}/${entry.key}`;
  const id = entry.recurs ? nextId(scope, entry, first) : sql`${first}`;
  return database.run(sql`
    INSERT INTO invoice_timeline (environment_id, invoice_id, id, at_ms, kind, cause_kind, cause_id, detail)
    SELECT ${scope.environmentId}, ${entry.invoiceId}, ${id}, ${atMs(scope, entry, id, deps.now())}, ${entry.kind},
      ${deps.actor.kind}, ${deps.actor.id}, ${JSON.stringify(entry.detail ?? {})}
    WHERE ${entry.when ?? sql`1`}
    ON CONFLICT DO NOTHING`);
}

function nextId(scope: Scope, { invoiceId }: NewTimelineEntry, first: string): SQL {
  // `0` follows `/`: a range on the key.
  return sql`(SELECT CASE COUNT(*) WHEN 0 THEN ${first} ELSE ${`${first}/`} || (COUNT(*) + 1) END
    FROM invoice_timeline WHERE environment_id = ${scope.environmentId} AND invoice_id = ${invoiceId}
      AND (id = ${first} OR (id > ${`${first}/`} AND id < ${`${first}0`})))`;
}

/**
 * Stripe's times are whole seconds, rounded down: within that second an entry comes after those that had to
 * be before it, such as the making of the link after which it was paid.
 */
function atMs(scope: Scope, { invoiceId, atMs }: NewTimelineEntry, id: SQL, nowMs: number): SQL {
  if (atMs === undefined || atMs % 1000 !== 0) return sql`${atMs ?? nowMs}`;
  return sql`(SELECT COALESCE(MAX(at_ms), ${atMs}) FROM invoice_timeline
    WHERE environment_id = ${scope.environmentId} AND invoice_id = ${invoiceId}
      AND at_ms >= ${atMs} AND at_ms < ${atMs + 1000} AND id < ${id})`;
}

/** A condition for `when`: the invoice has this status. */
export function invoiceIs(scope: Scope, invoiceId: string, status: string): SQL {
  return sql`EXISTS (SELECT 1 FROM invoices
    WHERE environment_id = ${scope.environmentId} AND id = ${invoiceId} AND status = ${status})`;
}
