// Every mutation of the API, on which objects it is tried beside others: two of one object are started together.
// test/proof/two-at-once.test.ts fails for a route that is not here, and for an entry that has no route.

/** What there is when two begin; each is made once and gone back to. */
export type ObjectName =
  | "draft"
  | "open_invoice"
  | "uncollectible"
  | "customer"
  | "mail"
  | "payment"
  | "manual_payment"
  | "connection"
  | "unconnected"
  | "subscription"
  | "destination"
  | "event"
  | "job"
  | "settings"
  | "price_alias"
  | "api_key"
  | "tenant"
  | "dead_message";

export type Ids = Record<
  | "draft"
  | "open_invoice"
  | "uncollectible"
  | "customer"
  | "mail"
  | "other_customer"
  | "payment"
  | "manual_payment"
  | "invoice_paid_by_hand"
  | "connection"
  | "subscription"
  | "destination"
  | "delivery"
  | "event"
  | "job"
  | "price_alias"
  | "price"
  | "api_key"
  | "tenant"
  | "environment"
  | "dead_message"
  | "new_key"
  | "new_url",
  string
>;

export type Mutation = {
  of: ObjectName;
  /** Whose id is in the path; the object's own unless said otherwise. */
  id?: keyof Ids;
  /** @param nth 0 for the first of two, 1 for the second: told apart where both are the same route */
  body?: (ids: Ids, nth: number) => unknown;
  /** What tells it from others of its route. */
  as?: string;
  /** Only tried beside those that change the object itself. */
  isBeside?: true;
  /** Its answer says what was seen outside, one thing after the other, and is no state. */
  isReport?: true;
  /** It is done in steps, and others may come in between: the first is as if this had been asked for. */
  firstStep?: { route: string; body: unknown };
  /**
   * It makes its customer at Stripe of what was known when it began. A change that comes in between stands here and
   * not there, since nothing is pushed: then the answers are compared, not the rows.
   */
  makesCustomer?: true;
  /** What it makes or wants at Stripe may meet any of another's steps: then the answers are compared, not the rows. */
  meetsSteps?: true;
};

const lines = [{ description: "Pro plan", quantity: 1, unit_amount: 4900 }];
const invoiceOf = (customerId: string) => ({ customer_id: customerId, currency: "eur", lines });
const session = {
  mode: "payment",
  line_items: [
    { price_data: { currency: "eur", unit_amount: 4900, product_data: { name: "Pro" } }, quantity: 1 },
  ],
  success_url: "https://shop.example/thanks",
  cancel_url: "https://shop.example/cart",
};

/** What is done to an invoice by name, whatever its status. */
const ofAnInvoice = (body?: Mutation["body"]): Mutation[] =>
  (["draft", "open_invoice"] as const).map((of) => ({ of, ...(body && { body }) }));

