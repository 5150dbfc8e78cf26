// Every table. A data table's key begins with environment_id, so that isolation, uniqueness and the usual
// look-up are one thing; the shipped SQL in migrations/ adds WITHOUT ROWID, which Drizzle cannot say.
// Times are integers in ms, amounts integers in minor units.

import { sql } from "drizzle-orm";
import { check, index, integer, primaryKey, sqliteTable, text, uniqueIndex } from "drizzle-orm/sqlite-core";

const timestamps = {
  createdAtMs: integer("created_at_ms").notNull(),
  updatedAtMs: integer("updated_at_ms").notNull(),
};

// The directory: who there is. Read by credential, before any scope is known.

export const tenants = sqliteTable("tenants", {
  id: text("id").primaryKey(),
  name: text("name").notNull(),
  ...timestamps,
});

export const environments = sqliteTable(
  "environments",
  {
    id: text("id").primaryKey(),
    tenantId: text("tenant_id").notNull(),
    name: text("name").notNull(),
    livemode: integer("livemode", { mode: "boolean" }).notNull(),
    ...timestamps,
  },
  (table) => [index("environments_by_tenant").on(table.tenantId, table.createdAtMs, table.id)],
);

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
    ...timestamps,
  },
  (table) => [
    primaryKey({ columns: [table.environmentId, table.id] }),
    uniqueIndex("api_keys_by_hash").on(table.keyHash),
    check("api_keys_role", sql`role IN ('admin', 'write', 'read')`),
  ],
);

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
    secretKeyHint: text("secret_key_hint").notNull(),
    publishableKey: text("publishable_key"),
    webhookEndpointId: text("webhook_endpoint_id"),
    accountId: text("account_id").notNull(),
    account: text("account", { mode: "json" }).$type<AccountState>().notNull(),
    syncConfig: text("sync_config", { mode: "json" }).$type<SyncConfig>().notNull(),
    disconnectedAtMs: integer("disconnected_at_ms"),
    ...timestamps,
  },
  (table) => [
    primaryKey({ columns: [table.environmentId, table.id] }),
    // One live connection an environment, held by the database itself.
    uniqueIndex("connections_one_live").on(table.environmentId).where(sql`disconnected_at_ms IS NULL`),
    check("connections_auth_type", sql`auth_type IN ('api_key', 'oauth')`),
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

export type SyncConfig = {
  customer: { inbound: boolean; outbound: boolean };
  invoice: { outbound: boolean };
  subscription: { inbound: boolean };
};

/** Every secret that can be opened again, of whatever owner: sealed, and findable by the key that sealed it. */
export const secrets = sqliteTable(
  "secrets",
  {
    environmentId: text("environment_id").notNull(),
    ownerId: text("owner_id").notNull(),
    field: text("field", { enum: ["secret_key", "webhook_secret", "signing_secret"] }).notNull(),
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
  ],
);

/** The first answer of each POST that carried an Idempotency-Key; sealed, since it may hold a new API key. */
export const idempotencyKeys = sqliteTable(
  "idempotency_keys",
  {
    /** The caller's environment, or `root`. */
    environmentId: text("environment_id").notNull(),
    key: text("key").notNull(),
    /** SHA-256 of method, path and body, hexadecimal. */
    fingerprint: text("fingerprint").notNull(),
    /** Null while the first call is still running. */
    responseStatus: integer("response_status"),
    sealedKeyId: text("sealed_key_id"),
    sealedIv: text("sealed_iv"),
    sealedBody: text("sealed_body"),
    createdAtMs: integer("created_at_ms").notNull(),
  },
  (table) => [
    primaryKey({ columns: [table.environmentId, table.key] }),
    index("idempotency_keys_by_age").on(table.createdAtMs),
  ],
);

export type Address = {
  line1?: string | null;
  line2?: string | null;
  city?: string | null;
  state?: string | null;
  postal_code?: string | null;
  country?: string | null;
};

export const customers = sqliteTable(
  "customers",
  {
    environmentId: text("environment_id").notNull(),
    id: text("id").notNull(),
    name: text("name").notNull(),
    email: text("email"),
    phone: text("phone"),
    address: text("address", { mode: "json" }).$type<Address>(),
    metadata: text("metadata", { mode: "json" }).$type<Record<string, string>>().notNull(),
    stripeCustomerId: text("stripe_customer_id"),
    syncStatus: text("sync_status", { enum: ["pending", "synced", "failed", "off"] }).notNull(),
    syncError: text("sync_error"),
    ...timestamps,
  },
  (table) => [
    primaryKey({ columns: [table.environmentId, table.id] }),
    index("customers_by_time").on(table.environmentId, table.createdAtMs, table.id),
    check("customers_sync_status", sql`sync_status IN ('pending', 'synced', 'failed', 'off')`),
  ],
);

export type InvoiceLine = { description: string; quantity: number; unitAmountMinor: number };

export const INVOICE_STATUSES = ["draft", "open", "paid", "void", "uncollectible"] as const;
export const PAYMENT_STATUSES = [
  "unpaid",
  "processing",
  "partially_paid",
  "paid",
  "overpaid",
  "partially_refunded",
  "refunded",
  "disputed",
] as const;

export const invoices = sqliteTable(
  "invoices",
  {
    environmentId: text("environment_id").notNull(),
    id: text("id").notNull(),
    number: text("number").notNull(),
    customerId: text("customer_id").notNull(),
    currency: text("currency").notNull(),
    lines: text("lines", { mode: "json" }).$type<InvoiceLine[]>().notNull(),
    amountDueMinor: integer("amount_due_minor").notNull(),
    amountPaidMinor: integer("amount_paid_minor").notNull().default(0),
    amountRefundedMinor: integer("amount_refunded_minor").notNull().default(0),
    amountDisputedMinor: integer("amount_disputed_minor").notNull().default(0),
    status: text("status", { enum: INVOICE_STATUSES }).notNull(),
    paymentStatus: text("payment_status", { enum: PAYMENT_STATUSES }).notNull(),
    sendEmail: integer("send_email", { mode: "boolean" }).notNull(),
    memo: text("memo"),
    metadata: text("metadata", { mode: "json" }).$type<Record<string, string>>().notNull(),
    dueAtMs: integer("due_at_ms"),
    finalizedAtMs: integer("finalized_at_ms"),
    paidAtMs: integer("paid_at_ms"),
    voidedAtMs: integer("voided_at_ms"),
    ...timestamps,
  },
  (table) => [
    primaryKey({ columns: [table.environmentId, table.id] }),
    index("invoices_by_time").on(table.environmentId, table.createdAtMs, table.id),
    index("invoices_by_customer").on(table.environmentId, table.customerId, table.createdAtMs),
    check("invoices_status", sql`status IN ('draft', 'open', 'paid', 'void', 'uncollectible')`),
    check("invoices_amount_due", sql`amount_due_minor >= 0`),
  ],
);

export const PAYMENT_LINK_STATUSES = ["pending", "active", "used", "inactive", "failed"] as const;

/** One row each link that an invoice has had; the greatest revision is the present one. */
export const paymentLinks = sqliteTable(
  "payment_links",
  {
    environmentId: text("environment_id").notNull(),
    invoiceId: text("invoice_id").notNull(),
    revision: integer("revision").notNull(),
    status: text("status", { enum: PAYMENT_LINK_STATUSES }).notNull(),
    /** Stripe's `plink_…` and its address; null until Stripe has made it. */
    stripePaymentLinkId: text("stripe_payment_link_id"),
    url: text("url"),
    error: text("error"),
    /** Part of the idempotency key: raised after a 5xx, which Stripe would replay for a day (PITFALLS 13). */
    keyGeneration: integer("key_generation").notNull().default(0),
    ...timestamps,
  },
  (table) => [
    primaryKey({ columns: [table.environmentId, table.invoiceId, table.revision] }),
    uniqueIndex("payment_links_by_stripe_id")
      .on(table.environmentId, table.stripePaymentLinkId)
      .where(sql`stripe_payment_link_id IS NOT NULL`),
    check("payment_links_status", sql`status IN ('pending', 'active', 'used', 'inactive', 'failed')`),
  ],
);

export const payments = sqliteTable(
  "payments",
  {
    environmentId: text("environment_id").notNull(),
    id: text("id").notNull(),
    providerPaymentId: text("provider_payment_id").notNull(),
    invoiceId: text("invoice_id").notNull(),
    customerId: text("customer_id").notNull(),
    amountMinor: integer("amount_minor").notNull(),
    currency: text("currency").notNull(),
    status: text("status", { enum: ["processing", "succeeded", "failed", "canceled"] }).notNull(),
    /** Which of two facts stands: the greater (payments/payment-state.ts). */
    stateOrder: integer("state_order").notNull(),
    failureCode: text("failure_code"),
    failureMessage: text("failure_message"),
    paymentMethodType: text("payment_method_type"),
    receiptUrl: text("receipt_url"),
    stripeChargeId: text("stripe_charge_id"),
    checkoutSessionId: text("checkout_session_id"),
    stripePaymentLinkId: text("stripe_payment_link_id"),
    occurredAtMs: integer("occurred_at_ms").notNull(),
    ...timestamps,
  },
  (table) => [
    primaryKey({ columns: [table.environmentId, table.id] }),
    index("payments_by_time").on(table.environmentId, table.createdAtMs, table.id),
    index("payments_by_invoice").on(table.environmentId, table.invoiceId),
    check("payments_status", sql`status IN ('processing', 'succeeded', 'failed', 'canceled')`),
  ],
);

export const WEBHOOK_EVENT_STATUSES = ["processed", "ignored", "failed", "dead"] as const;
export type EventChange = { object: string; id: string };

export const webhookEvents = sqliteTable(
  "webhook_events",
  {
    environmentId: text("environment_id").notNull(),
    stripeEventId: text("stripe_event_id").notNull(),
    connectionId: text("connection_id").notNull(),
    type: text("type").notNull(),
    apiVersion: text("api_version"),
    livemode: integer("livemode", { mode: "boolean" }).notNull(),
    account: text("account"),
    status: text("status", { enum: WEBHOOK_EVENT_STATUSES }).notNull(),
    reason: text("reason"),
    source: text("source", { enum: ["webhook", "reconciliation"] }).notNull(),
    /** The door's receipts of this event, so that a queue's redelivery is not counted as Stripe's. */
    deliveryIds: text("delivery_ids", { mode: "json" }).$type<string[]>().notNull(),
    attempts: integer("attempts").notNull(),
    error: text("error"),
    changes: text("changes", { mode: "json" }).$type<EventChange[]>().notNull(),
    invoiceId: text("invoice_id"),
    /** When Stripe made it, when the door took it in, when it was done with. */
    createdAtMs: integer("created_at_ms").notNull(),
    receivedAtMs: integer("received_at_ms").notNull(),
    processedAtMs: integer("processed_at_ms"),
    updatedAtMs: integer("updated_at_ms").notNull(),
  },
  (table) => [
    primaryKey({ columns: [table.environmentId, table.stripeEventId] }),
    index("webhook_events_by_time").on(table.environmentId, table.receivedAtMs, table.stripeEventId),
    index("webhook_events_by_invoice")
      .on(table.environmentId, table.invoiceId, table.receivedAtMs)
      .where(sql`invoice_id IS NOT NULL`),
    index("webhook_events_unfinished")
      .on(table.environmentId, table.status, table.receivedAtMs)
      .where(sql`status IN ('failed', 'dead')`),
    check("webhook_events_status", sql`status IN ('processed', 'ignored', 'failed', 'dead')`),
  ],
);

/** Payloads apart from their events: lists stay narrow, and a payload can go by age while its outcome stays. */
export const webhookPayloads = sqliteTable(
  "webhook_payloads",
  {
    environmentId: text("environment_id").notNull(),
    stripeEventId: text("stripe_event_id").notNull(),
    payload: text("payload").notNull(),
    receivedAtMs: integer("received_at_ms").notNull(),
  },
  (table) => [primaryKey({ columns: [table.environmentId, table.stripeEventId] })],
);

export const JOB_STATUSES = ["pending", "enqueued", "waiting", "dead"] as const;

/** The outbox: work written with its cause and then enqueued. A row goes when its work is done. */
export const jobs = sqliteTable(
  "jobs",
  {
    environmentId: text("environment_id").notNull(),
    /** Says what and for which object, so that the same work is never there twice. */
    id: text("id").notNull(),
    tenantId: text("tenant_id").notNull(),
    kind: text("kind").notNull(),
    /** The message for the queue, JSON: ids only. */
    message: text("message").notNull(),
    /** `waiting`: for the connection to heal. `dead`: gave up, and can be seen. */
    status: text("status", { enum: JOB_STATUSES }).notNull(),
    attempts: integer("attempts").notNull().default(0),
    error: text("error"),
    enqueuedAtMs: integer("enqueued_at_ms"),
    ...timestamps,
  },
  (table) => [
    primaryKey({ columns: [table.environmentId, table.id] }),
    index("jobs_to_sweep").on(table.status, table.updatedAtMs),
    check("jobs_status", sql`status IN ('pending', 'enqueued', 'waiting', 'dead')`),
  ],
);
