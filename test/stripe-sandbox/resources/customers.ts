// Customers, made by a call or by a session that asks for one.

import type Stripe from "stripe";
import { COUNTRIES, MOST_CHARACTERS } from "../../../src/platform/stripe-limits.ts";
import { emitEvent } from "../emit-event.ts";
import { noSuch } from "../errors.ts";
import { newId, randomString } from "../ids.ts";
import { inRange, listParameters, newestFirst, paginate, rangeParameter } from "../lists.ts";
import { mergeMetadata, metadata } from "../metadata.ts";
import {
  array,
  emailAddress,
  emptyable,
  hash,
  integer,
  oneOf,
  type ParametersOf,
  type Parsed,
  required,
  string,
  stringThat,
} from "../parameters.ts";
import type { Place } from "../place.ts";
import { plain, seconds } from "../plain.ts";
import { route } from "../routes.ts";
import type { AccountWorld } from "../types.ts";
import { changedValues } from "./changed-values.ts";
import { cancelSubscription } from "./subscriptions.ts";

const country = stringThat((code) =>
  COUNTRIES.includes(code.toUpperCase())
    ? null
    : `Country '${code}' is unknown. Try using a 2-character alphanumeric country code instead, such as 'US', 'EG', or 'GB'.`,
);
const email = emailAddress(MOST_CHARACTERS.customerEmail);
const address = {
  city: emptyable(string()),
  country: emptyable(country),
  line1: emptyable(string()),
  line2: emptyable(string()),
  postal_code: emptyable(string()),
  state: emptyable(string()),
};
const fields = {
  address: emptyable(hash(address)),
  balance: integer(),
  description: emptyable(string()),
  email: emptyable(email),
  metadata: metadata(),
  name: emptyable(string(MOST_CHARACTERS.customerName)),
  phone: emptyable(string(MOST_CHARACTERS.customerPhone)),
  preferred_locales: array(string()),
  shipping: emptyable(hash({ address: required(hash(address)), name: required(string()), phone: string() })),
  tax_exempt: emptyable(oneOf("exempt", "none", "reverse")),
};
const created = fields satisfies ParametersOf<Stripe.CustomerCreateParams>;
const updated = fields satisfies ParametersOf<Stripe.CustomerUpdateParams>;
const listed = {
  ...listParameters,
  created: rangeParameter(),
  email: string(512),
} satisfies ParametersOf<Stripe.CustomerListParams>;
type Fields = Parsed<typeof fields>;

export const customerRoutes = [
  route("POST", "/v1/customers", "customer", created, (call) => createCustomer(call, call.params)),
  route("GET", "/v1/customers", "customer", listed, ({ account, params, url }) => {
    const customers = newestFirst(account.customers)
      .filter((customer) => params.email === undefined || customer.email === params.email)
      .filter((customer) => inRange(customer.created, params.created));
    return paginate(customers, params, { url, kind: "customer" });
  }),
  route("GET", "/v1/customers/:id", "customer", {}, ({ account, id }) => {
    if (account.deletedCustomers.includes(id)) return deleted(id);
    return find(account, id);
  }),
  route("POST", "/v1/customers/:id", "customer", updated, ({ context, accountId, account, id, params }) => {
    const customer = find(account, id);
    const before = plain(customer);
    change(customer, params);
    emitEvent(context, accountId, "customer.updated", customer, changedValues(before, customer));
    return customer;
  }),
  route("DELETE", "/v1/customers/:id", "customer", {}, ({ context, accountId, account, id }) => {
    const customer = find(account, id);
    delete account.customers[id];
    account.deletedCustomers.push(id);
    // https://docs.stripe.com/api/customers/delete: the active subscriptions are canceled too.
    for (const subscription of Object.values(account.subscriptions)) {
      if (subscription.customer === id && subscription.status !== "canceled") {
        cancelSubscription(context, account, subscription);
      }
    }
    emitEvent(context, accountId, "customer.deleted", customer);
    return deleted(id);
  }),
];

/** Makes and keeps a customer, and says so. */
export function createCustomer({ context, accountId, account }: Place, params: Fields): Stripe.Customer {
  const customer: Stripe.Customer = {
    id: newId("cus"),
    object: "customer",
    address: null,
    balance: 0,
    created: seconds(context.now()),
    currency: null,
    default_source: null,
    delinquent: false,
    description: null,
    discount: null,
    email: null,
    invoice_prefix: randomString(8).toUpperCase(),
    invoice_settings: {
      custom_fields: null,
      default_payment_method: null,
      footer: null,
      rendering_options: null,
    },
    livemode: false,
    metadata: {},
    name: null,
    next_invoice_sequence: 1,
    phone: null,
    preferred_locales: [],
    shipping: null,
    tax_exempt: "none",
    test_clock: null,
  };
  change(customer, params);
  account.customers[customer.id] = customer;
  emitEvent(context, accountId, "customer.created", customer);
  return customer;
}

function change(customer: Stripe.Customer, params: Fields): void {
  const { metadata: metadataChange, address: newAddress, shipping, ...rest } = params;
  customer.metadata = mergeMetadata(customer.metadata, metadataChange);
  if (newAddress !== undefined) customer.address = newAddress && fullAddress(newAddress);
  if (shipping !== undefined)
    customer.shipping = shipping && { ...shipping, address: fullAddress(shipping.address) };
  Object.assign(customer, rest satisfies Partial<Stripe.Customer>);
}

function fullAddress(params: Parsed<typeof address>): Stripe.Address {
  const empty = { city: null, country: null, line1: null, line2: null, postal_code: null, state: null };
  return { ...empty, ...params };
}

function deleted(id: string): Stripe.DeletedCustomer {
  return { id, object: "customer", deleted: true };
}

function find(account: AccountWorld, id: string): Stripe.Customer {
  const customer = account.customers[id];
  if (!customer) throw noSuch("customer", id);
  return customer;
}
