// Prices: kept ones, and those made on the spot for a link or a session (`price_data`).

import Stripe from "stripe";
import { MOST, MOST_CHARACTERS, TAX_BEHAVIORS } from "../../../src/platform/stripe-limits.ts";
import { checkUnitAmount, currency } from "../amounts.ts";
import type { SandboxContext } from "../context.ts";
import { emitEvent } from "../emit-event.ts";
import { invalidRequest, missingParameter, noSuch, noSuchParam } from "../errors.ts";
import { newId } from "../ids.ts";
import { inRange, listParameters, newestFirst, paginate, rangeParameter } from "../lists.ts";
import { mergeMetadata, metadata } from "../metadata.ts";
import {
  array,
  boolean,
  hash,
  integer,
  oneOf,
  type ParametersOf,
  type Parsed,
  required,
  string,
  url,
} from "../parameters.ts";
import { plain, seconds } from "../plain.ts";
import { route } from "../routes.ts";
import type { AccountWorld } from "../types.ts";
import { changedValues } from "./changed-values.ts";
import { newProduct } from "./products.ts";

const productData = {
  name: required(string(MOST_CHARACTERS.productName)),
  description: string(MOST_CHARACTERS.productDescription),
  images: array(url(MOST_CHARACTERS.imageUrl), MOST.images),
  metadata: metadata(),
  statement_descriptor: string(22),
  tax_code: string(),
  unit_label: string(),
};
const amountFields = {
  currency: required(currency()),
  product: string(),
  product_data: hash(productData),
  recurring: hash({
    interval: required(oneOf("day", "month", "week", "year")),
    interval_count: integer({ min: 1 }),
  }),
  tax_behavior: oneOf(...TAX_BEHAVIORS),
  unit_amount: integer({ min: 0 }),
};
/** A price made on the spot, inside a line item. */
export const priceData = hash(amountFields);
type PriceData = Parsed<typeof amountFields>;

const created = {
  ...amountFields,
  active: boolean(),
  lookup_key: string(),
  metadata: metadata(),
  nickname: string(),
} satisfies ParametersOf<Stripe.PriceCreateParams>;
const updated = {
  active: boolean(),
  metadata: metadata(),
  nickname: string(),
} satisfies ParametersOf<Stripe.PriceUpdateParams>;
const listed = {
  ...listParameters,
  active: boolean(),
  created: rangeParameter(),
  currency: currency(),
  lookup_keys: array(string()),
  product: string(),
  type: oneOf("one_time", "recurring"),
} satisfies ParametersOf<Stripe.PriceListParams>;

export const priceRoutes = [
  route("POST", "/v1/prices", "plan", created, ({ context, accountId, account, params }) => {
    const price = createPrice(context, accountId, params, "");
    Object.assign(price, {
      active: params.active ?? true,
      lookup_key: params.lookup_key ?? null,
      metadata: mergeMetadata(null, params.metadata),
      nickname: params.nickname ?? null,
    } satisfies Partial<Stripe.Price>);
    account.prices[price.id] = price;
    emitEvent(context, accountId, "price.created", price);
    return price;
  }),
  route("GET", "/v1/prices", "plan", listed, ({ account, params, url }) => {
    const prices = newestFirst(account.prices)
      .filter((price) => params.active === undefined || price.active === params.active)
      .filter((price) => params.currency === undefined || price.currency === params.currency)
      .filter((price) => params.product === undefined || price.product === params.product)
      .filter((price) => params.type === undefined || price.type === params.type)
      .filter((price) => params.lookup_keys?.includes(price.lookup_key ?? "") ?? true)
      .filter((price) => inRange(price.created, params.created));
    return paginate(prices, params, { url, kind: "price" });
  }),
  route("GET", "/v1/prices/:id", "plan", {}, ({ account, id }) => {
    return find(account, id);
  }),
  route("POST", "/v1/prices/:id", "plan", updated, ({ context, accountId, account, id, params }) => {
    const price = find(account, id);
    const before = plain(price);
    price.metadata = mergeMetadata(price.metadata, params.metadata);
    if (params.active !== undefined) price.active = params.active;
    if (params.nickname !== undefined) price.nickname = params.nickname;
    emitEvent(context, accountId, "price.updated", price, changedValues(before, price));
    return price;
  }),
];

function find(account: AccountWorld, id: string): Stripe.Price {
  // An id may be a word that every object has, such as `constructor`.
  const price = Object.hasOwn(account.prices, id) ? account.prices[id] : undefined;
  if (!price) throw noSuch("price", id);
  return price;
}

/** A new price, kept by the caller; its product, when new, is kept here. `parent` is the name of the hash it was sent in. */
export function createPrice(
  context: SandboxContext,
  accountId: string,
  data: PriceData,
  parent: string,
): Stripe.Price {
  const name = (key: string) => (parent === "" ? key : `${parent}[${key}]`);
  const amount = data.unit_amount;
  if (amount === undefined) throw missingParameter(name("unit_amount"));
  checkUnitAmount(amount, data.currency, name("unit_amount"));
  return plain<Stripe.Price>({
    id: newId("price"),
    object: "price",
    active: parent === "",
    billing_scheme: "per_unit",
    created: seconds(context.now()),
    currency: data.currency,
    custom_unit_amount: null,
    livemode: false,
    lookup_key: null,
    metadata: {},
    nickname: null,
    product: productOf(context, accountId, data, name),
    recurring: recurringOf(data, name),
    tax_behavior: data.tax_behavior ?? "unspecified",
    tiers_mode: null,
    transform_quantity: null,
    type: data.recurring ? "recurring" : "one_time",
    unit_amount: amount,
    unit_amount_decimal: Stripe.Decimal.from(amount),
  });
}

function productOf(
  context: SandboxContext,
  accountId: string,
  data: PriceData,
  name: (key: string) => string,
): string {
  const account: AccountWorld | undefined = context.world.accounts[accountId];
  if (data.product !== undefined && data.product_data !== undefined) {
    throw invalidRequest("You may only specify one of these parameters: product, product_data.");
  }
  if (data.product !== undefined) {
    if (!account?.products[data.product]) throw noSuchParam("product", data.product, name("product"));
    return data.product;
  }
  if (!data.product_data) throw missingParameter(name("product"));
  const product = newProduct(context, { ...data.product_data, active: false });
  if (account) account.products[product.id] = product;
  emitEvent(context, accountId, "product.created", product);
  return product.id;
}

function recurringOf(data: PriceData, name: (key: string) => string): Stripe.Price.Recurring | null {
  if (!data.recurring) return null;
  const { interval, interval_count: count = 1 } = data.recurring;
  if (count > MOST.intervals[interval]) {
    const message = `Invalid interval_count: must be no more than ${MOST.intervals[interval]} for interval ${interval}.`;
    throw invalidRequest(message, { param: `${name("recurring")}[interval_count]` });
  }
  return {
    interval,
    interval_count: count,
    meter: null,
    trial_period_days: null,
    usage_type: "licensed",
  };
}
