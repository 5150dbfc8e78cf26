// From the dashboard's button by Stripe's page of consent to an invoice that is paid: no key pasted, no webhook set up.

import type { Page } from "playwright-core";
import * as z from "zod";
import { until } from "../demo/api.ts";
import { step } from "../demo/report.ts";
import type { Stack } from "../demo/start-stack.ts";
import { type FreshTenant, freshTenant, type Scenario, signIn } from "./scenario.ts";

const CARD = {
  card_number: "4242 4242 4242 4242",
  card_expiry: "12 / 40",
  card_cvc: "123",
  name: "Ada Lovelace",
};

const connections = z.object({
  data: z.array(
    z.object({ auth_type: z.string(), status: z.string(), account: z.object({ id: z.string() }) }),
  ),
});
const invoice = z.object({
  id: z.string(),
  status: z.string(),
  payment_url: z.string().nullable(),
  payment_link: z.object({ status: z.string() }).nullable(),
});

export const connectByStripe: Scenario = {
  title: "Connect with Stripe",
  async play(page, stack) {
    const tenant = await freshTenant(stack);
    await step(
      "signed in to the dashboard",
      () => signIn(page, stack, tenant.apiKey),
      () => "by key",
    );
    await step("consent denied, and said so", () => deny(page, stack), String);
    await step("account connected at Stripe", () => consent(page, stack, tenant), String);
    const { id, url } = await step(
      "invoice with a payment URL",
      () => bill(tenant),
      (made) => made.url,
    );
    await step("paid in the browser", () => pay(page, url), String);
    await step("invoice paid by webhook", () => isPaid(tenant, id), String);
    await step("access taken back at Stripe", () => takeBack(stack, tenant), String);
  },
};

async function toStripe(page: Page, stack: Stack): Promise<void> {
  await page.goto(`${stack.worker}/dashboard/connections`);
  await page.getByRole("link", { name: "Connect with Stripe" }).click();
  await page.getByText("What it may not do").waitFor();
  await page.getByRole("button", { name: "Connect with Stripe" }).click();
  await page.waitForURL(/\/oauth\/authorize/);
}

async function deny(page: Page, stack: Stack): Promise<string> {
  await toStripe(page, stack);
  await page.getByRole("button", { name: "Deny" }).click();
  await page.getByText("You did not give access at Stripe").waitFor();
  return page.getByRole("heading", { level: 1 }).innerText();
}

async function consent(page: Page, stack: Stack, { api, name }: FreshTenant): Promise<string> {
  await toStripe(page, stack);
  await page.locator("#account").fill(`acct_${name}`);
  await page.getByRole("button", { name: "Connect", exact: true }).click();
  await page.waitForURL(/\/dashboard\/connections/);
  const [made] = (await api.get("/connections", connections)).data;
  if (made?.auth_type !== "oauth" || made.status !== "active" || made.account.id !== `acct_${name}`)
    throw new Error(`The connection is ${JSON.stringify(made)}.`);
  return made.account.id;
}

async function bill({ api }: FreshTenant): Promise<{ id: string; url: string }> {
  await api.post(
    "/customers",
    { id: "cus_ada", name: "Ada Lovelace", email: "ada@example.com" },
    z.unknown(),
  );
  const lines = [{ description: "Pro plan", quantity: 1, unit_amount: 12_900 }];
  const body = { customer_id: "cus_ada", currency: "EUR", lines, finalize: true };
  const { id } = await api.post("/invoices", body, invoice);
  return until("the invoice has no link", async () => {
    const { payment_link: link, payment_url: url } = await api.get(`/invoices/${id}`, invoice);
    return link?.status === "active" && url !== null ? { id, url } : null;
  });
}

async function pay(page: Page, url: string): Promise<string> {
  await page.goto(url);
  for (const [id, value] of Object.entries(CARD)) await page.locator(`#${id}`).fill(value);
  await page.locator("#pay button[type=submit]").click();
  await page.getByText(/thank/i).first().waitFor();
  return page.getByRole("heading", { level: 1 }).innerText();
}

function isPaid({ api }: FreshTenant, id: string): Promise<string> {
  return until("the invoice is not paid", async () => {
    const { status } = await api.get(`/invoices/${id}`, invoice);
    return status === "paid" ? status : null;
  });
}

async function takeBack(stack: Stack, { api, name }: FreshTenant): Promise<string> {
  const url = `${stack.sandbox}/_sandbox/accounts/acct_${name}/deauthorize`;
  const answer = await fetch(url, { method: "POST" });
  if (!answer.ok) throw new Error(await answer.text());
  return until("the connection is not disconnected", async () => {
    const [connection] = (await api.get("/connections", connections)).data;
    return connection?.status === "disconnected" ? connection.status : null;
  });
}
