// The directory: who there is, and what opens their connections. Read by credential, before any scope is known.

import { sql } from "drizzle-orm";
import { check, index, integer, primaryKey, sqliteTable, text, uniqueIndex } from "drizzle-orm/sqlite-core";
import * as z from "zod";
import type { Lost } from "../ledger/erasure/count-lost.ts";
import { JURISDICTIONS } from "../platform/scope.ts";
import { auditColumns } from "../platform/tables/calls.ts";
import { jsonColumn, texts } from "../platform/tables/json-column.ts";
import { timestamps } from "../platform/tables/timestamps.ts";

export const tenants = sqliteTable(
  "tenants",
  {
    id: text("id").primaryKey(),
    name: text("name").notNull(),
    ...timestamps,
  },
  (table) => [index("tenants_by_time").on(table.createdAtMs, table.id)],
);

/** What was lost with an environment, and sentences on what could not be undone at Stripe. */
export type Erasure = Lost & { notUndone: string[] };

const number = z.number().catch(0);

const erasure: z.ZodType<Erasure | null> = z
  .object({
    ...{ customers: number, invoices: number, payments: number, refunds: number, webhookEvents: number },
    payableLinks: z.object({ count: number, stripeIds: texts }).catch({ count: 0, stripeIds: [] }),
    notUndone: texts,
  })
  .nullable()
  .catch(null);

export const environments = sqliteTable(
  "environments",
  {
    id: text("id").primaryKey(),
    tenantId: text("tenant_id").notNull(),
    name: text("name").notNull(),
    livemode: integer("livemode", { mode: "boolean" }).notNull(),
    /** Where its ledger is kept, for good; null: anywhere. */
    jurisdiction: text("jurisdiction", { enum: JURISDICTIONS }),
    /** Erased for good: the row is kept, nothing else is. */
    erasedAtMs: integer("erased_at_ms"),
    erasure: jsonColumn<Erasure>("erasure", erasure),
    /** Its name in payment URLs (`paymentCode`); null where none was looked for since there are such. */
    paymentCode: text("payment_code"),
    ...timestamps,
  },
  (table) => [
    index("environments_by_tenant").on(table.tenantId, table.createdAtMs, table.id),
    index("environments_by_time").on(table.createdAtMs, table.id),
    uniqueIndex("environments_by_payment_code").on(table.paymentCode),
    check("environments_jurisdiction", sql`jurisdiction IN ('eu', 'fedramp')`),
  ],
);

const textsOrNull: z.ZodType<string[] | null> = z.array(z.string()).nullable().catch([]);

export const apiKeys = sqliteTable(
  "api_keys",
  {
    environmentId: text("environment_id").notNull(),
    id: text("id").notNull(),
    tenantId: text("tenant_id").notNull(),
    name: text("name").notNull(),
    role: text("role", { enum: ["admin", "write", "read"] }).notNull(),
    /** SHA-256 of the key, hexadecimal. The key itself is shown once and kept nowhere. */
    keyHash: text("key_hash").notNull(),
    keyHint: text("key_hint").notNull(),
    expiresAtMs: integer("expires_at_ms"),
    revokedAtMs: integer("revoked_at_ms"),
    lastUsedAtMs: integer("last_used_at_ms"),
    /** The key that made it, with which it ends; null: root did. */
    parentId: text("parent_id"),
    /** Which of its role's rights it has; null: all. */
    rights: jsonColumn<string[]>("rights", textsOrNull),
    /** Ranges from which alone it may be used; null: anywhere. */
    allowedAddresses: jsonColumn<string[]>("allowed_addresses", textsOrNull),
    ...timestamps,
  },
  (table) => [
    primaryKey({ columns: [table.environmentId, table.id] }),
    uniqueIndex("api_keys_by_hash").on(table.keyHash),
    index("api_keys_by_parent").on(table.environmentId, table.parentId).where(sql`parent_id IS NOT NULL`),
    check("api_keys_role", sql`role IN ('admin', 'write', 'read')`),
  ],
);

/** In the words of the partial index: only so does SQLite see that it serves. */
export const IS_BY_ROOT = sql`actor_kind = 'root'`;

/** Acts of root, and acts on what the directory holds. Those of no environment are kept under `root`. */
export const directoryAuditLog = sqliteTable(
  "audit_log",
  { environmentId: text("environment_id").notNull(), ...auditColumns },
  (table) => [
    primaryKey({ columns: [table.environmentId, table.id] }),
    index("audit_log_by_time").on(table.environmentId, table.createdAtMs, table.id),
    index("audit_log_of_root").on(table.createdAtMs, table.id).where(IS_BY_ROOT),
  ],
);
