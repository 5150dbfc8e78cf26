// The directory's tables of connections: what is tied to which Stripe account, and what opens it.

import { sql } from "drizzle-orm";
import { check, index, integer, primaryKey, sqliteTable, text, uniqueIndex } from "drizzle-orm/sqlite-core";
import * as z from "zod";
import { JURISDICTIONS } from "../platform/scope.ts";
import { syncConfig } from "../platform/sync-config.ts";
import { jsonColumn, listOfObjects, objectOrEmpty, orNull, texts } from "../platform/tables/json-column.ts";
import { timestamps } from "../platform/tables/timestamps.ts";

const orZero = z.number().catch(0);
const isTrue = z.boolean().catch(false);

const account: z.ZodType<AccountState> = objectOrEmpty<object>().pipe(
  z.object({
    id: z.string().catch(""),
    ...{ displayName: orNull.text, country: orNull.text, defaultCurrency: orNull.text },
    ...{ chargesEnabled: isTrue, payoutsEnabled: isTrue, detailsSubmitted: isTrue },
    requirements: texts,
    disabledReason: orNull.text,
  }),
);

/** Counts by the hour, so that those of the last 24 hours are known. */
export type Refused = {
  hours: { hour: number; count: number }[];
  lastAtMs: number;
  lastReason: string;
  /** When it was last written, ms: once a minute at the most. */
  notedAtMs: number;
};

export const refusedCounts: z.ZodType<Refused | null> = z
  .object({
    hours: listOfObjects(z.object({ hour: orZero, count: orZero })),
    ...{ lastAtMs: orZero, lastReason: z.string().catch(""), notedAtMs: orZero },
  })
  .nullable()
  .catch(null);

export const connections = sqliteTable(
  "connections",
  {
    environmentId: text("environment_id").notNull(),
    id: text("id").notNull(),
    tenantId: text("tenant_id").notNull(),
    name: text("name").notNull(),
    provider: text("provider", { enum: ["stripe"] }).notNull(),
    authType: text("auth_type", { enum: ["api_key", "oauth"] }).notNull(),
    livemode: integer("livemode", { mode: "boolean" }).notNull(),
    isActive: integer("is_active", { mode: "boolean" }).notNull(),
    /** What Stripe said when it refused the key; null while it takes it. */
    errorDetail: text("error_detail"),
    /** Empty where the connection has no key of its own. */
    secretKeyHint: text("secret_key_hint").notNull(),
    publishableKey: text("publishable_key"),
    webhookEndpointId: text("webhook_endpoint_id"),
    /** What is wrong or half done with the endpoint at Stripe, in words; null when nothing is. */
    webhookDetail: text("webhook_detail"),
    accountId: text("account_id").notNull(),
    account: jsonColumn("account", account).notNull(),
    /** The moment of which `account` tells. An event that is not newer does not change it. */
    accountAsOfMs: integer("account_as_of_ms").notNull(),
    /** When cron asks Stripe for the account again. */
    accountRefreshDueAtMs: integer("account_refresh_due_at_ms").notNull(),
    syncConfig: jsonColumn("sync_config", syncConfig).notNull(),
    disconnectedAtMs: integer("disconnected_at_ms"),
    /** The environment's, so that whoever found the connection knows where the ledger is. */
    jurisdiction: text("jurisdiction", { enum: JURISDICTIONS }),
    /** Counts the changes, so that the ledger's copy is never replaced by an older one. */
    revision: integer("revision").notNull().default(1),
    ...timestamps,
    /** What its restricted key may not do, by the names of Stripe's refusals; null where nobody has looked. */
    missingPermissions: jsonColumn<string[]>("missing_permissions", texts),
    /** Webhooks that the door has refused; null for none. */
    refused: jsonColumn<Refused>("refused", refusedCounts),
    /** Since when webhooks are refused; null while none are. */
    refusedSinceMs: integer("refused_since_ms"),
  },
  (table) => [
    primaryKey({ columns: [table.environmentId, table.id] }),
    // One live connection an environment, held by the database itself.
    uniqueIndex("connections_one_live").on(table.environmentId).where(sql`disconnected_at_ms IS NULL`),
    index("connections_to_refresh").on(table.accountRefreshDueAtMs).where(sql`disconnected_at_ms IS NULL`),
    index("connections_in_error")
      .on(table.environmentId)
      .where(sql`error_detail IS NOT NULL AND disconnected_at_ms IS NULL`),
    index("connections_refusing").on(table.refusedSinceMs).where(sql`refused_since_ms IS NOT NULL`),
    // Stripe has one grant for an account and mode: two environments with it would end one another's.
    uniqueIndex("connections_one_grant")
      .on(table.accountId, table.livemode)
      .where(sql`auth_type = 'oauth' AND disconnected_at_ms IS NULL`),
    index("connections_by_account")
      .on(table.accountId, table.livemode)
      .where(sql`disconnected_at_ms IS NULL`),
    check("connections_auth_type", sql`auth_type IN ('api_key', 'oauth')`),
  ],
);

