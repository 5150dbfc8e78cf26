// What is played in the browser: each in a fresh one, with a tenant of its own.

import { randomBytes } from "node:crypto";
import type { BrowserContextOptions, Page } from "playwright-core";
import { dataOf, type Quittance } from "../../client/index.ts";
import type { Stack } from "../demo/start-stack.ts";
import { until } from "../demo/until.ts";
import { makeTenant } from "./make-tenant.ts";

export type Scenario = {
  title: string;
  /** How the browser is set up for it, such as its width. */
  browser?: BrowserContextOptions;
  /** Statuses of refusals that it asks for on purpose: see watch-faults.ts. */
  refusals?: readonly number[];
  /** @throws Error naming what did not come to be */
  play: (page: Page, stack: Stack) => Promise<void>;
};

export type FreshTenant = { quittance: Quittance; apiKey: string; name: string };

/** A tenant with a test environment and an admin key, which no earlier run has used. */
export async function freshTenant(stack: Stack): Promise<FreshTenant> {
  const name = `e2e${randomBytes(5).toString("hex")}`;
  const { quittance, apiKey } = await makeTenant(stack, name);
  return { quittance, apiKey, name };
}

/** The sandbox makes the account that a key names, `acct_NAME`; each number is another key of it. */
export function stripeKeyOf({ name }: FreshTenant, number = 1): string {
  return `sk_test_${name}_${number}`;
}

/** One whose account is connected by key, the webhook made. */
export async function connectedTenant(stack: Stack): Promise<FreshTenant> {
  const tenant = await freshTenant(stack);
  const body = { name: "Stripe", provider: "stripe" as const, secret_key: stripeKeyOf(tenant) };
  await dataOf(tenant.quittance.POST("/api/v1/connections", { body }));
  return tenant;
}

export type OpenInvoice = { id: string; number: string; url: string };

/** A customer's invoice, final and with a link that can be paid. @param amountMinor in euro cents */
export async function openInvoice({ quittance }: FreshTenant, amountMinor = 12_900): Promise<OpenInvoice> {
  const customer = { name: "Ada Lovelace", email: "ada@example.com" };
  const { id: customer_id } = await dataOf(quittance.POST("/api/v1/customers", { body: customer }));
  const lines = [{ description: "Pro plan", quantity: 1, unit_amount: amountMinor }];
  const body = { customer_id, currency: "EUR", lines, finalize: true };
  const { id, number } = await dataOf(quittance.POST("/api/v1/invoices", { body }));
  const url = await until("the invoice has no link", async () => {
    const { payment_link: link, payment_url } = await readInvoice({ quittance }, id);
    return link?.status === "active" ? payment_url : null;
  });
  return { id, number, url };
}

export function readInvoice({ quittance }: Pick<FreshTenant, "quittance">, id: string) {
  return dataOf(quittance.GET("/api/v1/invoices/{id}", { params: { path: { id } } }));
}

/** @throws Error after 30 s */
export function untilPaid(tenant: FreshTenant, id: string): Promise<string> {
  return until("the invoice is not paid", async () => {
    const { status } = await readInvoice(tenant, id);
    return status === "paid" ? status : null;
  });
}

/** Signs in to the dashboard by an API key. */
export async function signIn(page: Page, stack: Stack, apiKey: string): Promise<void> {
  await page.goto(`${stack.worker}/dashboard`);
  await page.getByLabel("API key").fill(apiKey);
  await page.getByRole("button", { name: "Sign in" }).click();
  await page.waitForURL(/\/dashboard(?!\/sign-in)/);
}

/** A link for a person, as a platform's button asks for it: it works once. */
export async function makeLink({ quittance }: FreshTenant, return_url?: string): Promise<string> {
  const actor = { id: "user_ada", name: "Ada Lovelace", email: "ada@example.com" };
  const body = { role: "admin" as const, actor, ...(return_url === undefined ? {} : { return_url }) };
  return (await dataOf(quittance.POST("/api/v1/dashboard_sessions", { body }))).url;
}

/** Comes in as a person by such a link, and goes on to `path`. */
export async function enter(page: Page, stack: Stack, tenant: FreshTenant, path = ""): Promise<void> {
  await page.goto(await makeLink(tenant));
  await page.waitForURL(`${stack.worker}/dashboard`);
  if (path !== "") await page.goto(`${stack.worker}/dashboard${path}`);
}
