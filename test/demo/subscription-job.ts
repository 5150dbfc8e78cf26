// What becomes of subscriptions, a line a step: one is paid and its payment disputed, another's trial ends and its card
// is declined.

import * as z from "zod";
import { type Api, until } from "./api.ts";
import { SECRET_KEY } from "./connect-stripe.ts";
import { checkOutInBrowser } from "./pay-in-browser.ts";
import type { DemoTenant } from "./prepare-tenant.ts";
import { step } from "./report.ts";
import type { Stack } from "./start-stack.ts";

/** https://docs.stripe.com/testing: it pays, and is then disputed. */
const DISPUTED_CARD = "4000 0000 0000 0259";
/** It can be left for later, and is declined then. */
const DECLINED_LATER_CARD = "4000 0000 0000 0341";

const session = z.object({ id: z.string(), url: z.string(), subscription_id: z.string().nullable() });
const payments = z.object({
  data: z.array(
    z.object({ id: z.string(), status: z.string(), amount_decimal: z.string(), currency: z.string() }),
  ),
});
const disputes = z.object({ data: z.array(z.object({ payment_id: z.string(), status: z.string() })) });
const invoices = z.object({
  data: z.array(
    z.object({
      status: z.string(),
      attempt_count: z.int(),
      next_attempt_at: z.string().nullable(),
      last_failure: z.object({ message: z.string().nullable() }).nullable(),
    }),
  ),
});

/** @param secretKey of the account that the tenant is connected to */
export async function subscribe(
  { sandbox }: Stack,
  { api }: DemoTenant,
  secretKey = SECRET_KEY,
): Promise<void> {
  const paid = await step(
    "subscription paid",
    () => payFirst(api),
    ({ amount_decimal, currency }) => `${DISPUTED_CARD}: ${amount_decimal} ${currency}`,
  );
  await step(
    "its payment disputed",
    () => waitForDispute(api, paid.id),
    ({ status }) => status,
  );
  await step(
    "another's payment failed",
    () => failLater(sandbox, secretKey, api),
    ({ last_failure, next_attempt_at }) =>
      `${last_failure?.message ?? "declined"} Stripe tries again ${next_attempt_at?.slice(0, 10) ?? "never"}`,
  );
}

async function payFirst(api: Api): Promise<z.infer<typeof payments>["data"][number]> {
  const subscriptionId = await begin(api, DISPUTED_CARD, {});
  return until("the subscription has no payment", async () => {
    const { data } = await api.get(`/payments?subscription_id=${subscriptionId}`, payments);
    return data.find(({ status }) => status === "succeeded") ?? null;
  });
}

function waitForDispute(api: Api, paymentId: string): Promise<{ status: string }> {
  return until("the payment was not disputed", async () => {
    const { data } = await api.get("/disputes", disputes);
    return data.find(({ payment_id }) => payment_id === paymentId) ?? null;
  });
}

async function failLater(
  sandbox: string,
  secretKey: string,
  api: Api,
): Promise<z.infer<typeof invoices>["data"][number]> {
  const subscriptionId = await begin(api, DECLINED_LATER_CARD, { trial_days: 14 });
  // As in Stripe's own dashboard: https://docs.stripe.com/billing/subscriptions/trials#end-trial
  const ended = await fetch(`${sandbox}/v1/subscriptions/${subscriptionId}`, {
    method: "POST",
    headers: { authorization: `Bearer ${secretKey}` },
    body: new URLSearchParams({ trial_end: "now" }),
  });
  if (!ended.ok) throw new Error(`The trial did not end: ${await ended.text()}`);
  return until("the payment did not fail", async () => {
    const path = `/subscription_invoices?subscription_id=${subscriptionId}&status=open`;
    const { data } = await api.get(path, invoices);
    return data.find((one) => one.attempt_count > 0 && one.last_failure !== null) ?? null;
  });
}

/** Somebody subscribes on Stripe's page. @returns the subscription's id, once it is mirrored */
async function begin(api: Api, card: string, more: { trial_days?: number }): Promise<string> {
  const recurring = { interval: "month" };
  const price_data = {
    currency: "EUR",
    unit_amount: 4900,
    recurring,
    product_data: { name: "Pro plan" },
  };
  const made = await api.post(
    "/checkout_sessions",
    {
      mode: "subscription",
      line_items: [{ price_data, quantity: 1 }],
      success_url: "https://shop.example/thanks",
      cancel_url: "https://shop.example/pricing",
      ...more,
    },
    session,
  );
  await checkOutInBrowser(made.url, card);
  const { subscription_id } = await api.get(
    `/checkout_sessions/${made.id}`,
    session.extend({ url: z.unknown() }),
  );
  if (subscription_id === null) throw new Error("The session has led to no subscription.");
  await until("the subscription is not mirrored", () =>
    api.get(`/subscriptions/${subscription_id}`, z.object({ id: z.string() })).catch(() => null),
  );
  return subscription_id;
}
