// Who may call each route of the app: one line a route. test/access.test.ts fails for a route that is not
// here, and for an entry that has no route.

/** The objects of one environment that the test makes and others try to reach. */
export type ObjectName =
  | "api_key"
  | "connection"
  | "customer"
  | "invoice"
  | "payment"
  | "refund"
  | "dispute"
  | "subscription"
  | "subscription_invoice"
  | "checkout_session"
  | "price_alias"
  | "mail"
  | "webhook_event"
  | "event_destination"
  | "delivery"
  | "job"
  | "dead_message";
export type Ids = Record<ObjectName, string>;

export type RouteAccess = {
  /**
   * `public`: anybody. `stripe`: a signature alone. `root`: ROOT_TOKEN alone. `read`, `write`, `admin`: an API
   * key of at least this role. `dashboard`: a session. `dashboard-own`: a session, which it is about.
   * `dashboard-write`, `dashboard-admin`: a session of a
   * key of at least this role. `console`: root's session.
   */
  access:
    | "public"
    | "stripe"
    | "root"
    | "read"
    | "write"
    | "admin"
    | "dashboard"
    | "dashboard-own"
    | "dashboard-write"
    | "dashboard-admin"
    | "console";
  /** Root is let in as well, where an API key is asked for. */
  orRoot?: true;
  /** Whose id `:id` is. */
  of?: ObjectName;
  /** A body that is right but for whose objects it names. */
  body?: (ids: Ids) => unknown;
  /**
   * What a public route answers to a bare call, a console's to root, and a dashboard's to a bare form of who may; when
   * left out: 200, and the console's 303 to a form.
   */
  status?: number;
  /** The same in an environment that has no connection. */
  unconnected?: number;
};

const invoiceBody = (ids: Ids) => ({
  customer_id: ids.customer,
  currency: "eur",
  lines: [{ description: "Pro plan", quantity: 1, unit_amount: 100 }],
});

const checkoutUrls = { success_url: "https://shop.example/thanks", cancel_url: "https://shop.example/cart" };

