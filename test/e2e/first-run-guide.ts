// The first-run guide by hand and eye: from an empty environment to a paid test invoice, by nothing but what its pages
// offer, and without a reload where it waits.

import type { Page } from "playwright-core";
import { step } from "../demo/report.ts";
import type { Stack } from "../demo/start-stack.ts";
import { payByCard } from "./pay.ts";
import { freshTenant, type Scenario, signIn } from "./scenario.ts";

export const firstRunGuide: Scenario = {
  title: "The first-run guide",
  async play(page, stack) {
    const { apiKey, name } = await freshTenant(stack);
    await signIn(page, stack, apiKey);
    await step("the wrong key is named as it is pasted", () => pasteWrongly(page), String);
    await step("connected by key, the webhook made", () => connect(page, `sk_test_${name}_1`), String);
    await step("a test payment is made and paid", () => payAsTold(page), String);
    await step("and is seen at once, without a reload", () => seePaid(page), String);
    await step("the platform is told", () => tellPlatform(page, stack), String);
  },
};

async function pasteWrongly(page: Page): Promise<string> {
  await page.getByRole("link", { name: "Begin" }).click();
  await page.locator("#secret_key").fill("pk_test_abc");
  const said = page.locator("#secret_key-said");
  await said.getByText("That is the publishable key.").waitFor();
  return said.innerText();
}

async function connect(page: Page, secretKey: string): Promise<string> {
  await page.locator("#secret_key").fill(secretKey);
  await page.getByText("Test key ✓ fits this test environment").waitFor();
  await page.getByRole("button", { name: "Connect", exact: true }).click();
  const made = page.getByRole("heading", { name: "Quittance made the event destination for you" });
  const words = await made.innerText();
  await page.getByRole("link", { name: /^Next/ }).click();
  return words;
}

async function payAsTold(page: Page): Promise<string> {
  await page.getByRole("button", { name: "Make a €1.00 test payment" }).click();
  const card = await page.getByRole("textbox", { name: "test card" }).inputValue();
  const [payment] = await Promise.all([
    page.waitForEvent("popup"),
    page.getByRole("link", { name: "Pay €1.00" }).click(),
  ]);
  const heading = await payByCard(payment, card);
  await payment.close();
  return heading;
}

async function seePaid(page: Page): Promise<string> {
  await page.getByText("€1.00 were paid and recorded").waitFor();
  await page.getByRole("link", { name: "Next: Tell your platform" }).waitFor();
  return "paid, recorded, next step offered";
}

async function tellPlatform(page: Page, stack: Stack): Promise<string> {
  await page.getByRole("link", { name: "Next: Tell your platform" }).click();
  // Something that answers; what it answers is shown, and is not what is looked at here.
  await page.locator("#url").fill(`${stack.sandbox}/hooks`);
  await page.getByRole("button", { name: "Create destination" }).click();
  await page.getByText("It is shown this once.").waitFor();
  const secret = await page.getByRole("textbox", { name: "signing secret" }).inputValue();
  if (!secret.startsWith("whsec_")) throw new Error(`The secret is shown as ${secret}.`);
  await page.getByRole("button", { name: "Send an example" }).click();
  const badge = page.getByText(/^Example (?:not )?taken$/);
  await badge.waitFor();
  if ((await page.content()).includes(secret)) throw new Error("The secret is shown a second time.");
  return badge.innerText();
}
