// The first-run guide where a person makes the event destination in Stripe's Workbench: all that is to be copied is
// there, a wrong paste is named, and the payment proves the secret.

import assert from "node:assert/strict";
import type { Page } from "playwright-core";
import { STRIPE_API_VERSION } from "../../src/platform/stripe.ts";
import { step } from "../demo/report.ts";
import type { Stack } from "../demo/start-stack.ts";
import { payByCard } from "./pay.ts";
import { enter, type FreshTenant, freshTenant, type Scenario, stripeKeyOf } from "./scenario.ts";
import { makeDestination } from "./stripe-side.ts";

export const guideByHand: Scenario = {
  title: "The first-run guide with a webhook made by hand",
  refusals: [422],
  async play(page, stack) {
    const tenant = await freshTenant(stack);
    await enter(page, stack, tenant);
    await step("connected by key, the webhook left out", () => connect(page, tenant), String);
    await step("a URL in place of the secret is refused", () => pasteAddress(page), String);
    await step("the destination made at Stripe", () => makeByHand(page, stack, tenant), String);
    await step("the payment proves the secret", () => prove(page), String);
  },
};

async function connect(page: Page, tenant: FreshTenant): Promise<string> {
  await page.getByRole("link", { name: "Begin" }).click();
  await page.getByLabel("Secret or restricted key").fill(stripeKeyOf(tenant));
  await page.getByRole("radio", { name: /^By hand/ }).check();
  await page.getByRole("button", { name: "Connect", exact: true }).click();
  const ways = page.getByRole("heading", { name: "Or do it yourself" });
  await ways.waitFor();
  return ways.innerText();
}

async function pasteAddress(page: Page): Promise<string> {
  const url = await page.getByRole("textbox", { name: "endpoint URL" }).inputValue();
  await page.getByLabel("Signing secret", { exact: true }).fill(url);
  await page.getByRole("button", { name: "Save" }).click();
  const said = page.locator("#webhook_secret-error");
  await said.waitFor();
  assert.equal(await page.getByLabel("Signing secret", { exact: true }).inputValue(), "");
  const words = await said.innerText();
  await page.goBack();
  return words;
}

async function makeByHand(page: Page, stack: Stack, tenant: FreshTenant): Promise<string> {
  const version = await page.getByRole("textbox", { name: "API version" }).inputValue();
  assert.equal(version, STRIPE_API_VERSION);
  const url = await page.getByRole("textbox", { name: "endpoint URL" }).inputValue();
  const { id, secret } = await makeDestination(stack, stripeKeyOf(tenant), url);
  await page.getByLabel("Signing secret", { exact: true }).fill(secret);
  await page.getByRole("button", { name: "Save" }).click();
  await page.getByRole("heading", { name: "The webhook is set up" }).waitFor();
  if ((await page.content()).includes(secret)) throw new Error("The secret is shown again.");
  return id;
}

async function prove(page: Page): Promise<string> {
  await page.getByRole("link", { name: /^Next/ }).click();
  await page.getByRole("button", { name: "Make a €1.00 test payment" }).click();
  const [payment] = await Promise.all([
    page.waitForEvent("popup"),
    page.getByRole("link", { name: "Pay €1.00" }).click(),
  ]);
  await payByCard(payment);
  await payment.close();
  const proof = page.getByText("€1.00 were paid and recorded");
  await proof.waitFor();
  return proof.innerText();
}
