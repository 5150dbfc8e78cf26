// The ledger's part of the audit log as it is read; it is written by writeAudit alone, and nothing ever changes it.

import { desc } from "drizzle-orm";
import { type AuditLogPage, type AuditLogRow, onAuditPage } from "../platform/audit-page.ts";
import { auditLog } from "../platform/tables/calls.ts";
import type { Book } from "./book.ts";

/** Newest first; one more than the limit, when there are more. */
export function listAuditLog(book: Book, asked: AuditLogPage): AuditLogRow[] {
  return book.db
    .select()
    .from(auditLog)
    .where(onAuditPage(auditLog, asked))
    .orderBy(desc(auditLog.createdAtMs), desc(auditLog.id))
    .limit(asked.page.limit + 1)
    .all();
}
