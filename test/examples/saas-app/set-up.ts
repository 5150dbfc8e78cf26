// What is done once for an environment, by an admin key: prices at Stripe get names, payers are sent to the product
// alone, and the product hears of what happens.

import Stripe from "stripe";
import { dataOf } from "../../../client/index.ts";
import { SECRET_KEY } from "../../demo/connect-stripe.ts";
import type { DemoTenant } from "../../demo/prepare-tenant.ts";
import type { Stack } from "../../demo/start-stack.ts";
import { PLANS, PRODUCT } from "./catalogue.ts";
import { EVENT_TYPES } from "./receive.ts";

const MONTHLY_MINOR: Record<string, number> = { starter: 900, pro: 2900 };
const KEY_NAME = "saas-app";

/** @returns the product's own key, and the secret by which it knows Quittance's messages */
export async function setUp(
  stack: Stack,
  { quittance }: DemoTenant,
  origin: string,
): Promise<{ key: string; hookSecret: string }> {
  for (const { name, price } of await makePrices(stack.sandbox)) {
    const params = { path: { id: name } };
    await dataOf(quittance.PUT("/api/v1/price_aliases/{id}", { params, body: { price } }));
  }
  const url = `${origin}/hooks/quittance`;
  const all = { params: { query: { limit: 100 } } };
  // An earlier run may have left its own, at this port or another.
  const { data: destinations } = await dataOf(quittance.GET("/api/v1/event_destinations", all));
  for (const { id } of destinations.filter((one) => one.url.endsWith("/hooks/quittance")))
    await dataOf(quittance.DELETE("/api/v1/event_destinations/{id}", { params: { path: { id } } }));
  const wanted = { url, event_types: [...EVENT_TYPES], description: "saas-app" };
  const { secret } = await dataOf(quittance.POST("/api/v1/event_destinations", { body: wanted }));
  const { data: keys } = await dataOf(quittance.GET("/api/v1/api_keys", all));
  for (const { id } of keys.filter(({ name, revoked_at }) => name === KEY_NAME && revoked_at === null))
    await dataOf(quittance.DELETE("/api/v1/api_keys/{id}", { params: { path: { id } } }));
  const { key } = await dataOf(
    quittance.POST("/api/v1/api_keys", { body: { name: KEY_NAME, role: "write" } }),
  );
  return { key, hookSecret: secret };
}

/** As somebody makes them in Stripe's dashboard. */
async function makePrices(sandbox: string): Promise<{ name: string; price: string }[]> {
  const { hostname, port } = new URL(sandbox);
  const stripe = new Stripe(SECRET_KEY, { host: hostname, port, protocol: "http" });
  const price = async (title: string, unit_amount: number, recurring?: { interval: "month" }) => {
    const product_data = { name: title };
    return (
      await stripe.prices.create({
        currency: "eur",
        unit_amount,
        product_data,
        ...(recurring && { recurring }),
      })
    ).id;
  };
  const plans = PLANS.map(async ({ name, title }) => ({
    name,
    price: await price(title, MONTHLY_MINOR[name] ?? 0, { interval: "month" }),
  }));
  return Promise.all([
    ...plans,
    price(PRODUCT.title, 4900).then((id) => ({ name: PRODUCT.name, price: id })),
  ]);
}
