// The main journey on a phone, 390 px wide: what is to be done is in sight, nothing is cut off, nothing scrolls
// sideways.

import assert from "node:assert/strict";
import type { Locator, Page } from "playwright-core";
import { step } from "../demo/report.ts";
import type { Stack } from "../demo/start-stack.ts";
import { overflowOf } from "./look.ts";
import { payInNewTab } from "./pay.ts";
import { connectedTenant, enter, openInvoice, type Scenario, untilPaid } from "./scenario.ts";

export const phone: Scenario = {
  title: "The main journey on a phone",
  browser: { viewport: { width: 390, height: 844 }, hasTouch: true, isMobile: true },
  async play(page, stack) {
    const tenant = await connectedTenant(stack);
    const { id, number, url } = await openInvoice(tenant);
    await step("signed in by a link", () => comeIn(page, stack, tenant), String);
    await step("the invoice found by the menu", () => findInvoice(page, number), String);
    await step("its link sent again", () => sendLink(page), String);
    await payInNewTab(page, url);
    await untilPaid(tenant, id);
    await step("refunded", () => refundAll(page, stack, id), String);
    await step("no page is cut off", () => visitAll(page, stack), String);
  },
};

async function comeIn(page: Page, stack: Stack, tenant: Parameters<typeof enter>[2]): Promise<string> {
  await enter(page, stack, tenant);
  await fits(page);
  return page.getByRole("heading", { level: 1 }).innerText();
}

async function findInvoice(page: Page, number: string): Promise<string> {
  await page.locator("header.top summary").filter({ hasText: "Home" }).tap();
  const menu = page.locator("header.top").getByRole("navigation", { name: "Dashboard" });
  await menu.getByRole("link", { name: "Invoices", exact: true }).tap();
  await page.getByRole("heading", { level: 1, name: "Invoices" }).waitFor();
  await page.locator("header.top summary").filter({ hasText: "Invoices" }).waitFor();
  await fits(page);
  await page.getByRole("link", { name: number }).tap();
  await page.getByRole("heading", { level: 1, name: number }).waitFor();
  await fits(page);
  return number;
}

async function sendLink(page: Page): Promise<string> {
  const send = page.getByRole("button", { name: "Send the email again" });
  await isInSight(page, send);
  await send.tap();
  const said = page.getByText("The email is on its way.");
  await said.waitFor();
  await isInSight(page, said);
  return said.innerText();
}

async function refundAll(page: Page, stack: Stack, id: string): Promise<string> {
  await page.goto(`${stack.worker}/dashboard/invoices/${id}`);
  const more = page.locator("summary").filter({ hasText: "More" });
  const refund = page.locator(".invoice-actions").getByRole("link", { name: "Refund…" });
  if (!(await refund.isVisible())) {
    await isInSight(page, more);
    await more.tap();
  }
  await isInSight(page, refund);
  await refund.tap();
  const next = page.getByRole("button", { name: "Continue" });
  await isInSight(page, next);
  await fits(page);
  await next.tap();
  const act = page.getByRole("button", { name: "Refund €129.00" });
  await isInSight(page, act);
  await fits(page);
  await act.tap();
  const said = page.getByText("The refund is made.");
  await said.waitFor();
  await fits(page);
  return said.innerText();
}

async function visitAll(page: Page, stack: Stack): Promise<string> {
  const found = await page.evaluate(
    `[...document.querySelectorAll("header.top nav a")].map((link) => link.getAttribute("href"))`,
  );
  const paths = (found as string[]).filter((path) => path.startsWith("/dashboard"));
  for (const path of paths) {
    await page.goto(`${stack.worker}${path}`);
    await fits(page);
  }
  return `${paths.length} places`;
}

async function fits(page: Page): Promise<void> {
  assert.equal(await overflowOf(page), 0, `${page.url()} is wider than the phone`);
}

/** Without scrolling. */
async function isInSight(page: Page, what: Locator): Promise<void> {
  await what.waitFor();
  const box = await what.boundingBox();
  const { width, height } = page.viewportSize() ?? { width: 0, height: 0 };
  const isIn =
    box !== null && box.x >= 0 && box.y >= 0 && box.x + box.width <= width && box.y + box.height <= height;
  assert.ok(isIn, `${await what.innerText()} is not in sight: ${JSON.stringify(box)}`);
}