/** Flows of Stripe Connect that were begun. A state serves once, within ten minutes, and is kept as its SHA-256. */
export const connectStates = sqliteTable(
  "connect_states",
  {
    stateHash: text("state_hash").primaryKey(),
    tenantId: text("tenant_id").notNull(),
    environmentId: text("environment_id").notNull(),
    livemode: integer("livemode", { mode: "boolean" }).notNull(),
    begunBy: text("begun_by", { enum: ["api_key", "dashboard"] }).notNull(),
    /** The key that began it, or that of the session. */
    apiKeyId: text("api_key_id").notNull(),
    /** SHA-256 of the cookie of the browser that began it, which has to end it; null: the API began it. */
    browserHash: text("browser_hash"),
    name: text("name").notNull(),
    returnUrl: text("return_url").notNull(),
    expiresAtMs: integer("expires_at_ms").notNull(),
    usedAtMs: integer("used_at_ms"),
    createdAtMs: integer("created_at_ms").notNull(),
  },
  (table) => [
    index("connect_states_by_environment").on(table.environmentId),
    index("connect_states_expiring").on(table.expiresAtMs),
    check("connect_states_begun_by", sql`begun_by IN ('api_key', 'dashboard')`),
  ],
);

/** What is kept of a Stripe account: whether it may charge and pay out, and what Stripe still asks for. */
export type AccountState = {
  id: string;
  displayName: string | null;
  country: string | null;
  /** ISO 4217, upper case. */
  defaultCurrency: string | null;
  chargesEnabled: boolean;
  payoutsEnabled: boolean;
  detailsSubmitted: boolean;
  /** Stripe's names of what is due now, e.g. `external_account`. */
  requirements: string[];
  disabledReason: string | null;
};

/** Every secret that can be opened again, of whatever owner: sealed, and findable by the key that sealed it. */
export const secrets = sqliteTable(
  "secrets",
  {
    environmentId: text("environment_id").notNull(),
    ownerId: text("owner_id").notNull(),
    field: text("field", {
      enum: ["secret_key", "webhook_secret", "thin_webhook_secret", "signing_secret"],
    }).notNull(),
    /** Counts up with each new value; the greatest is the present one. */
    version: integer("version").notNull(),
    tenantId: text("tenant_id").notNull(),
    keyId: text("key_id").notNull(),
    iv: text("iv").notNull(),
    ciphertext: text("ciphertext").notNull(),
    /** When a replaced value stops being valid; null for the present one. */
    expiresAtMs: integer("expires_at_ms"),
    createdAtMs: integer("created_at_ms").notNull(),
  },
  (table) => [
    primaryKey({ columns: [table.environmentId, table.ownerId, table.field, table.version] }),
    index("secrets_by_key").on(table.keyId),
    index("secrets_unbound")
      .on(table.environmentId, table.ownerId, table.field, table.version)
      .where(sql`substr(ciphertext, 1, 2) <> '2.'`),
    index("secrets_expiring").on(table.expiresAtMs).where(sql`expires_at_ms IS NOT NULL`),
  ],
);

/** What the ledger is to be told of a connection, written with its change; each goes once the ledger has it. */
export const connectionNotices = sqliteTable(
  "connection_notices",
  {
    environmentId: text("environment_id").notNull(),
    /** The notification's own id: type and cause. */
    id: text("id").notNull(),
    tenantId: text("tenant_id").notNull(),
    /** `ledger.behind` is for the ledger alone: its copy may be another than the directory's. */
    type: text("type", {
      enum: ["connection.updated", "connection.webhooks_refused", "connection.disconnected", "ledger.behind"],
    }).notNull(),
    /** The connection's id. */
    objectId: text("object_id").notNull(),
    createdAtMs: integer("created_at_ms").notNull(),
  },
  (table) => [primaryKey({ columns: [table.environmentId, table.id] })],
);