export const MUTATIONS: Record<string, Mutation[]> = {
  "PATCH /invoices/:id": [
    ...ofAnInvoice((_, nth) => ({ memo: `memo ${nth}`, metadata: { by: String(nth) } })),
    { of: "draft", as: "amount", body: (_, nth) => ({ lines: [{ ...lines[0], unit_amount: 5000 + nth }] }) },
    { of: "draft", as: "customer", body: (ids) => ({ customer_id: ids.other_customer }) },
    { of: "customer", id: "draft", as: "customer", body: (ids) => ({ customer_id: ids.customer }) },
  ],
  "DELETE /invoices/:id": ofAnInvoice(),
  "POST /invoices/:id/reopen": [...ofAnInvoice(), { of: "uncollectible" }],
  "POST /invoices/:id/finalize": [
    ...ofAnInvoice(),
    { of: "connection", id: "draft", isBeside: true, meetsSteps: true },
  ],
  "POST /invoices/:id/void": [
    ...ofAnInvoice(),
    { of: "uncollectible" },
    { of: "manual_payment", id: "invoice_paid_by_hand" },
  ],
  "POST /invoices/:id/mark_uncollectible": ofAnInvoice(),
  "POST /invoices/:id/payment_link": [
    ...ofAnInvoice(),
    { of: "connection", id: "open_invoice", isBeside: true, meetsSteps: true },
  ],
  "POST /invoices/:id/send": [...ofAnInvoice(), { of: "mail", id: "open_invoice" }],
  "POST /mails/:id/resend": [{ of: "mail" }],
  "POST /invoices/:id/payments": [
    ...ofAnInvoice((_, nth) => ({ amount: 5000, method: "cash", reference: `r${nth}` })),
    { of: "open_invoice", as: "in full", body: () => ({ amount: 12900, method: "cash", reference: "all" }) },
    { of: "uncollectible", as: "in full", body: () => ({ amount: 12900, method: "cash", reference: "all" }) },
    {
      of: "manual_payment",
      id: "invoice_paid_by_hand",
      body: () => ({ amount: 12900, method: "cash", reference: "by hand" }),
    },
  ],
  "POST /payments/:id/reverse": [{ of: "payment" }, { of: "manual_payment" }],
  "POST /payments/:id/refunds": [
    { of: "payment", body: () => ({ amount: 5000 }) },
    { of: "payment", as: "in full", body: () => ({}) },
    { of: "connection", id: "payment", isBeside: true, body: () => ({ amount: 5000 }) },
    {
      ...{ of: "manual_payment", as: "by hand" },
      body: (_, nth) => ({ amount: 5000, method: "cash", reference: `back ${nth}` }),
    },
    {
      ...{ of: "manual_payment", as: "by hand, all" },
      body: () => ({ method: "cash", reference: "all back" }),
    },
  ],

  "POST /customers": [
    { of: "customer", as: "anew", body: () => ({ id: "cus_twice", name: "Grace Hopper" }) },
  ],
  "PATCH /customers/:id": [
    { of: "customer", body: (_, nth) => ({ name: `Ada ${nth}`, metadata: { [`by${nth}`]: "x" } }) },
  ],
  "DELETE /customers/:id": [{ of: "customer" }],
  // Which of two at once is at it is chance.
  "POST /customers/:id/sync": [{ of: "customer", isReport: true }],
  "POST /customers/import": [{ of: "customer" }, { of: "connection", isBeside: true }],
  "POST /customers/sync": [{ of: "customer" }],
  "POST /invoices": [{ of: "customer", body: (ids) => invoiceOf(ids.customer) }],
  "POST /checkout_sessions": [
    { of: "customer", makesCustomer: true, body: (ids) => ({ ...session, customer_id: ids.customer }) },
    { of: "connection", isBeside: true, body: () => session },
  ],

  "POST /subscriptions/:id/cancel": [
    { of: "subscription" },
    { of: "subscription", as: "at its end", body: () => ({ at_period_end: true }) },
  ],
  "POST /subscriptions/:id/resume": [{ of: "subscription" }],

  "POST /billing_portal_sessions": [
    {
      of: "customer",
      makesCustomer: true,
      body: (ids) => ({ customer_id: ids.customer, return_url: "https://shop.example/account" }),
    },
  ],

  "POST /connections": [
    { of: "unconnected", body: (ids) => ({ name: "Stripe", secret_key: ids.new_key }) },
    {
      of: "unconnected",
      as: "by hand",
      body: (ids) => ({ name: "Stripe", secret_key: ids.new_key, webhook_secret: "whsec_byhand0123456789" }),
    },
    { of: "connection", isBeside: true, body: (ids) => ({ name: "Stripe", secret_key: ids.new_key }) },
  ],
  "POST /connections/oauth": [
    { of: "unconnected", body: () => ({ name: "Stripe", return_url: "https://shop.example/settings" }) },
  ],
  "PATCH /connections/:id": [
    { of: "connection", body: (_, nth) => ({ name: `Stripe ${nth}` }) },
    { of: "connection", as: "off", body: () => ({ is_active: false }) },
    {
      of: "connection",
      as: "sync",
      body: (_, nth) => ({ sync_config: { customer: { [nth === 0 ? "outbound" : "inbound"]: true } } }),
    },
    {
      of: "connection",
      as: "secret",
      body: (_, nth) => ({ webhook_secret: `whsec_another0123456789${nth}` }),
    },
  ],
  "DELETE /connections/:id": [
    { of: "connection", firstStep: { route: "PATCH /connections/:id", body: { is_active: false } } },
  ],
  "POST /connections/:id/test": [{ of: "connection", isReport: true }],
  "POST /connections/:id/webhook_endpoint": [{ of: "connection", meetsSteps: true }],
  "POST /connections/:id/reconcile": [{ of: "connection" }],

  "POST /event_destinations": [{ of: "destination", body: (ids) => ({ url: ids.new_url }) }],
  "PATCH /event_destinations/:id": [
    { of: "destination", body: (_, nth) => ({ description: `by ${nth}` }) },
    { of: "destination", as: "off", body: () => ({ is_active: false }) },
    { of: "destination", as: "url", body: (ids) => ({ url: ids.new_url }) },
  ],
  "DELETE /event_destinations/:id": [{ of: "destination" }],
  "POST /event_destinations/:id/rotate_secret": [{ of: "destination" }],
  "POST /event_destinations/:id/test": [{ of: "destination", isReport: true }],
  "POST /event_destinations/:id/recover": [
    { of: "destination", body: () => ({ since: "2026-01-01T00:00:00Z" }) },
  ],
  "POST /deliveries/:id/retry": [{ of: "destination", id: "delivery" }],

  "POST /webhook_events/:id/replay": [{ of: "event" }],
  "POST /webhook_events/:id/dismiss": [{ of: "event" }],
  "POST /webhook_events/dismiss": [{ of: "event", body: () => ({ status: "dead" }) }],
  "POST /webhook_events/replay": [{ of: "event", body: () => ({ status: "dead" }) }],

  "POST /jobs/:id/retry": [{ of: "job" }],
  "POST /jobs/:id/dismiss": [{ of: "job" }],

  "PATCH /settings": [
    { of: "settings", body: (_, nth) => (nth === 0 ? { send_receipts: true } : { email_from_name: "Acme" }) },
    { of: "settings", as: "the same", body: (_, nth) => ({ email_from_name: `Acme ${nth}` }) },
  ],

  "PUT /price_aliases/:id": [{ of: "price_alias", body: (ids) => ({ price: ids.price }) }],
  "DELETE /price_aliases/:id": [{ of: "price_alias" }],

  "POST /dashboard_sessions": [
    { of: "api_key", body: (_, nth) => ({ role: "read", actor: { id: "ada", name: `Ada ${nth}` } }) },
  ],
  "POST /dashboard_sessions/end": [{ of: "api_key", body: () => ({ actor_id: "ada" }) }],

  "POST /api_keys": [{ of: "api_key", body: () => ({ name: "another", role: "read" }) }],
  "DELETE /api_keys/:id": [{ of: "api_key" }],
  "POST /tenants/:tenant_id/environments/:environment_id/api_keys": [
    { of: "tenant", body: () => ({ name: "another", role: "read" }) },
  ],
  "DELETE /tenants/:tenant_id/environments/:environment_id/api_keys/:id": [{ of: "api_key" }],
  "POST /tenants": [{ of: "tenant", body: () => ({ id: "tenant_twice", name: "Twice" }) }],
  "POST /tenants/:tenant_id/environments": [
    { of: "tenant", body: () => ({ id: "env_twice", name: "twice", livemode: false }) },
  ],
  "DELETE /tenants/:tenant_id/environments/:environment_id": [
    { of: "tenant", body: () => ({ confirm: "twice" }) },
  ],
  "PATCH /tenants/:tenant_id/environments/:environment_id/budgets": [
    { of: "tenant", body: (_, nth) => (nth === 0 ? { mails_per_day: 7 } : { api_keys: 9 }) },
  ],
  "POST /keyring/reseal": [{ of: "dead_message" }],
  "DELETE /dead_messages/:id": [{ of: "dead_message" }],
};

export type Named = { route: string; name: string; mutation: Mutation };

/** Each pair of mutations of one object, those of a mutation with itself among them. */
export function pairs(): [Named, Named][] {
  const all = Object.entries(MUTATIONS).flatMap(([route, mutations]) =>
    mutations.map((mutation) => ({ route, name: nameOf(route, mutation), mutation })),
  );
  return all.flatMap((one, index) =>
    all
      .slice(index)
      .filter(
        ({ mutation }) => mutation.of === one.mutation.of && !(mutation.isBeside && one.mutation.isBeside),
      )
      .map((other): [Named, Named] => [one, other]),
  );
}

function nameOf(route: string, { as }: Mutation): string {
  return as === undefined ? route : `${route} (${as})`;
}
