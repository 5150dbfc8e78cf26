// Every column of text in the databases, and whose words can come to stand in it. What it says is held against the
// databases of the hostile world: see read-columns.ts.

/** Columns by their tables; of JSON that always has the same names, its parts: `account.displayName`. */
export type Columns = Readonly<Record<string, string>>;
export type Whose = Readonly<Record<"strangers" | "ours" | "unshown", Columns>>;

const CALLS = "id tenant_id actor_kind ip action object object_id";
const SEALED = "key fingerprint sealed_key_id sealed_iv sealed_body";

/**
 * `strangers`: what a person, a bank, Stripe or another program has written: the world has markup in each of them.
 * `ours`: ids, states, sentences of ours, and what is held to a form that leaves no room for markup: none has any.
 * `unshown`: no page shows it, whatever is in it.
 */
export const LEDGER: Whose = {
  strangers: {
    audit_log: "actor_id actor_name detail",
    checkout_sessions: "client_reference_id metadata success_url cancel_url",
    customers: "name email phone address metadata sync_error",
    customer_runs: "error",
    deliveries: "log.response",
    disputes: "reason",
    environment: "settings.success_message",
    event_destinations: "url description",
    held_addresses: "reason",
    invoice_timeline: "cause_id cause_name detail",
    invoices: "number lines memo metadata",
    mails: "subject text html error provider_message_id",
    outbox: "error",
    payment_links: "error deactivation_error",
    payments: "reference failure_code failure_message payment_method_type receipt_url",
    reconciliations: "link_error",
    refunds: "reason failure_reason method reference",
    subscription_invoices: "number billing_reason hosted_invoice_url invoice_pdf",
    subscriptions: "status pause_collection metadata",
    webhook_events: "type api_version error payload",
  },
  ours: {
    __miniflare_do_name: "name",
    audit_log: CALLS,
    checkout_sessions:
      "id url mode status payment_status customer_id stripe_customer_id currency subscription_id stripe_payment_intent_id stripe_invoice_id",
    connection: "id account_id sync_config",
    customer_runs: "kind connection_id status phase page_after skipped",
    customers: "id stripe_customer_id sync_status stripe_account_id",
    deliveries: "destination_id type message_key message_id status error log.error",
    disputes: "id stripe_dispute_id payment_id invoice_id currency status",
    environment:
      "tenant_id environment_id jurisdiction planned_up_to budgets settings.success_redirect_url settings.allowed_origins settings.payment_method_types settings.allow_promotion_codes settings.automatic_tax settings.tax_id_collection settings.billing_address_collection settings.customer_creation settings.statement_descriptor settings.locale settings.replace_switched_off_links settings.link_customers_by_email settings.customer_field_owner settings.time_zone settings.send_email settings.reminders settings.send_receipts settings.email_from_name settings.email_reply_to",
    event_destinations: "id tenant_id event_types disabled_reason",
    held_addresses: "address why mail_id",
    past_money_hours: "currency",
    currency_counts: "currency",
    invoice_event_times: "invoice_id",
    invoice_timeline: "invoice_id id kind cause_kind",
    invoices: "id customer_id currency status payment_status payment_token",
    mail_counts: "name",
    mails: "id invoice_id payment_id kind recipient status provider",
    outbox: "id kind subject status",
    payment_links:
      "invoice_id status stripe_payment_link_id url account_id deactivation switched_off_reason off_at_stripe",
    payments:
      "id provider_payment_id source invoice_id customer_id subscription_id subscription_invoice_id currency status stripe_charge_id checkout_session_id stripe_payment_link_id",
    price_aliases: "id price_id currency unit_amount interval",
    reconciliations: "connection_id account_id phase page_after",
    refunds: "id stripe_refund_id payment_id invoice_id currency status",
    subscription_invoices: "id subscription_id customer_id status currency",
    subscriptions: "id customer_id stripe_customer_id items",
    webhook_event_marks: "budget_marks",
    webhook_events:
      "stripe_event_id connection_id account status reason source delivery_ids changes invoice_id waits_for",
  },
  unshown: {
    customers: "stripe_state stripe_creation",
    idempotency_keys: SEALED,
    large_payloads: "stripe_event_id payload",
    messages: "type key id object_kind object_id snapshot",
    parked_events: "id message",
    payment_links: "request",
  },
};

export const DIRECTORY: Whose = {
  strangers: {
    api_keys: "name",
    audit_log: "actor_id actor_name detail",
    connect_states: "name return_url",
    connections:
      "name error_detail webhook_detail account.displayName account.requirements account.disabledReason",
    dashboard_sessions: "actor_id actor_name return_url",
    environments: "name erasure",
    security_log: "actor_id actor_name detail",
    tenants: "name",
    unreadable_messages: "queue text error",
  },
  ours: {
    api_keys: "environment_id id tenant_id role key_hash key_hint parent_id rights allowed_addresses",
    audit_log: `${CALLS} environment_id`,
    connect_counts: "reason",
    connect_states: "state_hash tenant_id environment_id begun_by api_key_id browser_hash",
    connection_notices: "environment_id id tenant_id type object_id",
    connections:
      "environment_id id tenant_id provider auth_type secret_key_hint publishable_key webhook_endpoint_id account_id sync_config jurisdiction missing_permissions refused account.id account.country account.defaultCurrency",
    d1_migrations: "name",
    dashboard_sessions: "environment_id id tenant_id way key_id role rights actor_email link_hash ip",
    environments: "id tenant_id jurisdiction payment_code",
    pulses: "environment_id tenant_id jurisdiction ledger_error budgets",
    queue_asks: "kind",
    queue_runs: "queue kind",
    sealing_keys: "key_id",
    secrets: "environment_id owner_id field tenant_id key_id iv ciphertext",
    security_log: "environment_id id tenant_id event outcome actor_kind key_id ip trace_id",
    tenants: "id",
    unreadable_messages: "id",
  },
  unshown: {
    idempotency_keys: `environment_id ${SEALED}`,
    operator_troubles: "key words",
  },
};