export const ROUTES: Record<string, RouteAccess> = {
  "GET /": { access: "public", status: 302 },
  "GET /healthz": { access: "public" },
  "GET /readyz": { access: "public" },
  "GET /openapi.json": { access: "public" },
  "GET /llms.txt": { access: "public" },
  "GET /docs": { access: "public" },
  "GET /docs/reference": { access: "public" },
  "GET /docs/calls/:anchor": { access: "public", status: 404 },
  "GET /docs/:page": { access: "public", status: 404 },
  "GET /pay/:token": { access: "public", status: 404 },
  "GET /connect/callback": { access: "public", status: 400 },

  "POST /api/v1/webhooks/stripe/:tenant_id/:environment_id": { access: "stripe" },
  "POST /api/v1/webhooks/stripe/connect": { access: "stripe" },
  // Without a provider of this name, and by none without its secret: test/mail/reports.test.ts.
  "POST /api/v1/webhooks/mail/:provider": { access: "public", status: 404 },

  "POST /api/v1/tenants": { access: "root" },
  "GET /api/v1/tenants": { access: "root" },
  "GET /api/v1/tenants/:tenant_id": { access: "root" },
  "POST /api/v1/tenants/:tenant_id/environments": { access: "root" },
  "GET /api/v1/tenants/:tenant_id/environments": { access: "root" },
  "DELETE /api/v1/tenants/:tenant_id/environments/:environment_id": {
    access: "root",
    body: () => ({ confirm: "theirs" }),
  },
  "POST /api/v1/tenants/:tenant_id/environments/:environment_id/api_keys": {
    access: "root",
    body: () => ({ name: "another", role: "read" }),
  },
  "GET /api/v1/tenants/:tenant_id/environments/:environment_id/api_keys": { access: "root" },
  "DELETE /api/v1/tenants/:tenant_id/environments/:environment_id/api_keys/:id": {
    access: "root",
    of: "api_key",
  },
  "GET /api/v1/environments": { access: "root" },
  "GET /api/v1/keyring": { access: "root" },
  "POST /api/v1/keyring/reseal": { access: "root" },
  "GET /api/v1/dead_messages": { access: "root" },
  "GET /api/v1/dead_messages/:id": { access: "root", of: "dead_message" },
  "DELETE /api/v1/dead_messages/:id": { access: "root", of: "dead_message" },

  "POST /api/v1/api_keys": { access: "admin" },
  "GET /api/v1/api_keys": { access: "admin" },
  "DELETE /api/v1/api_keys/:id": { access: "admin", of: "api_key" },
  "POST /api/v1/dashboard_sessions": { access: "admin" },
  "GET /api/v1/dashboard_sessions": { access: "admin" },
  "POST /api/v1/dashboard_sessions/end": { access: "admin" },
  "GET /api/v1/security_log": { access: "admin", orRoot: true },
  "GET /api/v1/audit_log": { access: "admin", orRoot: true },
  "GET /api/v1/settings": { access: "read" },
  "GET /api/v1/budgets": { access: "read" },
  "GET /api/v1/tenants/:tenant_id/environments/:environment_id/budgets": { access: "root" },
  "PATCH /api/v1/tenants/:tenant_id/environments/:environment_id/budgets": {
    access: "root",
    body: () => ({ api_keys: 50 }),
  },
  "PATCH /api/v1/settings": { access: "admin" },

  "GET /api/v1/restricted_key": { access: "read" },
  "POST /api/v1/connections": { access: "admin" },
  "POST /api/v1/connections/oauth": { access: "admin" },
  "GET /api/v1/connections": { access: "read" },
  "GET /api/v1/connections/:id": { access: "read", of: "connection" },

  "PATCH /api/v1/connections/:id": { access: "admin", of: "connection", body: () => ({ name: "theirs" }) },
  "DELETE /api/v1/connections/:id": { access: "admin", of: "connection" },
  "POST /api/v1/connections/:id/test": { access: "admin", of: "connection" },
  "POST /api/v1/connections/:id/webhook_endpoint": { access: "admin", of: "connection" },

  "POST /api/v1/event_destinations": { access: "admin" },
  "GET /api/v1/event_destinations": { access: "read" },
  "GET /api/v1/event_destinations/:id": { access: "read", of: "event_destination" },
  "PATCH /api/v1/event_destinations/:id": {
    access: "admin",
    of: "event_destination",
    body: () => ({ description: "theirs" }),
  },
  "DELETE /api/v1/event_destinations/:id": { access: "admin", of: "event_destination" },
  "POST /api/v1/event_destinations/:id/rotate_secret": { access: "admin", of: "event_destination" },
  "POST /api/v1/event_destinations/:id/test": { access: "admin", of: "event_destination" },
  "POST /api/v1/event_destinations/:id/recover": {
    access: "admin",
    of: "event_destination",
    body: () => ({ since: "2026-01-01T00:00:00Z" }),
  },
  "GET /api/v1/event_destinations/:id/deliveries": { access: "read", of: "event_destination" },
  "POST /api/v1/deliveries/:id/retry": { access: "admin", of: "delivery" },

  "POST /api/v1/customers": { access: "write" },
  "GET /api/v1/customers": { access: "read" },
  "POST /api/v1/customers/import": { access: "write" },
  "GET /api/v1/customers/import": { access: "read" },
  "POST /api/v1/customers/sync": { access: "write" },
  "GET /api/v1/customers/sync": { access: "read" },
  "POST /api/v1/customers/:id/sync": { access: "write", of: "customer" },
  "GET /api/v1/customers/:id": { access: "read", of: "customer" },
  "PATCH /api/v1/customers/:id": { access: "write", of: "customer" },
  "DELETE /api/v1/customers/:id": { access: "write", of: "customer" },

  "POST /api/v1/invoices": { access: "write", body: invoiceBody },
  "GET /api/v1/invoices": { access: "read" },
  "GET /api/v1/invoices/:id": { access: "read", of: "invoice" },
  "PATCH /api/v1/invoices/:id": { access: "write", of: "invoice", body: () => ({ memo: "theirs" }) },
  "DELETE /api/v1/invoices/:id": { access: "write", of: "invoice" },
  "GET /api/v1/invoices/:id/timeline": { access: "read", of: "invoice" },
  "POST /api/v1/invoices/:id/finalize": { access: "write", of: "invoice" },
  "POST /api/v1/invoices/:id/void": { access: "write", of: "invoice" },
  "POST /api/v1/invoices/:id/mark_uncollectible": { access: "write", of: "invoice" },
  "POST /api/v1/invoices/:id/reopen": { access: "write", of: "invoice" },
  "POST /api/v1/invoices/:id/payment_link": { access: "write", of: "invoice" },
  "POST /api/v1/invoices/:id/send": { access: "write", of: "invoice" },
  "POST /api/v1/invoices/:id/payments": {
    access: "write",
    of: "invoice",
    body: () => ({ amount: 100, method: "bank_transfer", reference: "1" }),
  },

  "GET /api/v1/mails": { access: "read" },
  "GET /api/v1/mails/:id": { access: "read", of: "mail" },
  "POST /api/v1/mails/:id/resend": { access: "write", of: "mail" },
  "GET /api/v1/payments": { access: "read" },
  "GET /api/v1/payments/:id": { access: "read", of: "payment" },
  "POST /api/v1/payments/:id/reverse": { access: "write", of: "payment" },
  "POST /api/v1/payments/:id/refunds": { access: "write", of: "payment", body: () => ({ amount: 1 }) },
  "GET /api/v1/refunds": { access: "read" },
  "GET /api/v1/refunds/:id": { access: "read", of: "refund" },
  "GET /api/v1/disputes": { access: "read" },
  "GET /api/v1/disputes/:id": { access: "read", of: "dispute" },
  "POST /api/v1/checkout_sessions": {
    access: "write",
    body: (ids) => ({ mode: "setup", customer_id: ids.customer, ...checkoutUrls }),
  },
  "GET /api/v1/checkout_sessions": { access: "read" },
  "GET /api/v1/checkout_sessions/:id": { access: "read", of: "checkout_session" },
  "POST /api/v1/billing_portal_sessions": {
    access: "write",
    body: (ids) => ({ customer_id: ids.customer, return_url: "https://shop.example/account" }),
  },
  "PUT /api/v1/price_aliases/:id": { access: "write" },
  "GET /api/v1/price_aliases": { access: "read" },
  "GET /api/v1/price_aliases/:id": { access: "read", of: "price_alias" },
  "DELETE /api/v1/price_aliases/:id": { access: "write", of: "price_alias" },
  "GET /api/v1/subscriptions": { access: "read" },
  "GET /api/v1/subscriptions/:id": { access: "read", of: "subscription" },
  "GET /api/v1/subscription_invoices": { access: "read" },
  "GET /api/v1/subscription_invoices/:id": { access: "read", of: "subscription_invoice" },
  "POST /api/v1/subscriptions/:id/cancel": { access: "write", of: "subscription" },
  "POST /api/v1/subscriptions/:id/resume": { access: "write", of: "subscription" },
  "GET /api/v1/stats": { access: "read", orRoot: true },
  "GET /api/v1/issues": { access: "read" },
  "GET /api/v1/jobs": { access: "read" },
  "POST /api/v1/jobs/:id/retry": { access: "write", of: "job" },
  "POST /api/v1/jobs/:id/dismiss": { access: "write", of: "job" },
  "GET /api/v1/exports/payments.csv": { access: "read" },
  "GET /api/v1/exports/invoices.csv": { access: "read" },
  "GET /api/v1/exports/webhook_events.csv": { access: "read" },
  "GET /api/v1/webhook_events": { access: "read" },
  "GET /api/v1/webhook_events/:id": { access: "read", of: "webhook_event" },
  "POST /api/v1/webhook_events/:id/replay": { access: "write", of: "webhook_event" },
  "POST /api/v1/webhook_events/replay": { access: "write" },
  "POST /api/v1/webhook_events/:id/dismiss": { access: "write", of: "webhook_event" },
  "POST /api/v1/webhook_events/dismiss": { access: "write" },
  "POST /api/v1/connections/:id/reconcile": { access: "admin", of: "connection" },
  "GET /api/v1/connections/:id/reconciliation": { access: "read", of: "connection" },

  "GET /dashboard/style.css": { access: "public" },
  "GET /dashboard/page.js": { access: "public" },
  "GET /dashboard/icon.svg": { access: "public" },
  "GET /console/sign-in": { access: "public" },
  "POST /console/sign-in": { access: "public", status: 401 },
  "POST /console/sign-in/access": { access: "public", status: 401 },
  "POST /console/sign-out": { access: "public", status: 303 },
  "GET /console": { access: "console" },
  "GET /console/confirm": { access: "console" },
  "POST /console/confirm": { access: "console", status: 422 },
  "POST /console/keyring/reseal": { access: "console" },
  "GET /console/environments": { access: "console" },
  "GET /console/tenants": { access: "console" },
  "GET /console/tenants/new": { access: "console" },
  "POST /console/tenants/new": { access: "console", status: 422 },
  "GET /console/tenants/:tenant_id": { access: "console" },
  "GET /console/tenants/:tenant_id/environments/new": { access: "console" },
  "POST /console/tenants/:tenant_id/environments/new": { access: "console", status: 422 },
  "GET /console/tenants/:tenant_id/environments/:environment_id": { access: "console" },
  "GET /console/tenants/:tenant_id/environments/:environment_id/budgets": { access: "console" },
  "POST /console/tenants/:tenant_id/environments/:environment_id/budgets": { access: "console" },
  "GET /console/tenants/:tenant_id/environments/:environment_id/view": { access: "console" },
  "POST /console/tenants/:tenant_id/environments/:environment_id/view": { access: "console" },
  "GET /console/tenants/:tenant_id/environments/:environment_id/erase": { access: "console" },
  "POST /console/tenants/:tenant_id/environments/:environment_id/erase": { access: "console", status: 422 },
  "GET /console/tenants/:tenant_id/environments/:environment_id/api-keys/new": { access: "console" },
  "POST /console/tenants/:tenant_id/environments/:environment_id/api-keys/new": {
    access: "console",
    status: 422,
  },
  "GET /console/tenants/:tenant_id/environments/:environment_id/api-keys/:id/revoke": {
    access: "console",
    of: "api_key",
  },
  "POST /console/tenants/:tenant_id/environments/:environment_id/api-keys/:id/revoke": {
    access: "console",
    of: "api_key",
  },
  "GET /console/messages": { access: "console" },
  "GET /console/messages/:id": { access: "console", of: "dead_message" },
  "GET /console/messages/:id/dismiss": { access: "console", of: "dead_message" },
  "POST /console/messages/:id/dismiss": { access: "console", of: "dead_message" },
  "GET /console/audit-log": { access: "console" },
  "GET /dashboard/sign-in": { access: "public" },
  "POST /dashboard/sign-in": { access: "public", status: 401 },
  // Without a token that can be a link's: test/dashboard/portal-link.test.ts.
  "GET /dashboard/open/:token": { access: "public", status: 410 },
  "POST /dashboard/open/:token": { access: "public", status: 410 },
  "GET /dashboard/confirm": { access: "dashboard" },
  "GET /dashboard/sessions": { access: "dashboard" },
  // Each is one's own: test/dashboard/session.test.ts.
  "POST /dashboard/confirm": { access: "dashboard-own" },
  "POST /dashboard/sessions/end": { access: "dashboard-own" },
  "POST /dashboard/sign-out": { access: "public", status: 303 },
  "POST /dashboard/environments/switch": { access: "public", status: 303 },
  "GET /dashboard": { access: "dashboard" },
  "GET /dashboard/guide": { access: "dashboard", status: 303 },
  "GET /dashboard/guide/connect": { access: "dashboard" },
  "GET /dashboard/guide/webhook": { access: "dashboard" },
  "GET /dashboard/guide/payment": { access: "dashboard" },
  "GET /dashboard/guide/platform": { access: "dashboard" },
  "GET /dashboard/guide/live": { access: "dashboard" },
  "POST /dashboard/guide/payment": { access: "dashboard-write", status: 303, unconnected: 409 },
  "POST /dashboard/guide/platform": { access: "dashboard-admin", status: 422 },
  "POST /dashboard/guide/platform/example": { access: "dashboard-admin", status: 404 },
  "GET /dashboard/issues": { access: "dashboard" },
  "GET /dashboard/search": { access: "dashboard" },
  "GET /dashboard/environments": { access: "dashboard" },
  "GET /dashboard/disputes": { access: "dashboard" },
  "GET /dashboard/disputes/:id": { access: "dashboard", of: "dispute" },
  "GET /dashboard/invoices": { access: "dashboard" },
  "GET /dashboard/invoices/new": { access: "dashboard-write" },
  "POST /dashboard/invoices/new": { access: "dashboard-write", status: 422 },
  "GET /dashboard/invoices/:id": { access: "dashboard", of: "invoice" },
  "GET /dashboard/invoices/:id/edit": { access: "dashboard-write", of: "invoice" },
  "POST /dashboard/invoices/:id/edit": { access: "dashboard-write", of: "invoice" },
  "GET /dashboard/invoices/:id/record-payment": { access: "dashboard-write", of: "invoice" },
  "POST /dashboard/invoices/:id/record-payment": { access: "dashboard-write", of: "invoice" },
  "POST /dashboard/invoices/:id/send": { access: "dashboard-write", of: "invoice" },
  "GET /dashboard/invoices/:id/finalize": { access: "dashboard-write", of: "invoice" },
  "POST /dashboard/invoices/:id/finalize": { access: "dashboard-write", of: "invoice" },
  "GET /dashboard/invoices/:id/payment-link": { access: "dashboard-write", of: "invoice" },
  "POST /dashboard/invoices/:id/payment-link": { access: "dashboard-write", of: "invoice" },
  "GET /dashboard/invoices/:id/void": { access: "dashboard-write", of: "invoice" },
  "POST /dashboard/invoices/:id/void": { access: "dashboard-write", of: "invoice" },
  "GET /dashboard/invoices/:id/uncollectible": { access: "dashboard-write", of: "invoice" },
  "POST /dashboard/invoices/:id/uncollectible": { access: "dashboard-write", of: "invoice" },
  "GET /dashboard/invoices/:id/reopen": { access: "dashboard-write", of: "invoice" },
  "POST /dashboard/invoices/:id/reopen": { access: "dashboard-write", of: "invoice" },
  "GET /dashboard/invoices/:id/delete": { access: "dashboard-write", of: "invoice" },
  "POST /dashboard/invoices/:id/delete": { access: "dashboard-write", of: "invoice" },
  "GET /dashboard/payments": { access: "dashboard" },
  "GET /dashboard/payments/:id": { access: "dashboard", of: "payment" },
  "GET /dashboard/payments/:id/refund": { access: "dashboard-write", of: "payment" },
  "POST /dashboard/payments/:id/refund": { access: "dashboard-write", of: "payment" },
  "GET /dashboard/payments/:id/refund-by-hand": { access: "dashboard-write", of: "payment" },
  "POST /dashboard/payments/:id/refund-by-hand": { access: "dashboard-write", of: "payment" },
  "GET /dashboard/payments/:id/reverse": { access: "dashboard-write", of: "payment" },
  "POST /dashboard/payments/:id/reverse": { access: "dashboard-write", of: "payment" },
  "GET /dashboard/customers": { access: "dashboard" },
  "GET /dashboard/customers/import": { access: "dashboard-write" },
  "POST /dashboard/customers/import": { access: "dashboard-write" },
  "GET /dashboard/customers/sync": { access: "dashboard-write" },
  "POST /dashboard/customers/sync": { access: "dashboard-write" },
  "GET /dashboard/customers/new": { access: "dashboard-write" },
  "POST /dashboard/customers/new": { access: "dashboard-write", status: 422 },
  "GET /dashboard/customers/:id/edit": { access: "dashboard-write", of: "customer" },
  "POST /dashboard/customers/:id/edit": { access: "dashboard-write", of: "customer" },
  "GET /dashboard/customers/:id/delete": { access: "dashboard-write", of: "customer" },
  "POST /dashboard/customers/:id/delete": { access: "dashboard-write", of: "customer" },
  "POST /dashboard/customers/:id/sync": { access: "dashboard-write", of: "customer" },
  "GET /dashboard/customers/:id": { access: "dashboard", of: "customer" },
  "GET /dashboard/subscriptions": { access: "dashboard" },
  "GET /dashboard/subscriptions/:id": { access: "dashboard", of: "subscription" },
  "GET /dashboard/subscriptions/:id/cancel-at-period-end": { access: "dashboard-write", of: "subscription" },
  "POST /dashboard/subscriptions/:id/cancel-at-period-end": { access: "dashboard-write", of: "subscription" },
  "GET /dashboard/subscriptions/:id/cancel": { access: "dashboard-write", of: "subscription" },
  "POST /dashboard/subscriptions/:id/cancel": { access: "dashboard-write", of: "subscription" },
  "GET /dashboard/subscriptions/:id/resume": { access: "dashboard-write", of: "subscription" },
  "POST /dashboard/subscriptions/:id/resume": { access: "dashboard-write", of: "subscription" },
  "GET /dashboard/checkout-sessions": { access: "dashboard" },
  "GET /dashboard/checkout-sessions/:id": { access: "dashboard", of: "checkout_session" },
  "POST /dashboard/checkout-sessions/:id/look": { access: "dashboard-write", of: "checkout_session" },
  "GET /dashboard/mails": { access: "dashboard" },
  "GET /dashboard/mails/:id": { access: "dashboard", of: "mail" },
  "GET /dashboard/mails/:id/content": { access: "dashboard", of: "mail" },
  "GET /dashboard/mails/:id/file": { access: "dashboard", of: "mail" },
  "POST /dashboard/mails/:id/resend": { access: "dashboard-write", of: "mail" },
  "GET /dashboard/webhook-events": { access: "dashboard" },
  "GET /dashboard/webhook-events/replay": { access: "dashboard-write" },
  "POST /dashboard/webhook-events/replay": { access: "dashboard-write" },
  "GET /dashboard/webhook-events/dismiss": { access: "dashboard-write" },
  "POST /dashboard/webhook-events/dismiss": { access: "dashboard-write" },
  "GET /dashboard/webhook-events/:id": { access: "dashboard", of: "webhook_event" },
  "POST /dashboard/webhook-events/:id/replay": { access: "dashboard-write", of: "webhook_event" },
  "GET /dashboard/webhook-events/:id/dismiss": { access: "dashboard-write", of: "webhook_event" },
  "POST /dashboard/webhook-events/:id/dismiss": { access: "dashboard-write", of: "webhook_event" },
  "GET /dashboard/event-destinations": { access: "dashboard" },
  "GET /dashboard/event-destinations/new": { access: "dashboard-admin" },
  "POST /dashboard/event-destinations/new": { access: "dashboard-admin" },
  "GET /dashboard/event-destinations/:id": { access: "dashboard", of: "event_destination" },
  "GET /dashboard/event-destinations/:id/edit": { access: "dashboard-admin", of: "event_destination" },
  "POST /dashboard/event-destinations/:id/edit": { access: "dashboard-admin", of: "event_destination" },
  "POST /dashboard/event-destinations/:id/test": { access: "dashboard-admin", of: "event_destination" },
  "GET /dashboard/event-destinations/:id/rotate-secret": {
    access: "dashboard-admin",
    of: "event_destination",
  },
  "POST /dashboard/event-destinations/:id/rotate-secret": {
    access: "dashboard-admin",
    of: "event_destination",
  },
  "GET /dashboard/event-destinations/:id/switch-on": { access: "dashboard-admin", of: "event_destination" },
  "POST /dashboard/event-destinations/:id/switch-on": { access: "dashboard-admin", of: "event_destination" },
  "GET /dashboard/event-destinations/:id/switch-off": { access: "dashboard-admin", of: "event_destination" },
  "POST /dashboard/event-destinations/:id/switch-off": { access: "dashboard-admin", of: "event_destination" },
  "GET /dashboard/event-destinations/:id/delete": { access: "dashboard-admin", of: "event_destination" },
  "POST /dashboard/event-destinations/:id/delete": { access: "dashboard-admin", of: "event_destination" },
  "GET /dashboard/event-destinations/:id/recover": { access: "dashboard-admin", of: "event_destination" },
  "POST /dashboard/event-destinations/:id/recover": { access: "dashboard-admin", of: "event_destination" },
  "GET /dashboard/deliveries/:id": { access: "dashboard", of: "delivery" },
  "POST /dashboard/deliveries/:id/retry": { access: "dashboard-admin", of: "delivery" },
  "GET /dashboard/api-keys": { access: "dashboard-admin" },
  "GET /dashboard/api-keys/new": { access: "dashboard-admin" },
  "POST /dashboard/api-keys/new": { access: "dashboard-admin", status: 422 },
  "GET /dashboard/api-keys/:id/revoke": { access: "dashboard-admin", of: "api_key" },
  "POST /dashboard/api-keys/:id/revoke": { access: "dashboard-admin", of: "api_key" },
  "GET /dashboard/settings": { access: "dashboard" },
  "POST /dashboard/settings": { access: "dashboard-admin", status: 422 },
  "GET /dashboard/security-log": { access: "dashboard-admin" },
  "GET /dashboard/exports": { access: "dashboard" },
  "GET /dashboard/audit-log": { access: "dashboard-admin" },
  "GET /dashboard/connections": { access: "dashboard" },
  "GET /dashboard/connect-stripe": { access: "dashboard-admin" },
  "POST /dashboard/connect-stripe": { access: "dashboard-admin" },
  "GET /dashboard/connections/new": { access: "dashboard-admin" },
  "POST /dashboard/connections/new": { access: "dashboard-admin", status: 422 },
  "GET /dashboard/connections/:id/test": { access: "dashboard-admin", of: "connection" },
  "POST /dashboard/connections/:id/test": { access: "dashboard-admin", of: "connection" },
  "GET /dashboard/connections/:id/key": { access: "dashboard-admin", of: "connection" },
  "POST /dashboard/connections/:id/key": { access: "dashboard-admin", of: "connection" },
  "GET /dashboard/connections/:id/signing-secret": { access: "dashboard-admin", of: "connection" },
  "POST /dashboard/connections/:id/signing-secret": { access: "dashboard-admin", of: "connection" },
  "GET /dashboard/connections/:id/webhook": { access: "dashboard-admin", of: "connection" },
  "POST /dashboard/connections/:id/webhook": { access: "dashboard-admin", of: "connection" },
  "GET /dashboard/connections/:id/settings": { access: "dashboard-admin", of: "connection" },
  "POST /dashboard/connections/:id/settings": { access: "dashboard-admin", of: "connection" },
  "GET /dashboard/connections/:id/pause": { access: "dashboard-admin", of: "connection" },
  "POST /dashboard/connections/:id/pause": { access: "dashboard-admin", of: "connection" },
  "GET /dashboard/connections/:id/resume": { access: "dashboard-admin", of: "connection" },
  "POST /dashboard/connections/:id/resume": { access: "dashboard-admin", of: "connection" },
  "GET /dashboard/connections/:id/disconnect": { access: "dashboard-admin", of: "connection" },
  "POST /dashboard/connections/:id/disconnect": { access: "dashboard-admin", of: "connection" },
  "POST /dashboard/connections/:id/reconcile": { access: "dashboard-admin", of: "connection" },
  "GET /dashboard/stuck-jobs": { access: "dashboard" },
  "GET /dashboard/stuck-jobs/retry": { access: "dashboard-write" },
  "POST /dashboard/stuck-jobs/retry": { access: "dashboard-write" },
  "POST /dashboard/stuck-jobs/:id/retry": { access: "dashboard-write", of: "job" },
  "GET /dashboard/stuck-jobs/:id/dismiss": { access: "dashboard-write", of: "job" },
  "POST /dashboard/stuck-jobs/:id/dismiss": { access: "dashboard-write", of: "job" },
  "GET /dashboard/exports/payments.csv": { access: "dashboard" },
  "GET /dashboard/exports/invoices.csv": { access: "dashboard" },
  "GET /dashboard/exports/webhook_events.csv": { access: "dashboard" },
};
