// From the dashboard's button by Stripe's page of consent to an invoice that is paid: no key pasted, no webhook set up.

import type { Page } from "playwright-core";
import { dataOf } from "../../client/index.ts";
import { step } from "../demo/report.ts";
import type { Stack } from "../demo/start-stack.ts";
import { until } from "../demo/until.ts";
import { payByCard } from "./pay.ts";
import { type FreshTenant, freshTenant, openInvoice, type Scenario, signIn, untilPaid } from "./scenario.ts";

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
      () => openInvoice(tenant),
      (made) => made.url,
    );
    await step("paid in the browser", () => pay(page, url), String);
    await step("invoice paid by webhook", () => untilPaid(tenant, id), String);
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

async function consent(page: Page, stack: Stack, { quittance, name }: FreshTenant): Promise<string> {
  await toStripe(page, stack);
  await page.locator("#account").fill(`acct_${name}`);
  await page.getByRole("button", { name: "Connect", exact: true }).click();
  await page.waitForURL(/\/dashboard\/connections/);
  const [made] = (await dataOf(quittance.GET("/api/v1/connections"))).data;
  if (made?.auth_type !== "oauth" || made.status !== "active" || made.account.id !== `acct_${name}`)
    throw new Error(`The connection is ${JSON.stringify(made)}.`);
  return made.account.id;
}

async function pay(page: Page, url: string): Promise<string> {
  await page.goto(url);
  return payByCard(page);
}

async function takeBack(stack: Stack, { quittance, name }: FreshTenant): Promise<string> {
  const url = `${stack.sandbox}/_sandbox/accounts/acct_${name}/deauthorize`;
  const answer = await fetch(url, { method: "POST" });
  if (!answer.ok) throw new Error(await answer.text());
  return until("the connection is not disconnected", async () => {
    const [connection] = (await dataOf(quittance.GET("/api/v1/connections"))).data;
    return connection?.status === "disconnected" ? connection.status : null;
  });
}
