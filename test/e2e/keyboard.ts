// By Tab, typing and Enter alone: in by a key, to an invoice that is made and final, and the money back. Wherever the
// focus is, one sees it.

import assert from "node:assert/strict";
import type { Page } from "playwright-core";
import { step } from "../demo/report.ts";
import type { Stack } from "../demo/start-stack.ts";
import { focusOf } from "./look.ts";
import { payInNewTab } from "./pay.ts";
import { connectedTenant, openInvoice, type Scenario, untilPaid } from "./scenario.ts";

const MOST_TABS = 120;

export const keyboard: Scenario = {
  title: "By keyboard alone",
  async play(page, stack) {
    const tenant = await connectedTenant(stack);
    const { id, number, url } = await openInvoice(tenant);
    await step("signed in", () => comeIn(page, stack, tenant.apiKey), String);
    await step("past the navigation by the skip link", () => skip(page), String);
    await step("an invoice made and final", () => makeInvoice(page), String);
    await payInNewTab(page, url);
    await untilPaid(tenant, id);
    await page.bringToFront();
    await step("found by the search", () => find(page, number), String);
    await step("refunded", () => refundAll(page), String);
  },
};

async function comeIn(page: Page, stack: Stack, apiKey: string): Promise<string> {
  await page.goto(`${stack.worker}/dashboard`);
  // The field has the focus already.
  await page.keyboard.type(apiKey);
  await follow(page, /^Sign in$/);
  return page.getByRole("heading", { level: 1 }).innerText();
}

async function skip(page: Page): Promise<string> {
  await page.keyboard.press("Tab");
  const first = await focusOf(page);
  assert.equal(first.name, "Skip to content");
  assert.ok(first.isSeen);
  await page.keyboard.press("Enter");
  await page.keyboard.press("Tab");
  const isInside = await page.evaluate(`document.querySelector("main").contains(document.activeElement)`);
  assert.equal(isInside, true);
  return first.name;
}

async function makeInvoice(page: Page): Promise<string> {
  await page.reload();
  await follow(page, /^Invoices$/);
  await follow(page, /^New invoice$/);
  await type(page, /^Customer$/, "ada@example.com");
  await type(page, /^Description$/, "Pro plan");
  await type(page, /^Unit price$/, "49.00");
  await tabTo(page, /^Create and finalise$/);
  await page.keyboard.press("Enter");
  await page.getByText("The invoice is made and final.").waitFor();
  return page.getByRole("heading", { level: 1 }).innerText();
}

async function find(page: Page, number: string): Promise<string> {
  await page.keyboard.press("/");
  await page.keyboard.type(number);
  await page.keyboard.press("Enter");
  // What is found whole leads straight to it.
  await page.getByRole("heading", { level: 1, name: number }).waitFor();
  return number;
}

async function refundAll(page: Page): Promise<string> {
  await follow(page, /^Refund…$/);
  await follow(page, /^Continue$/);
  await follow(page, /^Refund €129\.00$/);
  const said = page.getByText("The refund is made.");
  await said.waitFor();
  return said.innerText();
}

/** Goes on by Tab until what has the focus is named so; each stop on the way can be seen. */
async function tabTo(page: Page, name: RegExp): Promise<void> {
  for (let tabs = 0; tabs < MOST_TABS; tabs++) {
    await page.keyboard.press("Tab");
    const focus = await focusOf(page);
    assert.ok(focus.isSeen, `One does not see that '${focus.name}' has the focus at ${page.url()}`);
    if (name.test(focus.name)) return;
  }
  throw new Error(`${MOST_TABS} tabs at ${page.url()} led to nothing named ${name}.`);
}

async function type(page: Page, name: RegExp, text: string): Promise<void> {
  await tabTo(page, name);
  await page.keyboard.type(text);
}

/** To a link or a button, and by Enter to the page behind it. */
async function follow(page: Page, name: RegExp): Promise<void> {
  await tabTo(page, name);
  const loaded = page.waitForEvent("load");
  await page.keyboard.press("Enter");
  await loaded;
}
