// An example of each answer in the OpenAPI document: every field of its schema, with values that a reader recognises
// and that hold together. A paid invoice over 129.00 EUR runs through all of them.

import type { SchemaOrRef, Schemas } from "./read-openapi.ts";
import { resolve } from "./resolve-schema.ts";

const ID_OF: Record<string, string> = {
  tenant: "tenant_acme",
  environment: "env_acme_test",
  api_key: "key_0198f3c2a1b7",
  dashboard_session: "dses_0198f3c2a1b7",
  connection: "conn_0198f3c2a1b7",
  customer: "cus_4711",
  invoice: "inv_2027_0042",
  timeline_entry: "tl_0198f3c2a1b7",
  payment: "pay_0198f3c2a1b7",
  refund: "re_0198f3c2a1b7",
  dispute: "dp_0198f3c2a1b7",
  checkout_session: "cs_test_a1B2c3D4",
  price_alias: "pro-monthly",
  subscription: "sub_1Q7xYz2eZvKYlo2C",
  subscription_invoice: "in_1Q7xYz2eZvKYlo2C",
  mail: "inv_2027_0042/invoice/1",
  event_destination: "dest_0198f3c2a1b7",
  delivery: "dlv_0198f3c2a1b7",
  webhook_event: "whe_0198f3c2a1b7",
  job: "job_0198f3c2a1b7",
  issue: "webhooks_refused",
  audit_log_entry: "aud_0198f3c2a1b7",
  security_log_entry: "sec_0198f3c2a1b7",
  dead_message: "dm_0198f3c2a1b7",
};

