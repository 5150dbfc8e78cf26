// Which object of a filled world each page of one object is opened with.

import { dataOf, type Quittance } from "../../client/index.ts";

/** Of payments that were recorded by hand. */
const BY_HAND = /\/payments\/:id\/(?:refund-by-hand|reverse)$/;

type ReadList = (quittance: Quittance) => Promise<{ data: { id: string }[] }>;
type InvoiceQuery = { status?: "draft" | "open" | "uncollectible"; is?: "refunded" };
const invoices =
  (query: InvoiceQuery): ReadList =>
  (quittance) =>
    dataOf(quittance.GET("/api/v1/invoices", { params: { query } }));
const events =
  (status: "processed" | "dead"): ReadList =>
  (quittance) =>
    dataOf(quittance.GET("/api/v1/webhook_events", { params: { query: { status } } }));

/** The list of which the first is taken; a longer beginning of a page's pattern counts before a shorter. */
const FIRST_OF: Record<string, ReadList> = {
  "/dashboard/invoices/:id": invoices({ is: "refunded" }),
  "/dashboard/invoices/:id/edit": invoices({ status: "draft" }),
  "/dashboard/invoices/:id/finalize": invoices({ status: "draft" }),
  "/dashboard/invoices/:id/delete": invoices({ status: "draft" }),
  "/dashboard/invoices/:id/record-payment": invoices({ status: "open" }),
  "/dashboard/invoices/:id/payment-link": invoices({ status: "open" }),
  "/dashboard/invoices/:id/uncollectible": invoices({ status: "open" }),
  "/dashboard/invoices/:id/void": invoices({ status: "open" }),
  "/dashboard/invoices/:id/reopen": invoices({ status: "uncollectible" }),
  "/dashboard/disputes/:id": (quittance) => dataOf(quittance.GET("/api/v1/disputes")),
  "/dashboard/customers/:id": (quittance) => dataOf(quittance.GET("/api/v1/customers")),
  "/dashboard/subscriptions/:id": (quittance) =>
    dataOf(quittance.GET("/api/v1/subscriptions", { params: { query: { status: "active" } } })),
  "/dashboard/checkout-sessions/:id": (quittance) => dataOf(quittance.GET("/api/v1/checkout_sessions")),
  "/dashboard/mails/:id": (quittance) => dataOf(quittance.GET("/api/v1/mails")),
  "/dashboard/webhook-events/:id": events("processed"),
  "/dashboard/webhook-events/:id/dismiss": events("dead"),
  "/dashboard/connections/:id": (quittance) => dataOf(quittance.GET("/api/v1/connections")),
  "/dashboard/event-destinations/:id": (quittance) => dataOf(quittance.GET("/api/v1/event_destinations")),
  "/dashboard/api-keys/:id": apiKeys,
  "/dashboard/stuck-jobs/:id": (quittance) => dataOf(quittance.GET("/api/v1/jobs")),
};

function apiKeys(quittance: Quittance): ReturnType<ReadList> {
  return dataOf(quittance.GET("/api/v1/api_keys"));
}

export type WorldIds = {
  tenantId: string;
  environmentId: string;
  /** Of a queue's message that could not be read; left out: there is none. */
  messageId?: string;
};

/** Patterns of pages, each with the address that it is opened at; null where the world has no such object. */
export async function pathsOf(
  patterns: readonly string[],
  quittance: Quittance,
  { tenantId, environmentId, messageId }: WorldIds,
): Promise<Map<string, string | null>> {
  const found = new Map<string, string | null>();
  for (const pattern of patterns) {
    const path = pattern.replace(":tenant_id", tenantId).replace(":environment_id", environmentId);
    const isMessage = pattern.startsWith("/console/messages/:id");
    const id = !path.includes("/:") ? "" : isMessage ? (messageId ?? null) : await idFor(pattern, quittance);
    found.set(pattern, id === null ? null : path.replace(/:(?:id|token)/, encodeURIComponent(id)));
  }
  return found;
}

async function idFor(pattern: string, quittance: Quittance): Promise<string | null> {
  if (pattern === "/dashboard/open/:token") return "a-link-that-was-used";
  if (pattern.startsWith("/dashboard/payments/:id")) {
    const query = { status: "succeeded" as const, limit: 100 };
    const { data } = await dataOf(quittance.GET("/api/v1/payments", { params: { query } }));
    const isByHand = BY_HAND.test(pattern);
    return data.find((one) => (one.provider_payment_id === null) === isByHand)?.id ?? null;
  }
  if (pattern === "/dashboard/deliveries/:id") {
    const { data } = await dataOf(quittance.GET("/api/v1/event_destinations"));
    const params = { path: { id: data[0]?.id ?? "" } };
    const deliveries = await dataOf(quittance.GET("/api/v1/event_destinations/{id}/deliveries", { params }));
    return deliveries.data[0]?.id ?? null;
  }
  const known = Object.keys(FIRST_OF).filter((one) => pattern === one || pattern.startsWith(`${one}/`));
  const [longest] = known.sort((a, b) => b.length - a.length);
  const read = pattern.includes("/api-keys/:id") ? apiKeys : longest && FIRST_OF[longest];
  return read ? ((await read(quittance)).data[0]?.id ?? null) : null;
}
