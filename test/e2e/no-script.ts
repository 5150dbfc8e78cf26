// The main journey in a browser that runs no script: every act is a link or a form, and a reload shows what changed.

import assert from "node:assert/strict";
import type { Page } from "playwright-core";
import { step } from "../demo/report.ts";
import type { Stack } from "../demo/start-stack.ts";
import { createCustomer, fillInvoice } from "./by-pages.ts";
import { payInNewTab } from "./pay.ts";
import { connectedTenant, type FreshTenant, makeLink, type Scenario, untilPaid } from "./scenario.ts";

export const noScript: Scenario = {
  title: "The main journey without script",
  browser: { javaScriptEnabled: false },
  async play(page, stack) {
    const tenant = await connectedTenant(stack);
    await step("signed in by a link and its button", () => comeIn(page, stack, tenant), String);
    await step("customer and draft made", () => makeDraft(page), String);
    await step("finalised, and a reload shows the link", () => finalise(page), String);
    await step("paid, and a reload shows it", () => pay(page, tenant), String);
    await step("refunded", () => refundAll(page), String);
    await step("found by the search", () => find(page), String);
    await step("signed out", () => leave(page), String);
  },
};

async function comeIn(page: Page, stack: Stack, tenant: FreshTenant): Promise<string> {
  await page.goto(await makeLink(tenant));
  await page.getByRole("button", { name: "Continue" }).click();
  await page.waitForURL(`${stack.worker}/dashboard`);
  return page.getByRole("heading", { level: 1 }).innerText();
}

async function makeDraft(page: Page): Promise<string> {
  await createCustomer(page);
  await fillInvoice(page);
  await page.getByRole("button", { name: "Add lines" }).click();
  assert.equal(await page.getByLabel("Description").first().inputValue(), "Pro plan");
  await page.getByRole("button", { name: "Save the draft" }).click();
  await page.getByText("The draft is made.").waitFor();
  return page.getByRole("heading", { level: 1 }).innerText();
}

async function finalise(page: Page): Promise<string> {
  await page.getByRole("link", { name: "Finalise…" }).click();
  await page.getByRole("button", { name: "Finalise" }).click();
  await page.getByText("The invoice is final.").waitFor();
  await reloadUntil(page, () => page.getByRole("button", { name: "Send the email again" }).isVisible());
  return page.getByRole("textbox", { name: "payment URL" }).inputValue();
}

async function pay(page: Page, tenant: FreshTenant): Promise<string> {
  const url = await page.getByRole("textbox", { name: "payment URL" }).inputValue();
  await payInNewTab(page, url);
  await untilPaid(tenant, new URL(page.url()).pathname.split("/").at(-1) ?? "");
  await page.reload();
  const standing = page.locator("main .state").first();
  await standing.getByText("Paid", { exact: true }).waitFor();
  return standing.innerText();
}

async function refundAll(page: Page): Promise<string> {
  await page.getByRole("link", { name: "Refund…" }).first().click();
  await page.getByRole("button", { name: "Continue" }).click();
  await page.getByRole("button", { name: "Refund €129.00" }).click();
  const said = page.getByText("The refund is made.");
  await said.waitFor();
  await page.reload();
  // The reload has refunded nothing a second time.
  assert.equal(await page.getByRole("table", { name: "Refunds" }).getByText("€129.00").count(), 1);
  return said.innerText();
}

async function find(page: Page): Promise<string> {
  await page.getByRole("searchbox").first().fill("Ada");
  await page.getByRole("searchbox").first().press("Enter");
  const found = page.getByRole("main").getByRole("link", { name: "Ada Lovelace" }).first();
  await found.waitFor();
  return found.innerText();
}

async function leave(page: Page): Promise<string> {
  await page.getByRole("button", { name: "Sign out" }).click();
  const said = page.getByText("You are signed out.");
  await said.waitFor();
  return said.innerText();
}

/** As somebody does who waits: each look is a load of the page. @throws Error after thirty */
async function reloadUntil(page: Page, isThere: () => Promise<boolean>): Promise<void> {
  for (let look = 0; look < 100; look++) {
    if (await isThere()) return;
    await page.reload();
  }
  throw new Error(`A hundred reloads of ${page.url()} showed nothing new.`);
}