// By field name, and by object and field where a name means several things. A schema's own example wins.
const VALUES: Record<string, unknown> = {
  tenant_id: "tenant_acme",
  environment_id: "env_acme_test",
  customer_id: "cus_4711",
  invoice_id: "inv_2027_0042",
  payment_id: "pay_0198f3c2a1b7",
  connection_id: "conn_0198f3c2a1b7",
  api_key_id: "key_0198f3c2a1b7",
  subscription_id: null,
  subscription_invoice_id: null,
  checkout_session_id: null,
  stripe_customer_id: "cus_QmZ3a1B2c3D4",
  stripe_event_id: "evt_1Q7xYz2eZvKYlo2C",
  destination_id: "dest_0198f3c2a1b7",
  message_id: "msg_0198f3c2a1b7",
  request_id: "req_0198f3c2a1b7",
  trace_id: "whe_0198f3c2a1b7",
  account: "acct_1Q7xYz2eZvKYlo2C",
  name: "Acme GmbH",
  display_name: "Acme GmbH",
  email: "billing@acme.example",
  to: "billing@acme.example",
  phone: "+49 30 1234567",
  number: "2027-0042",
  currency: "EUR",
  default_currency: "EUR",
  description: "Pro plan, January",
  quantity: 1,
  unit_amount: 12900,
  amount: 12900,
  amount_due: 12900,
  amount_paid: 12900,
  amount_total: 12900,
  amount_total_decimal: "129.00",
  amount_remaining: 0,
  amount_remaining_decimal: "0.00",
  amount_refunded: 0,
  amount_refunded_decimal: "0.00",
  amount_disputed: 0,
  amount_disputed_decimal: "0.00",
  amount_discounted: 0,
  amount_discounted_decimal: "0.00",
  livemode: false,
  memo: "Thank you for your order.",
  metadata: { order: "4711" },
  line1: "Torstr. 1",
  line2: null,
  city: "Berlin",
  postal_code: "10119",
  state: null,
  country: "DE",
  payment_method_type: "card",
  payment_method_types: ["card", "sepa_debit"],
  method: null,
  reference: null,
  receipt_url: "https://pay.stripe.com/receipts/payment/abc",
  hosted_invoice_url: "https://invoice.stripe.com/i/acct_1Q7xYz/test_abc",
  invoice_pdf: "https://pay.stripe.com/invoice/acct_1Q7xYz/test_abc/pdf",
  api_version: "2026-10-28.endive",
  type: "invoice.paid",
  payload: { id: "evt_1Q7xYz2eZvKYlo2C", type: "checkout.session.completed" },
  ip: "203.0.113.7",
  key: "qt_YOUR_KEY_IS_SHOWN_HERE_ONCE",
  hint: "…a1B2",
  secret: "whsec_SHOWN_THIS_ONCE",
  webhook_url: "https://billing.example.com/api/v1/webhooks/stripe/tenant_acme/env_acme_test",
  webhook_endpoint_id: "we_1Q7xYz2eZvKYlo2C",
  url: "https://example.com/webhooks/quittance",
  create_url: "https://dashboard.stripe.com/test/apikeys/create",
  return_url: "https://example.com/account",
  purpose: "A payment has succeeded.",
  title: "Webhooks of Stripe's are refused",
  label: "Webhooks",
  message: "It works.",
  detail: "The invoice is paid.",
  subject: "Your invoice 2027-0042",
  text: "Dear customer, here is your invoice.",
  html: "<p>Dear customer, here is your invoice.</p>",
  status_detail: null,
  revision: 1,
  attempt: 1,
  attempts: 1,
  response_status: 200,
  response: "ok",
  role: "write",
  parent_id: null,
  stripe_ids: [],
  not_undone: [],
  by_hand: [],
  requirements: [],
  notices: [],
  warnings: [],
  checkout_sessions: [],
  subscriptions: [],
  success_message: "Thank you. Your payment has arrived.",
  success_redirect_url: "https://example.com/thanks",
  email_from_name: "Acme Billing",
  email_reply_to: "billing@acme.example",
  client_reference_id: "order_4711",
  amount_decimal: "129.00",
  amount_due_decimal: "129.00",
  amount_paid_decimal: "129.00",
  "audit_log_entry.action": "invoice.finalized",
  "webhook_event.subject": null,
  "issue.detail": "3 webhooks could not be verified in the last hour.",
  "issue.label": "Connection",
  "action.path": "/dashboard/connections",
  "mail.provider": "resend",
  "timeline_entry.kind": "invoice.paid",
  "timeline_entry.detail": {},
  "job.kind": "create_payment_link",
  provider: "stripe",
  provider_message_id: null,
  interval: "month",
  interval_count: 1,
  path: "email",
  queue: "quittance-jobs",
  reason: "requested_by_customer",
  event_types: ["invoice.paid", "payment.refunded"],
  allowed_addresses: null,
  country_code: "DE",
  statement_descriptor: "ACME",
  publishable_key: null,
  locale: "auto",
  code: "not_found",
  next_cursor: null,
  has_more: false,
  onboarding_url: null,
  "invoice.status": "paid",
  "invoice.payment_status": "paid",
  "payment.status": "succeeded",
  "payment.source": "invoice",
  "refund.status": "succeeded",
  "refund.amount": 5000,
  "refund.amount_decimal": "50.00",
  "dispute.status": "needs_response",
  "dispute.reason": "fraudulent",
  "connection.status": "active",
  "checkout_session.url": "https://checkout.stripe.com/c/pay/cs_test_a1B2c3D4",
  "checkout_session.subscription_id": null,
  "billing_portal_session.url": "https://billing.stripe.com/p/session/test_abc",
  "subscription.status": "active",
  "subscription_invoice.status": "paid",
  "subscription_invoice.subscription_id": "sub_1Q7xYz2eZvKYlo2C",
  "webhook_event.type": "checkout.session.completed",
  "webhook_event.status": "processed",
  "mail.status": "sent",
  "mail.kind": "invoice",
  "customer.sync_status": "synced",
  "connect_flow.url": "https://connect.stripe.com/oauth/authorize?response_type=code&client_id=ca_abc",
  "payment_link.url": "https://buy.stripe.com/test_abc",
  "payment_link.id": "plink_1Q7xYz2eZvKYlo2C",
  "payment_link.status": "active",
};

