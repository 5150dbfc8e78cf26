import type { StripeEventShape } from "../../../src/webhooks/facts.ts";

export const NEWEST = "2026-10-28.endive";
/** 2026-11-03T09:20:00Z, in seconds. */
export const CREATED = 1_793_697_600;

export const OUR_METADATA = {
  invoice_id: "inv_2041",
  customer_id: "cust_77",
  quittance_tenant_id: "tenant_acme",
  quittance_environment_id: "env_acme_live",
};
export const OUR_OWNER = {
  invoiceId: "inv_2041",
  customerId: "cust_77",
  linkRevision: null,
  tenantId: "tenant_acme",
  environmentId: "env_acme_live",
};
export const NO_OWNER = {
  ...{ invoiceId: null, customerId: null, linkRevision: null },
  ...{ tenantId: null, environmentId: null },
};

type Overrides = Partial<Omit<StripeEventShape, "data" | "type">> & { previous?: unknown };

/** An event as Stripe delivers it, with everything around the object that a delivery has. */
export function event(type: string, object: unknown, overrides: Overrides = {}): StripeEventShape {
  const { previous, ...envelope } = overrides;
  return {
    id: "evt_1SQh0aKb3xW9tLm4",
    api_version: NEWEST,
    created: CREATED,
    livemode: false,
    ...{ object: "event", pending_webhooks: 1, request: { id: "req_8hVq2", idempotency_key: null } },
    ...envelope,
    type,
    data: { object, ...(previous === undefined ? {} : { previous_attributes: previous }) },
  };
}

/** An event of the days when `request` was an id and nothing knew of idempotency keys (before 2017-05-25). */
export function oldEvent(
  type: string,
  object: unknown,
  apiVersion: string,
  created: number,
): StripeEventShape {
  return { ...event(type, object, { api_version: apiVersion, created }), ...{ request: "req_9aQ" } };
}

/** A list as Stripe embeds it. */
export function list(url: string, data: unknown[]) {
  return { object: "list", data, has_more: false, total_count: data.length, url };
}
