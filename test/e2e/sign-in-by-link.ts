// A person comes in by a link of the platform's: it works once, the audit log says who did what, and signing out ends
// the session itself.

import assert from "node:assert/strict";
import type { Page } from "playwright-core";
import { step } from "../demo/report.ts";
import type { Stack } from "../demo/start-stack.ts";
import { connectedTenant, makeLink, type Scenario } from "./scenario.ts";

const PLATFORM = "https://billing.shop.example/payments";

export const signInByLink: Scenario = {
  title: "Sign in by a one-time link",
  refusals: [410],
  async play(page, stack) {
    const tenant = await connectedTenant(stack);
    const link = await makeLink(tenant, PLATFORM);
    await step("signed in by the link", () => comeIn(page, stack, link), String);
    await step("the link works once", () => tryAgain(page, link), String);
    await step("the audit log names the person", () => actAndRead(page, stack), String);
    await step("signing out ends the session", () => leave(page, stack), String);
  },
};

async function comeIn(page: Page, stack: Stack, link: string): Promise<string> {
  await page.goto(link);
  await page.waitForURL(`${stack.worker}/dashboard`);
  const back = page.getByRole("link", { name: "Back to billing.shop.example" });
  assert.equal(await back.getAttribute("href"), PLATFORM);
  return page.locator(".who .key-name").first().innerText();
}

async function tryAgain(page: Page, link: string): Promise<string> {
  const another = await page.context().browser()?.newContext();
  const stranger = await another?.newPage();
  if (!another || !stranger) throw new Error("There is no other browser.");
  await stranger.goto(link);
  const said = stranger.getByRole("heading", { name: "This link does not work any more" });
  await said.waitFor();
  const words = await said.innerText();
  await another.close();
  return words;
}

async function actAndRead(page: Page, stack: Stack): Promise<string> {
  await page.goto(`${stack.worker}/dashboard/customers/new`);
  await page.getByLabel("Name", { exact: true }).fill("Grace Hopper");
  await page.getByRole("button", { name: "Create the customer" }).click();
  await page.getByText("The customer is created.").waitFor();
  await page.getByRole("link", { name: "Audit log" }).click();
  const entry = page.getByRole("row").filter({ hasText: "Grace Hopper" }).first();
  await entry.waitFor();
  const words = (await entry.innerText()).replaceAll(/\s+/g, " ");
  assert.match(words, /Ada Lovelace/);
  return words;
}

async function leave(page: Page, stack: Stack): Promise<string> {
  const cookies = await page.context().cookies();
  await page.getByRole("button", { name: "Sign out" }).click();
  await page.getByText("You are signed out.").waitFor();
  // A copy of the cookie that was kept opens nothing.
  await page.context().addCookies(cookies);
  await page.goto(`${stack.worker}/dashboard/invoices`);
  await page.getByRole("heading", { name: "Sign in" }).waitFor();
  return page.getByRole("status").innerText();
}
