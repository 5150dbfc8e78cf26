// An invoice from the empty form to the money, with nothing reloaded: the page that lies open gets its link, and turns
// paid when the payer has paid on Stripe's page.

import assert from "node:assert/strict";
import type { Page } from "playwright-core";
import { step } from "../demo/report.ts";
import type { Stack } from "../demo/start-stack.ts";
import { createCustomer, fillInvoice, placeOf } from "./by-pages.ts";
import { payByCard } from "./pay.ts";
import { connectedTenant, enter, type Scenario } from "./scenario.ts";

export const payAnInvoice: Scenario = {
  title: "Pay an invoice and see it turn paid",
  async play(page, stack) {
    const tenant = await connectedTenant(stack);
    await enter(page, stack, tenant);
    await step("customer made", () => makeCustomer(page), String);
    await step("invoice made and final", () => makeInvoice(page), String);
    await step("its link shows by itself", () => seeLink(page), String);
    await step("paid on Stripe's page", () => payOnHostedPage(page), String);
    await step("turns paid without a reload", () => seePaid(page), String);
    await step("the list and home say the same", () => seeElsewhere(page, stack), String);
  },
};

async function makeCustomer(page: Page): Promise<string> {
  await createCustomer(page);
  await page.getByText("The customer is created.").waitFor();
  return page.getByRole("heading", { level: 1 }).innerText();
}

async function makeInvoice(page: Page): Promise<string> {
  await fillInvoice(page);
  await page.getByRole("button", { name: "Create and finalise" }).click();
  await page.getByText("The invoice is made and final.").waitFor();
  // Gone as soon as anything loads the page anew.
  await page.evaluate("window.isTheSamePage = true");
  return page.getByRole("heading", { level: 1 }).innerText();
}

async function seeLink(page: Page): Promise<string> {
  await page.getByRole("button", { name: "Send the email again" }).waitFor();
  return page.getByRole("textbox", { name: "payment URL" }).inputValue();
}

async function payOnHostedPage(page: Page): Promise<string> {
  const [payment] = await Promise.all([
    page.waitForEvent("popup"),
    page.getByRole("link", { name: "Open as the payer sees it" }).click(),
  ]);
  const thanks = await payByCard(payment);
  await payment.close();
  return thanks;
}

async function seePaid(page: Page): Promise<string> {
  await page.locator("[data-live=invoice-standing]").getByText("Paid", { exact: true }).waitFor();
  await page.getByRole("table", { name: "Payments" }).getByText("€129.00").waitFor();
  assert.equal(await page.evaluate("window.isTheSamePage"), true);
  return page.locator("[data-live=invoice-standing] .state").innerText();
}

async function seeElsewhere(page: Page, stack: Stack): Promise<string> {
  await placeOf(page, "Invoices").click();
  await page.getByRole("row").filter({ hasText: "€129.00" }).getByText("Paid", { exact: true }).waitFor();
  await page.goto(`${stack.worker}/dashboard`);
  const tile = page.getByText("Collected").first();
  await tile.waitFor();
  await page.getByText("€129.00").first().waitFor();
  return "€129.00";
}
