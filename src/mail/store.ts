// All SQL on mails, but for the statements that write one with its cause (invoices/).

import { and, desc, eq, getTableColumns, sql } from "drizzle-orm";
import type { PageRequest } from "../http/list.ts";
import { onDatabase } from "../platform/commit.ts";
import type { Deps, Scope } from "../platform/deps.ts";
import { eachEnvironment } from "../platform/each-environment.ts";
import { afterPosition } from "../platform/paging.ts";
import { forgetInRounds, retainedSinceMs } from "../platform/retention.ts";
import { type MAIL_STATUSES, mails } from "../platform/tables/mails.ts";

export type MailRow = typeof mails.$inferSelect;
export type MailStatus = (typeof MAIL_STATUSES)[number];
/** A mail without its content: for lists. */
export type MailSummary = Omit<MailRow, "text" | "html">;

export async function findMail(deps: Deps, scope: Scope, id: string): Promise<MailRow | undefined> {
  return onDatabase(() => deps.database(scope).select().from(mails).where(mailIn(scope, id)).get());
}

export async function listMails(
  deps: Deps,
  scope: Scope,
  filter: { status?: MailStatus | undefined; invoiceId?: string | undefined },
  page: PageRequest,
): Promise<MailSummary[]> {
  const { text: _text, html: _html, ...columns } = getTableColumns(mails);
  const query = deps
    .database(scope)
    .select(columns)
    .from(mails)
    .where(
      and(
        eq(mails.environmentId, scope.environmentId),
        filter.status === undefined ? undefined : eq(mails.status, filter.status),
        // Ids begin with the invoice's: a range on the key. `0` follows `/`.
        filter.invoiceId === undefined
          ? undefined
          : sql`${mails.id} >= ${`${filter.invoiceId}/`} AND ${mails.id} < ${`${filter.invoiceId}0`}`,
        afterPosition(page.after, mails.createdAtMs, mails.id),
      ),
    )
    .orderBy(desc(mails.createdAtMs), desc(mails.id))
    .limit(page.limit + 1);
  return onDatabase(() => query.all());
}

/**
 * Forgets the content of old mails, which repeats what the invoice says; what was sent, to whom and when stays.
 * One that has not ended keeps it: a try in doubt is repeated with the same content. Called by cron.
 * @returns how many went
 */
export function forgetOldMailContent(deps: Deps): Promise<number> {
  return eachEnvironment(deps, (scope) => forgetOfOne(deps, scope));
}

function forgetOfOne(deps: Deps, scope: Scope): Promise<number> {
  return forgetInRounds(async (limit) => {
    const old = sql`(environment_id, id) IN (SELECT environment_id, id FROM ${mails}
      WHERE html IS NOT NULL AND created_at_ms < ${retainedSinceMs(deps)}
        AND status NOT IN ('pending', 'sending')
      ORDER BY created_at_ms LIMIT ${limit})`;
    const query = deps
      .database(scope)
      .update(mails)
      .set({ text: null, html: null })
      .where(old)
      .returning({ id: mails.id });
    return (await onDatabase(() => query)).length;
  });
}

function mailIn(scope: Scope, id: string) {
  return and(eq(mails.environmentId, scope.environmentId), eq(mails.id, id));
}
