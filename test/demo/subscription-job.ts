// What becomes of subscriptions, a line a step: one is paid and its payment disputed, another's trial ends and its card
// is declined.

import { dataOf, type Quittance } from "../../client/index.ts";
import type { components } from "../../client/openapi.generated.ts";
import { SECRET_KEY } from "./connect-stripe.ts";
import { checkOutInBrowser } from "./pay-in-browser.ts";
import type { DemoTenant } from "./prepare-tenant.ts";
import { step } from "./report.ts";
import type { Stack } from "./start-stack.ts";
import { until } from "./until.ts";

/** https://docs.stripe.com/testing: it pays, and is then disputed. */
const DISPUTED_CARD = "4000 0000 0000 0259";
/** It can be left for later, and is declined then. */
const DECLINED_LATER_CARD = "4000 0000 0000 0341";

type Payment = components["schemas"]["Payment"];
type SubscriptionInvoice = components["schemas"]["SubscriptionInvoice"];

/** @param secretKey of the account that the tenant is connected to */
export async function subscribe(
  { sandbox }: Stack,
  { quittance }: DemoTenant,
  secretKey = SECRET_KEY,
): Promise<void> {
  const paid = await step(
    "subscription paid",
    () => payFirst(quittance),
    ({ amount_decimal, currency }) => `${DISPUTED_CARD}: ${amount_decimal} ${currency}`,
  );
  await step(
    "its payment disputed",
    () => waitForDispute(quittance, paid.id),
    ({ status }) => status,
  );
  await step(
    "another's payment failed",
    () => failLater(sandbox, secretKey, quittance),
    ({ last_failure, next_attempt_at }) =>
      `${last_failure?.message ?? "declined"} Stripe tries again ${next_attempt_at?.slice(0, 10) ?? "never"}`,
  );
}

async function payFirst(quittance: Quittance): Promise<Payment> {
  const query = { subscription_id: await begin(quittance, DISPUTED_CARD, {}) };
  return until("the subscription has no payment", async () => {
    const { data } = await dataOf(quittance.GET("/api/v1/payments", { params: { query } }));
    return data.find(({ status }) => status === "succeeded") ?? null;
  });
}

function waitForDispute(quittance: Quittance, paymentId: string): Promise<{ status: string }> {
  return until("the payment was not disputed", async () => {
    const { data } = await dataOf(quittance.GET("/api/v1/disputes"));
    return data.find(({ payment_id }) => payment_id === paymentId) ?? null;
  });
}

async function failLater(
  sandbox: string,
  secretKey: string,
  quittance: Quittance,
): Promise<SubscriptionInvoice> {
  const subscriptionId = await begin(quittance, DECLINED_LATER_CARD, { trial_days: 14 });
  // As in Stripe's own dashboard: https://docs.stripe.com/billing/subscriptions/trials#end-trial
  const ended = await fetch(`${sandbox}/v1/subscriptions/${subscriptionId}`, {
    method: "POST",
    headers: { authorization: `Bearer ${secretKey}` },
    body: new URLSearchParams({ trial_end: "now" }),
  });
  if (!ended.ok) throw new Error(`The trial did not end: ${await ended.text()}`);
  const query = { subscription_id: subscriptionId, status: "open" as const };
  return until("the payment did not fail", async () => {
    const { data } = await dataOf(quittance.GET("/api/v1/subscription_invoices", { params: { query } }));
    return data.find((one) => one.attempt_count > 0 && one.last_failure !== null) ?? null;
  });
}

/** Somebody subscribes on Stripe's page. @returns the subscription's id, once it is mirrored */
async function begin(quittance: Quittance, card: string, more: { trial_days?: number }): Promise<string> {
  const price_data = {
    currency: "EUR",
    unit_amount: 4900,
    recurring: { interval: "month" as const },
    product_data: { name: "Pro plan" },
  };
  const body = {
    mode: "subscription" as const,
    line_items: [{ price_data, quantity: 1 }],
    success_url: "https://shop.example/thanks",
    cancel_url: "https://shop.example/pricing",
    ...more,
  };
  const made = await dataOf(quittance.POST("/api/v1/checkout_sessions", { body }));
  await checkOutInBrowser(made.url ?? "", card);
  const params = { path: { id: made.id } };
  const { subscription_id: id } = await dataOf(quittance.GET("/api/v1/checkout_sessions/{id}", { params }));
  if (id === null) throw new Error("The session has led to no subscription.");
  return until("the subscription is not mirrored", async () => {
    const { data } = await quittance.GET("/api/v1/subscriptions/{id}", { params: { path: { id } } });
    return data?.id ?? null;
  });
}
