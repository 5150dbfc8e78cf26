// What is done once for an environment, by an admin key: prices at Stripe get names, payers are sent to the product
// alone, and the product hears of what happens.

import Stripe from "stripe";
import * as z from "zod";
import { SECRET_KEY } from "../../demo/connect-stripe.ts";
import type { DemoTenant } from "../../demo/prepare-tenant.ts";
import type { Stack } from "../../demo/start-stack.ts";
import { PLANS, PRODUCT } from "./catalogue.ts";
import { EVENT_TYPES } from "./receive.ts";

const MONTHLY_MINOR: Record<string, number> = { starter: 900, pro: 2900 };
const KEY_NAME = "saas-app";
const apiKeys = z.object({
  data: z.array(z.object({ id: z.string(), name: z.string(), revoked_at: z.string().nullable() })),
});
const destinations = z.object({ data: z.array(z.object({ id: z.string(), url: z.string() })) });

/** @returns the product's own key, and the secret by which it knows Quittance's messages */
export async function setUp(
  stack: Stack,
  { apiKey, api }: DemoTenant,
  origin: string,
): Promise<{ key: string; hookSecret: string }> {
  const admin = async (method: string, path: string, body?: object): Promise<void> => {
    const response = await fetch(`${stack.worker}/api/v1${path}`, {
      method,
      headers: { authorization: `Bearer ${apiKey}`, "content-type": "application/json" },
      ...(body && { body: JSON.stringify(body) }),
    });
    if (!response.ok)
      throw new Error(`${method} ${path} answered ${response.status}: ${await response.text()}`);
  };
  for (const { name, price } of await makePrices(stack.sandbox))
    await admin("PUT", `/price_aliases/${name}`, { price });
  const url = `${origin}/hooks/quittance`;
  // An earlier run may have left its own, at this port or another.
  const { data } = await api.get("/event_destinations?limit=100", destinations);
  for (const former of data.filter((one) => one.url.endsWith("/hooks/quittance")))
    await admin("DELETE", `/event_destinations/${former.id}`);
  const wanted = { url, event_types: EVENT_TYPES, description: "saas-app" };
  const { secret } = await api.post("/event_destinations", wanted, z.object({ secret: z.string() }));
  const { data: keys } = await api.get("/api_keys?limit=100", apiKeys);
  for (const former of keys.filter(({ name, revoked_at }) => name === KEY_NAME && revoked_at === null))
    await admin("DELETE", `/api_keys/${former.id}`);
  const { key } = await api.post(
    "/api_keys",
    { name: KEY_NAME, role: "write" },
    z.object({ key: z.string() }),
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
