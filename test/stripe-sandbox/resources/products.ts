// Products: what is sold. A price made on the spot (`price_data[product_data]`) makes one too.

import type Stripe from "stripe";
import type { SandboxContext } from "../context.ts";
import { emitEvent } from "../emit-event.ts";
import { invalidRequest, noSuch } from "../errors.ts";
import { newId } from "../ids.ts";
import { inRange, listParameters, newestFirst, paginate, rangeParameter } from "../lists.ts";
import { type MetadataChange, mergeMetadata, metadata } from "../metadata.ts";
import { array, boolean, emptyable, type ParametersOf, required, string } from "../parameters.ts";
import { seconds } from "../plain.ts";
import { route } from "../routes.ts";
import type { AccountWorld } from "../types.ts";

const fields = {
  active: boolean(),
  description: emptyable(string()),
  images: array(string()),
  metadata: metadata(),
  statement_descriptor: string(22),
  tax_code: string(),
  unit_label: emptyable(string()),
  url: emptyable(string()),
};
const created = {
  id: string(),
  name: required(string()),
  ...fields,
} satisfies ParametersOf<Stripe.ProductCreateParams>;
const updated = {
  name: string(),
  default_price: string(),
  ...fields,
} satisfies ParametersOf<Stripe.ProductUpdateParams>;
const listed = {
  ...listParameters,
  active: boolean(),
  created: rangeParameter(),
  ids: array(string()),
} satisfies ParametersOf<Stripe.ProductListParams>;

type ProductData = {
  id?: string;
  name: string;
  active?: boolean;
  description?: string | null;
  images?: string[];
  metadata?: MetadataChange;
  statement_descriptor?: string;
  tax_code?: string;
  unit_label?: string | null;
  url?: string | null;
};

export const productRoutes = [
  route("POST", "/v1/products", "product", created, ({ context, accountId, account, params }) => {
    if (params.id !== undefined && account.products[params.id]) {
      const message = `Product already exists: ${params.id}`;
      throw invalidRequest(message, { code: "resource_already_exists", param: "id" });
    }
    const product = newProduct(context, params);
    account.products[product.id] = product;
    emitEvent(context, accountId, "product.created", product);
    return product;
  }),
  route("GET", "/v1/products", "product", listed, ({ account, params, url }) => {
    const products = newestFirst(account.products)
      .filter((product) => params.active === undefined || product.active === params.active)
      .filter((product) => params.ids === undefined || params.ids.includes(product.id))
      .filter((product) => inRange(product.created, params.created));
    return paginate(products, params, { url, kind: "product" });
  }),
  route("GET", "/v1/products/:id", "product", {}, ({ account, id }) => findProduct(account, id)),
  route("POST", "/v1/products/:id", "product", updated, ({ context, accountId, account, id, params }) => {
    const product = findProduct(account, id);
    const { metadata: change, ...rest } = params;
    const previous = Object.fromEntries(
      Object.keys(rest).map((key) => [key, product[key as keyof typeof rest]]),
    );
    Object.assign(product, rest);
    product.metadata = mergeMetadata(product.metadata, change);
    product.updated = seconds(context.now());
    emitEvent(context, accountId, "product.updated", product, previous);
    return product;
  }),
];

/** A product that is not kept yet: the caller does that. */
export function newProduct(context: SandboxContext, data: ProductData): Stripe.Product {
  return {
    id: data.id ?? newId("prod"),
    object: "product",
    active: data.active ?? true,
    created: seconds(context.now()),
    default_price: null,
    description: data.description ?? null,
    images: data.images ?? [],
    livemode: false,
    marketing_features: [],
    metadata: mergeMetadata(null, data.metadata),
    name: data.name,
    package_dimensions: null,
    shippable: null,
    statement_descriptor: data.statement_descriptor ?? null,
    tax_code: data.tax_code ?? null,
    tax_details: null,
    type: "service",
    unit_label: data.unit_label ?? null,
    updated: seconds(context.now()),
    url: data.url ?? null,
  };
}

function findProduct(account: AccountWorld, id: string): Stripe.Product {
  const product = account.products[id];
  if (!product) throw noSuch("product", id);
  return product;
}
