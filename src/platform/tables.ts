// Every table. A data table's key begins with environment_id, so that isolation, uniqueness and the usual
// look-up are one thing; the shipped SQL in migrations/ adds WITHOUT ROWID, which Drizzle cannot say.
// Times are integers in ms, amounts integers in minor units.

import { sql } from "drizzle-orm";
import { check, index, integer, primaryKey, sqliteTable, text, uniqueIndex } from "drizzle-orm/sqlite-core";
import type Stripe from "stripe";

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
    /** Only what differs from the defaults (tenants/environment-settings.ts). */
    settings: text("settings", { mode: "json" }).$type<Record<string, unknown>>().notNull().default({}),
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
    /** What is wrong or half done with the endpoint at Stripe, in words; null when nothing is. */
    webhookDetail: text("webhook_detail"),
    accountId: text("account_id").notNull(),
    account: text("account", { mode: "json" }).$type<AccountState>().notNull(),
    /** The moment of which `account` tells. An event that is not newer does not change it. */
    accountAsOfMs: integer("account_as_of_ms").notNull(),
    /** When cron asks Stripe for the account again. */
    accountRefreshDueAtMs: integer("account_refresh_due_at_ms").notNull(),
    syncConfig: text("sync_config", { mode: "json" }).$type<SyncConfig>().notNull(),
    disconnectedAtMs: integer("disconnected_at_ms"),
    ...timestamps,
  },
  (table) => [
    primaryKey({ columns: [table.environmentId, table.id] }),
    // One live connection an environment, held by the database itself.
    uniqueIndex("connections_one_live").on(table.environmentId).where(sql`disconnected_at_ms IS NULL`),
    index("connections_to_refresh").on(table.accountRefreshDueAtMs).where(sql`disconnected_at_ms IS NULL`),
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
    index("secrets_expiring").on(table.expiresAtMs).where(sql`expires_at_ms IS NOT NULL`),
  ],
);

export type AuditValue = string | number | boolean | null;
export type AuditDetail = Record<string, AuditValue | { from: AuditValue; to: AuditValue }>;

