// Which object of a filled world each page of one object is opened with.

import * as z from "zod";
import type { Api } from "../demo/api.ts";

const list = z.object({
  data: z.array(z.object({ id: z.string(), provider_payment_id: z.string().nullish() })),
});
/** Of payments that were recorded by hand. */
const BY_HAND = /\/payments\/:id\/(?:refund-by-hand|reverse)$/;

/** The list of which the first is taken; a longer beginning of a page's pattern counts before a shorter. */
const FIRST_OF: Record<string, string> = {
  "/dashboard/invoices/:id": "/invoices?is=refunded",
  "/dashboard/invoices/:id/edit": "/invoices?status=draft",
  "/dashboard/invoices/:id/finalize": "/invoices?status=draft",
  "/dashboard/invoices/:id/delete": "/invoices?status=draft",
  "/dashboard/invoices/:id/record-payment": "/invoices?status=open",
  "/dashboard/invoices/:id/payment-link": "/invoices?status=open",
  "/dashboard/invoices/:id/uncollectible": "/invoices?status=open",
  "/dashboard/invoices/:id/void": "/invoices?status=open",
  "/dashboard/invoices/:id/reopen": "/invoices?status=uncollectible",
  "/dashboard/disputes/:id": "/disputes",
  "/dashboard/customers/:id": "/customers",
  "/dashboard/subscriptions/:id": "/subscriptions?status=active",
  "/dashboard/checkout-sessions/:id": "/checkout_sessions",
  "/dashboard/mails/:id": "/mails",
  "/dashboard/webhook-events/:id": "/webhook_events?status=processed",
  "/dashboard/webhook-events/:id/dismiss": "/webhook_events?status=dead",
  "/dashboard/connections/:id": "/connections",
  "/dashboard/event-destinations/:id": "/event_destinations",
  "/dashboard/api-keys/:id": "/api_keys",
  "/dashboard/stuck-jobs/:id": "/jobs",
};

export type WorldIds = { tenantId: string; environmentId: string };

/** Patterns of pages, each with the address that it is opened at; null where the world has no such object. */
export async function pathsOf(
  patterns: readonly string[],
  api: Api,
  { tenantId, environmentId }: WorldIds,
): Promise<Map<string, string | null>> {
  const found = new Map<string, string | null>();
  for (const pattern of patterns) {
    const path = pattern.replace(":tenant_id", tenantId).replace(":environment_id", environmentId);
    found.set(pattern, await withId(path, pattern, api));
  }
  return found;
}

async function withId(path: string, pattern: string, api: Api): Promise<string | null> {
  if (!path.includes("/:")) return path;
  const id = await idFor(pattern, api);
  return id === null ? null : path.replace(/:(?:id|token)/, encodeURIComponent(id));
}

async function idFor(pattern: string, api: Api): Promise<string | null> {
  if (pattern === "/dashboard/open/:token") return "a-link-that-was-used";
  if (pattern.startsWith("/dashboard/payments/:id")) {
    const { data } = await api.get("/payments?status=succeeded&limit=100", list);
    const isByHand = BY_HAND.test(pattern);
    return data.find((one) => (one.provider_payment_id === null) === isByHand)?.id ?? null;
  }
  if (pattern === "/dashboard/deliveries/:id") {
    const destination = await firstOf("/event_destinations", api);
    return firstOf(`/event_destinations/${destination}/deliveries`, api);
  }
  const known = Object.keys(FIRST_OF).filter((one) => pattern === one || pattern.startsWith(`${one}/`));
  const [longest] = known.sort((a, b) => b.length - a.length);
  const source = pattern.includes("/api-keys/:id") ? "/api_keys" : longest && FIRST_OF[longest];
  return source === undefined ? null : firstOf(source, api);
}

async function firstOf(path: string, api: Api): Promise<string | null> {
  return (await api.get(path, list)).data[0]?.id ?? null;
}