// Nothing went wrong in an example, and what has not happened yet has not.
const NOTHING =
  /(^|_)(error|failure|failed|refused|revoked|canceled|cancel|ended|disabled|deactivated|voided|erased|skipped|missing|missed|failing)(_|$)|^pause_collection$|^resumes_at$|^trial_end$/;

/** @param holder what the schema's object is called, for the values that differ by object */
export function exampleAnswer(schema: SchemaOrRef, schemas: Schemas, holder = ""): unknown {
  const whole = resolve(schema, schemas);
  const fields = Object.entries(whole.properties ?? {});
  const [either] = whole.anyOf ?? whole.oneOf ?? [];
  if (either) return exampleAnswer(either, schemas, holder);
  const object = kindOf(whole, schemas) ?? holder;
  return Object.fromEntries(fields.map(([name, field]) => [name, fieldValue(object, name, field, schemas)]));
}

function kindOf(schema: ReturnType<typeof resolve>, schemas: Schemas): string | undefined {
  const field = schema.properties?.object;
  const [kind] = field ? (resolve(field, schemas).enum ?? []) : [];
  return typeof kind === "string" && kind !== "list" ? kind : undefined;
}

function fieldValue(object: string, name: string, field: SchemaOrRef, schemas: Schemas): unknown {
  const schema = resolve(field, schemas);
  const chosen = VALUES[`${object}.${name}`];
  if (chosen !== undefined) return chosen;
  if (isNullable(field, schemas) && NOTHING.test(name)) return null;
  if (name === "id" && ID_OF[object] !== undefined) return ID_OF[object];
  if (schema.example !== undefined) return schema.example;
  if (schema.enum) return schema.enum[0];
  const either = (schema.anyOf ?? schema.oneOf ?? []).filter(
    (one) => !typesOf(resolve(one, schemas)).includes("null"),
  );
  if (either[0]) return fieldValue(object, name, either[0], schemas);
  const named = VALUES[name];
  return named !== undefined && fits(named, schema, schemas) ? named : byType(name, schema, schemas);
}

function typesOf(schema: ReturnType<typeof resolve>): string[] {
  return [schema.type ?? []].flat();
}

function isNullable(field: SchemaOrRef, schemas: Schemas): boolean {
  const either = "anyOf" in field ? (field.anyOf ?? []) : [];
  return [field, ...either].some((one) => typesOf(resolve(one, schemas)).includes("null"));
}

function fits(value: unknown, schema: ReturnType<typeof resolve>, schemas: Schemas): boolean {
  const types = typesOf(schema);
  if (value === null) return isNullable(schema, schemas);
  if (Array.isArray(value))
    return types.includes("array") && !resolve(schema.items ?? {}, schemas).properties;
  if (typeof value === "number") return types.includes("integer") || types.includes("number");
  if (typeof value === "object") return types.includes("object") && schema.properties === undefined;
  return types.includes(typeof value);
}

function byType(name: string, schema: ReturnType<typeof resolve>, schemas: Schemas): unknown {
  const [type] = typesOf(schema).filter((one) => one !== "null");
  if (type === "array") return schema.items ? [itemValue(name, schema.items, schemas)] : [];
  if (type === "object") return exampleAnswer(schema, schemas, name);
  if (type === "integer" || type === "number") return Math.max(schema.minimum ?? 0, 0);
  if (type === "boolean") return !/^(replayed|dead|automatic|disputed|created_at_stripe)/.test(name);
  if (schema.format === "date-time") return "2027-01-31T12:00:00Z";
  return type === "string" ? name.replaceAll("_", " ") : null;
}

function itemValue(name: string, items: SchemaOrRef, schemas: Schemas): unknown {
  const schema = resolve(items, schemas);
  if (schema.properties) return exampleAnswer(schema, schemas, name.replace(/s$/, ""));
  return fieldValue("", name, items, schemas);
}