/** Who did what, when and from where. Acts of no environment are kept under `root`. */
export const auditLog = sqliteTable(
  "audit_log",
  {
    environmentId: text("environment_id").notNull(),
    id: text("id").notNull(),
    tenantId: text("tenant_id").notNull(),
    actorKind: text("actor_kind", {
      enum: ["root", "api_key", "dashboard", "stripe", "queue", "cron"],
    }).notNull(),
    actorId: text("actor_id"),
    ip: text("ip"),
    action: text("action").notNull(),
    object: text("object").notNull(),
    objectId: text("object_id").notNull(),
    detail: text("detail", { mode: "json" }).$type<AuditDetail>().notNull(),
    createdAtMs: integer("created_at_ms").notNull(),
  },
  (table) => [
    primaryKey({ columns: [table.environmentId, table.id] }),
    index("audit_log_by_time").on(table.environmentId, table.createdAtMs, table.id),
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

/** What is kept in step with Stripe. */
export type StripeCustomerState = {
  name: string | null;
  email: string | null;
  phone: string | null;
  address: Address | null;
  /** The names of the metadata that we put there: those that are ours no more are taken away again. */
  pushedKeys: string[];
};

/** Frozen before the first try: the same idempotency key must never carry anything else (PITFALLS 13). */
export type StripeCreation = {
  accountId: string;
  /** Names this creation in its key, and says since when a customer of it may be at Stripe. */
  startedAtMs: number;
  /** Part of the key: raised after a 5xx, which Stripe would replay for a day. */
  keyGeneration: number;
  /** Null once the customer was deleted: it holds personal data. */
  request: Stripe.CustomerCreateParams | null;
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
    /** The personal data are erased then; the row stays, because its invoices are history. */
    deletedAtMs: integer("deleted_at_ms"),
    /** Raised by each change of what the platform or Stripe says of it. */
    revision: integer("revision").notNull().default(1),
    /** The account in which the Stripe customer lives: with another one connected, it counts as none. */
    stripeAccountId: text("stripe_account_id"),
    /** The moment of Stripe's latest state that was taken in, and that state: what differs from it is news. */
    stripeSeenAtMs: integer("stripe_seen_at_ms"),
    stripeState: text("stripe_state", { mode: "json" }).$type<StripeCustomerState>(),
    /** The creation at Stripe that was begun; null once its customer is stored. */
    stripeCreation: text("stripe_creation", { mode: "json" }).$type<StripeCreation>(),
    ...timestamps,
  },
  (table) => [
    primaryKey({ columns: [table.environmentId, table.id] }),
    index("customers_by_time").on(table.environmentId, table.createdAtMs, table.id),
    uniqueIndex("customers_by_stripe_id")
      .on(table.environmentId, table.stripeCustomerId)
      .where(sql`stripe_customer_id IS NOT NULL`),
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
export const LINK_DEACTIVATIONS = ["none", "pending", "done", "failed"] as const;
export const SWITCHED_OFF_REASONS = ["paid", "void", "uncollectible", "replaced", "disconnected"] as const;

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
    /** What Stripe is asked for, frozen before the first try: the same key must never carry anything else. */
    request: text("request", { mode: "json" }).$type<Stripe.PaymentLinkCreateParams>(),
    /** What the link asks the customer for, in minor units; null until the request is frozen. */
    amountMinor: integer("amount_minor"),
    /** The Stripe account that it was made in. */
    accountId: text("account_id"),
    /** Switching it off at Stripe: wanted, confirmed, or given up. */
    deactivation: text("deactivation", { enum: LINK_DEACTIVATIONS }).notNull().default("none"),
    deactivationError: text("deactivation_error"),
    switchedOffReason: text("switched_off_reason", { enum: SWITCHED_OFF_REASONS }),
    /** When Stripe confirmed that it is off. */
    deactivatedAtMs: integer("deactivated_at_ms"),
    /** When reconciliation last asked Stripe what became of it; null: never. */
    checkedAtMs: integer("checked_at_ms"),
    /** When reconciliation looks at it next; null: nothing can come of it any more, or it is not made yet. */
    nextCheckAtMs: integer("next_check_at_ms"),
    ...timestamps,
  },
  (table) => [
    primaryKey({ columns: [table.environmentId, table.invoiceId, table.revision] }),
    uniqueIndex("payment_links_by_stripe_id")
      .on(table.environmentId, table.stripePaymentLinkId)
      .where(sql`stripe_payment_link_id IS NOT NULL`),
    index("payment_links_to_check")
      .on(table.environmentId, table.nextCheckAtMs)
      .where(sql`next_check_at_ms IS NOT NULL`),
    check("payment_links_status", sql`status IN ('pending', 'active', 'used', 'inactive', 'failed')`),
    check("payment_links_deactivation", sql`deactivation IN ('none', 'pending', 'done', 'failed')`),
  ],
);

/** What caused an entry: an API key, a Stripe event, a job of the queue, the cron. */
export type TimelineCause = { kind: string; id: string | null };
export type TimelineDetail = Record<string, string | number | boolean | null>;

/** What happened to an invoice. The id is made of kind and cause, so that a repeat adds nothing. */
export const invoiceTimeline = sqliteTable(
  "invoice_timeline",
  {
    environmentId: text("environment_id").notNull(),
    invoiceId: text("invoice_id").notNull(),
    id: text("id").notNull(),
    atMs: integer("at_ms").notNull(),
    kind: text("kind").notNull(),
    causeKind: text("cause_kind").notNull(),
    causeId: text("cause_id"),
    detail: text("detail", { mode: "json" }).$type<TimelineDetail>().notNull(),
  },
  (table) => [primaryKey({ columns: [table.environmentId, table.invoiceId, table.id] })],
);

export const MAIL_KINDS = ["invoice", "receipt"] as const;
export const MAIL_STATUSES = ["pending", "sending", "sent", "unknown", "failed", "canceled"] as const;

/** A mail to a customer. Its id is its cause (mail/mail-cause.ts), so that a cause has one mail. */
export const mails = sqliteTable(
  "mails",
  {
    environmentId: text("environment_id").notNull(),
    id: text("id").notNull(),
    invoiceId: text("invoice_id").notNull(),
    kind: text("kind", { enum: MAIL_KINDS }).notNull(),
    recipient: text("recipient").notNull(),
    /** `sending`: the provider is being asked. `unknown`: it may have sent it. `canceled`: not wanted any more. */
    status: text("status", { enum: MAIL_STATUSES }).notNull(),
    /** Its content, frozen before the provider is asked; text and HTML go by age. */
    subject: text("subject"),
    text: text("text"),
    html: text("html"),
    /** The revision of the payment link that the content shows. */
    linkRevision: integer("link_revision"),
    provider: text("provider"),
    providerMessageId: text("provider_message_id"),
    error: text("error"),
    attempts: integer("attempts").notNull().default(0),
    /** An earlier try may have been taken although it was answered with a failure. */
    inDoubt: integer("in_doubt", { mode: "boolean" }).notNull().default(false),
    /** When the provider was asked last. */
    claimedAtMs: integer("claimed_at_ms"),
    sentAtMs: integer("sent_at_ms"),
    ...timestamps,
  },
  (table) => [
    primaryKey({ columns: [table.environmentId, table.id] }),
    index("mails_by_time").on(table.environmentId, table.createdAtMs, table.id),
    index("mails_with_content").on(table.createdAtMs).where(sql`html IS NOT NULL`),
    check("mails_kind", sql`kind IN ('invoice', 'receipt')`),
    check("mails_status", sql`status IN ('pending', 'sending', 'sent', 'unknown', 'failed', 'canceled')`),
  ],
);

export const payments = sqliteTable(
  "payments",
  {
    environmentId: text("environment_id").notNull(),
    id: text("id").notNull(),
    /** Stripe's intent, charge or session; null for a payment that came another way and was recorded by hand. */
    providerPaymentId: text("provider_payment_id"),
    /** What the platform calls a payment that it recorded by hand; null for Stripe's. */
    reference: text("reference"),
    invoiceId: text("invoice_id").notNull(),
    customerId: text("customer_id").notNull(),
    amountMinor: integer("amount_minor").notNull(),
    currency: text("currency").notNull(),
    status: text("status", { enum: ["processing", "succeeded", "failed", "canceled"] }).notNull(),
    /** Which of two facts stands: the greater (payments/payment-state.ts). */
    stateOrder: integer("state_order").notNull(),
    /** The newest known reason of a failure, kept while the payer tries again; null once it succeeded. */
    failureCode: text("failure_code"),
    failureMessage: text("failure_message"),
    /** The state order of the fact that told the reason; null where none is known. */
    failureOrder: integer("failure_order"),
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
    // Disputes, and refunds of older API versions, name the charge alone.
    index("payments_by_charge")
      .on(table.environmentId, table.stripeChargeId)
      .where(sql`stripe_charge_id IS NOT NULL`),
    index("payments_by_session")
      .on(table.environmentId, table.checkoutSessionId)
      .where(sql`checkout_session_id IS NOT NULL`),
    check("payments_status", sql`status IN ('processing', 'succeeded', 'failed', 'canceled')`),
  ],
);

export const REFUND_STATUSES = ["pending", "requires_action", "succeeded", "failed", "canceled"] as const;

export const refunds = sqliteTable(
  "refunds",
  {
    environmentId: text("environment_id").notNull(),
    id: text("id").notNull(),
    /** Null until Stripe has confirmed a refund that was asked for here. */
    stripeRefundId: text("stripe_refund_id"),
    paymentId: text("payment_id").notNull(),
    invoiceId: text("invoice_id").notNull(),
    amountMinor: integer("amount_minor").notNull(),
    currency: text("currency").notNull(),
    status: text("status", { enum: REFUND_STATUSES }).notNull(),
    stateOrder: integer("state_order").notNull(),
    reason: text("reason"),
    failureReason: text("failure_reason"),
    /** Part of the idempotency key: raised after a 5xx, which Stripe would replay for a day (PITFALLS 13). */
    keyGeneration: integer("key_generation").notNull().default(0),
    occurredAtMs: integer("occurred_at_ms").notNull(),
    ...timestamps,
  },
  (table) => [
    primaryKey({ columns: [table.environmentId, table.id] }),
    index("refunds_by_time").on(table.environmentId, table.createdAtMs, table.id),
    index("refunds_by_payment").on(table.environmentId, table.paymentId),
    uniqueIndex("refunds_by_stripe_id")
      .on(table.environmentId, table.stripeRefundId)
      .where(sql`stripe_refund_id IS NOT NULL`),
    check("refunds_status", sql`status IN ('pending', 'requires_action', 'succeeded', 'failed', 'canceled')`),
    check("refunds_amount", sql`amount_minor >= 0`),
  ],
);

export const DISPUTE_STATUSES = [
  "warning_needs_response",
  "warning_under_review",
  "warning_closed",
  "needs_response",
  "under_review",
  "appeal_needs_response",
  "appeal_under_review",
  "won",
  "lost",
  "prevented",
] as const;

/**
 * In these states the payer's bank has the money. An inquiry (`warning_*`) takes none, and its payment may
 * still be refunded (https://docs.stripe.com/disputes/how-disputes-work).
 */
export const DISPUTES_HOLDING_MONEY = [
  "needs_response",
  "under_review",
  "appeal_needs_response",
  "appeal_under_review",
  "lost",
] as const satisfies readonly (typeof DISPUTE_STATUSES)[number][];

export const disputes = sqliteTable(
  "disputes",
  {
    environmentId: text("environment_id").notNull(),
    id: text("id").notNull(),
    stripeDisputeId: text("stripe_dispute_id").notNull(),
    paymentId: text("payment_id").notNull(),
    invoiceId: text("invoice_id").notNull(),
    amountMinor: integer("amount_minor").notNull(),
    currency: text("currency").notNull(),
    status: text("status", { enum: DISPUTE_STATUSES }).notNull(),
    stateOrder: integer("state_order").notNull(),
    reason: text("reason"),
    evidenceDueAtMs: integer("evidence_due_at_ms"),
    occurredAtMs: integer("occurred_at_ms").notNull(),
    ...timestamps,
  },
  (table) => [
    primaryKey({ columns: [table.environmentId, table.id] }),
    index("disputes_by_time").on(table.environmentId, table.createdAtMs, table.id),
    index("disputes_by_payment").on(table.environmentId, table.paymentId),
    check(
      "disputes_status",
      sql`status IN ('warning_needs_response', 'warning_under_review', 'warning_closed', 'needs_response',
        'under_review', 'appeal_needs_response', 'appeal_under_review', 'won', 'lost', 'prevented')`,
    ),
  ],
);

export type SubscriptionItem = {
  subscriptionItemId: string | null;
  priceId: string | null;
  productId: string | null;
  /** Null for metered prices. */
  quantity: number | null;
  /** Null where the price has tiers or fractions of a minor unit. */
  unitAmountMinor: number | null;
  currency: string | null;
  /** `day`, `week`, `month` or `year`, and how many of them. */
  interval: string | null;
  intervalCount: number | null;
};
export type PauseCollection = { behavior: string; resumesAtMs: number | null };

/** The mirror of Stripe's subscriptions, under Stripe's own ids; statuses are Stripe's words. */
export const subscriptions = sqliteTable(
  "subscriptions",
  {
    environmentId: text("environment_id").notNull(),
    id: text("id").notNull(),
    /** Ours; null where Stripe's customer is none of ours. */
    customerId: text("customer_id"),
    stripeCustomerId: text("stripe_customer_id"),
    status: text("status").notNull(),
    items: text("items", { mode: "json" }).$type<SubscriptionItem[]>().notNull(),
    currentPeriodStartMs: integer("current_period_start_ms"),
    currentPeriodEndMs: integer("current_period_end_ms"),
    cancelAtPeriodEnd: integer("cancel_at_period_end", { mode: "boolean" }).notNull(),
    cancelAtMs: integer("cancel_at_ms"),
    canceledAtMs: integer("canceled_at_ms"),
    endedAtMs: integer("ended_at_ms"),
    trialEndMs: integer("trial_end_ms"),
    pauseCollection: text("pause_collection", { mode: "json" }).$type<PauseCollection>(),
    metadata: text("metadata", { mode: "json" }).$type<Record<string, string>>().notNull(),
    /** The moment whose state the row shows: an event's second, or when Stripe was asked. */
    snapshotAtMs: integer("snapshot_at_ms").notNull(),
    /** Counts the writes: of two that read the same one, only the first may write. */
    revision: integer("revision").notNull(),
    ...timestamps,
  },
  (table) => [
    primaryKey({ columns: [table.environmentId, table.id] }),
    index("subscriptions_by_time").on(table.environmentId, table.createdAtMs, table.id),
    index("subscriptions_by_customer")
      .on(table.environmentId, table.customerId, table.createdAtMs, table.id)
      .where(sql`customer_id IS NOT NULL`),
  ],
);

export const CHECKOUT_MODES = ["payment", "subscription", "setup"] as const;
export const CHECKOUT_STATUSES = ["open", "complete", "expired"] as const;
export const CHECKOUT_PAYMENT_STATUSES = ["paid", "unpaid", "no_payment_required"] as const;

/** Checkout sessions that belong to no invoice, under Stripe's own ids: a thank-you page is given them. */
export const checkoutSessions = sqliteTable(
  "checkout_sessions",
  {
    environmentId: text("environment_id").notNull(),
    id: text("id").notNull(),
    mode: text("mode", { enum: CHECKOUT_MODES }).notNull(),
    status: text("status", { enum: CHECKOUT_STATUSES }).notNull(),
    paymentStatus: text("payment_status", { enum: CHECKOUT_PAYMENT_STATUSES }).notNull(),
    /** Ours; null where the caller named nobody. */
    customerId: text("customer_id"),
    stripeCustomerId: text("stripe_customer_id"),
    /** Stripe's page; null once the session is not open any more. */
    url: text("url"),
    /** What is due at the checkout; null in mode setup. */
    amountTotalMinor: integer("amount_total_minor"),
    currency: text("currency"),
    clientReferenceId: text("client_reference_id"),
    /** The caller's own, without the keys that we add at Stripe. */
    metadata: text("metadata", { mode: "json" }).$type<Record<string, string>>().notNull(),
    successUrl: text("success_url"),
    cancelUrl: text("cancel_url"),
    subscriptionId: text("subscription_id"),
    stripePaymentIntentId: text("stripe_payment_intent_id"),
    expiresAtMs: integer("expires_at_ms"),
    completedAtMs: integer("completed_at_ms"),
    ...timestamps,
  },
  (table) => [
    primaryKey({ columns: [table.environmentId, table.id] }),
    // A refund or dispute names the intent: that it is no invoice's is known by the session.
    index("checkout_sessions_by_intent")
      .on(table.environmentId, table.stripePaymentIntentId)
      .where(sql`stripe_payment_intent_id IS NOT NULL`),
    check("checkout_sessions_mode", sql`mode IN ('payment', 'subscription', 'setup')`),
    check("checkout_sessions_status", sql`status IN ('open', 'complete', 'expired')`),
    check(
      "checkout_sessions_payment_status",
      sql`payment_status IN ('paid', 'unpaid', 'no_payment_required')`,
    ),
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
    /** The payment (Stripe's intent or charge) that was not known yet: once it is, the event is read again. */
    waitsFor: text("waits_for"),
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
    // Seen while the connection was off or gone: looked up when it, or one to the same account, works again.
    index("webhook_events_set_aside")
      .on(table.environmentId, table.connectionId, table.receivedAtMs)
      .where(sql`status = 'ignored' AND reason IN ('connection_disabled', 'connection_disconnected')`),
    index("webhook_events_waiting").on(table.environmentId, table.waitsFor).where(sql`waits_for IS NOT NULL`),
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
    /** Found past its age by a run that may not forget it yet: no run looks at it again until its event is done. */
    isKept: integer("is_kept", { mode: "boolean" }).notNull().default(false),
  },
  (table) => [
    primaryKey({ columns: [table.environmentId, table.stripeEventId] }),
    index("webhook_payloads_to_forget").on(table.receivedAtMs).where(sql`is_kept = 0`),
  ],
);

/** What statistics count: the first are events, the last three money, of one currency each. */
export const STAT_METRICS = [
  "events_received",
  "events_processed",
  "events_ignored",
  "events_failed",
  "events_dead",
  "payments_paid",
  "payments_failed",
  "refunds",
] as const;

/** Counts and sums by hour, written in the commit of what they count. */
export const hourlyStats = sqliteTable(
  "hourly_stats",
  {
    environmentId: text("environment_id").notNull(),
    /** When the hour begins. */
    hourMs: integer("hour_ms").notNull(),
    metric: text("metric", { enum: STAT_METRICS }).notNull(),
    /** Empty where it is not about money. */
    currency: text("currency").notNull(),
    count: integer("count").notNull(),
    /** Money in minor units; of processed events the time since Stripe made them, in ms. */
    sum: integer("sum").notNull(),
    /** The greatest single time since Stripe made an event, in ms; 0 for all else. */
    max: integer("max").notNull(),
  },
  (table) => [primaryKey({ columns: [table.environmentId, table.hourMs, table.metric, table.currency] })],
);

/** How far a connection's events were fetched from Stripe, and the run that is under way. */
export const reconciliations = sqliteTable(
  "reconciliations",
  {
    environmentId: text("environment_id").notNull(),
    connectionId: text("connection_id").notNull(),
    /** Every event that Stripe made before this is taken in. */
    cursorMs: integer("cursor_ms").notNull(),
    /** The run under way: what it is at, the time up to which it reads, and the last object that it has seen. */
    phase: text("phase", { enum: ["events", "undelivered", "links"] }),
    runFromMs: integer("run_from_ms"),
    runToMs: integer("run_to_ms"),
    pageAfter: text("page_after"),
    /** Held by the run that works at present; another one waits until it has passed. */
    leaseUntilMs: integer("lease_until_ms").notNull().default(0),
    nextRunAtMs: integer("next_run_at_ms").notNull(),
    startedAtMs: integer("started_at_ms"),
    finishedAtMs: integer("finished_at_ms"),
    /** Of the run under way, or of the last one. */
    eventsSeen: integer("events_seen").notNull().default(0),
    eventsMissed: integer("events_missed").notNull().default(0),
    linksChecked: integer("links_checked").notNull().default(0),
    /** Links with a payment or an end that no event had told of. */
    linksMissed: integer("links_missed").notNull().default(0),
    /** When a run last found something that no webhook had brought, and how much that run found. */
    missedAtMs: integer("missed_at_ms"),
    missedCount: integer("missed_count").notNull().default(0),
    ...timestamps,
  },
  (table) => [
    primaryKey({ columns: [table.environmentId, table.connectionId] }),
    index("reconciliations_due").on(table.nextRunAtMs),
  ],
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

/** Where an environment's messages go. Their signing secrets are in `secrets`. */
export const eventDestinations = sqliteTable(
  "event_destinations",
  {
    environmentId: text("environment_id").notNull(),
    id: text("id").notNull(),
    tenantId: text("tenant_id").notNull(),
    url: text("url").notNull(),
    /** Null: every type, those to come as well. */
    eventTypes: text("event_types", { mode: "json" }).$type<string[]>(),
    description: text("description"),
    isActive: integer("is_active", { mode: "boolean" }).notNull(),
    /** Why we switched it off; null where a person did. */
    disabledReason: text("disabled_reason"),
    /** The first failure since the last success; null while it takes what it gets. */
    failingSinceMs: integer("failing_since_ms"),
    ...timestamps,
  },
  (table) => [
    primaryKey({ columns: [table.environmentId, table.id] }),
    index("event_destinations_by_time").on(table.environmentId, table.createdAtMs, table.id),
  ],
);

/** What the platform is to be told of: written in the commit of its cause. */
export const notifications = sqliteTable(
  "notifications",
  {
    environmentId: text("environment_id").notNull(),
    /** Type and cause, so that one cause is announced once. */
    id: text("id").notNull(),
    tenantId: text("tenant_id").notNull(),
    type: text("type").notNull(),
    objectKind: text("object_kind").notNull(),
    objectId: text("object_id").notNull(),
    /** The message as it goes out, made once: each retry sends the same bytes. Null until it is fanned out. */
    body: text("body"),
    /** When the sweep takes it up; null once it is fanned out, or has failed for good. */
    sweepAtMs: integer("sweep_at_ms"),
    error: text("error"),
    ...timestamps,
  },
  (table) => [
    primaryKey({ columns: [table.environmentId, table.id] }),
    index("notifications_to_sweep").on(table.sweepAtMs).where(sql`sweep_at_ms IS NOT NULL`),
    index("notifications_with_body").on(table.createdAtMs).where(sql`body IS NOT NULL`),
    // Those that could not be fanned out: few, and looked up when a destination is recovered.
    index("notifications_with_error")
      .on(table.environmentId, table.createdAtMs)
      .where(sql`error IS NOT NULL`),
  ],
);

export const DELIVERY_STATUSES = ["pending", "succeeded", "failed"] as const;

/** One message to one destination. */
export const deliveries = sqliteTable(
  "deliveries",
  {
    environmentId: text("environment_id").notNull(),
    id: text("id").notNull(),
    tenantId: text("tenant_id").notNull(),
    destinationId: text("destination_id").notNull(),
    notificationId: text("notification_id").notNull(),
    /** The `webhook-id`, the same at each try. */
    messageId: text("message_id").notNull(),
    type: text("type").notNull(),
    status: text("status", { enum: DELIVERY_STATUSES }).notNull(),
    /** How often it was tried in all; the number of the present try while one is under way. */
    attempts: integer("attempts").notNull(),
    /** How many steps of the schedule are behind it; a retry by hand begins anew. */
    step: integer("step").notNull(),
    /** While a try is under way: when it must have ended. */
    nextAttemptAtMs: integer("next_attempt_at_ms"),
    /** When the sweep enqueues it (again); null once it has ended. */
    sweepAtMs: integer("sweep_at_ms"),
    /** Of the last try: the HTTP status, how long it took, what went wrong. */
    responseStatus: integer("response_status"),
    durationMs: integer("duration_ms"),
    error: text("error"),
    succeededAtMs: integer("succeeded_at_ms"),
    ...timestamps,
  },
  (table) => [
    primaryKey({ columns: [table.environmentId, table.id] }),
    index("deliveries_by_destination").on(
      table.environmentId,
      table.destinationId,
      table.createdAtMs,
      table.id,
    ),
    index("deliveries_to_sweep").on(table.sweepAtMs).where(sql`sweep_at_ms IS NOT NULL`),
    check("deliveries_status", sql`status IN ('pending', 'succeeded', 'failed')`),
  ],
);

/** Each try of a delivery. */
export const deliveryAttempts = sqliteTable(
  "delivery_attempts",
  {
    environmentId: text("environment_id").notNull(),
    deliveryId: text("delivery_id").notNull(),
    attempt: integer("attempt").notNull(),
    /** Null where there was no answer. */
    responseStatus: integer("response_status"),
    /** The first 1,024 bytes of the answer. */
    response: text("response"),
    durationMs: integer("duration_ms").notNull(),
    error: text("error"),
    attemptedAtMs: integer("attempted_at_ms").notNull(),
  },
  (table) => [
    primaryKey({ columns: [table.environmentId, table.deliveryId, table.attempt] }),
    index("delivery_attempts_with_response").on(table.attemptedAtMs).where(sql`response IS NOT NULL`),
  ],
);
