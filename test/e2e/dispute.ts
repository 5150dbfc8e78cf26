// A payer disputes: the navigation counts it, home and the issues say it with the deadline, and the page of the dispute
// leads to Stripe; won or lost, it needs nobody any more.

import assert from "node:assert/strict";
import type { Page } from "playwright-core";
import { dataOf } from "../../client/index.ts";
import { step } from "../demo/report.ts";
import type { Stack } from "../demo/start-stack.ts";
import { until } from "../demo/until.ts";
import { DISPUTED_CARD, payInNewTab } from "./pay.ts";
import {
  connectedTenant,
  enter,
  type FreshTenant,
  openInvoice,
  type Scenario,
  stripeKeyOf,
} from "./scenario.ts";

export const dispute: Scenario = {
  title: "A payment is disputed, won and lost",
  async play(page, stack) {
    const tenant = await connectedTenant(stack);
    await enter(page, stack, tenant);
    const won = await step("a payment is disputed", () => payAndDispute(page, tenant, 24_900), String);
    await step("the navigation and the issues say so", () => seeAlarm(page, stack), String);
    await step("its page has deadline and way to Stripe", () => readDispute(page), String);
    await step("won, and nothing is left to do", () => close(page, stack, tenant, won, "won"), String);
    const lost = await step("another one", () => payAndDispute(page, tenant, 4_900), String);
    await step("lost", () => close(page, stack, tenant, lost, "lost"), String);
  },
};

const ISSUE = "1 dispute awaits your answer.";
const DEADLINE = /The nearest deadline is in \d+ days/;

/** @returns the dispute's id */
async function payAndDispute(page: Page, tenant: FreshTenant, amountMinor: number): Promise<string> {
  const { url } = await openInvoice(tenant, amountMinor);
  await payInNewTab(page, url, DISPUTED_CARD);
  return until("the payment was not disputed", async () => {
    const { data } = await dataOf(tenant.quittance.GET("/api/v1/disputes"));
    return data.find(({ amount }) => amount === amountMinor)?.id ?? null;
  });
}

async function seeAlarm(page: Page, stack: Stack): Promise<string> {
  await page.goto(`${stack.worker}/dashboard`);
  const places = page.getByRole("navigation", { name: "Dashboard" });
  await places.getByRole("link", { name: /^Disputes\s*1$/ }).waitFor();
  // Home has the same issue, and the nearest deadline beside what is disputed.
  const atHome = page.locator("main").getByRole("listitem").filter({ hasText: ISSUE });
  await atHome.getByText(DEADLINE).waitFor();
  await atHome.getByRole("link", { name: "See disputes" }).waitFor();
  await page
    .locator(".tiles")
    .getByText(/nearest deadline in \d+ days/)
    .waitFor();
  await places.getByRole("link", { name: /^Issues\s*1$/ }).click();
  const issue = page.getByRole("listitem").filter({ hasText: ISSUE });
  await issue.getByText(DEADLINE).waitFor();
  await issue.getByRole("link", { name: "See disputes" }).click();
  await page.getByRole("table", { name: "Disputes" }).getByText("€249.00").waitFor();
  return page.getByRole("heading", { level: 1 }).innerText();
}

async function readDispute(page: Page): Promise<string> {
  await page.getByRole("table", { name: "Disputes" }).getByRole("link", { name: "€249.00" }).click();
  await page.getByText(/^The deadline is in \d+ days\.$/).waitFor();
  // Short and local, as in the rest of the dashboard.
  await page
    .getByText(/Evidence must be at Stripe by \d{1,2} \w{3}(?: \d{4})?, \d\d:\d\d\. Unanswered/)
    .waitFor();
  const respond = page.getByRole("link", { name: /Respond in Stripe/ });
  assert.match(
    (await respond.getAttribute("href")) ?? "",
    /^https:\/\/dashboard\.stripe\.com\/.*\/disputes\/(?:du|dp)_/,
  );
  return page.locator("main .state").first().innerText();
}

async function close(
  page: Page,
  stack: Stack,
  tenant: FreshTenant,
  id: string,
  outcome: "won" | "lost",
): Promise<string> {
  const params = { path: { id } };
  const { provider_dispute_id } = await dataOf(tenant.quittance.GET("/api/v1/disputes/{id}", { params }));
  const answer = await fetch(`${stack.sandbox}/_sandbox/disputes/${provider_dispute_id}/close`, {
    method: "POST",
    body: JSON.stringify({ outcome, key: stripeKeyOf(tenant) }),
  });
  if (!answer.ok) throw new Error(await answer.text());
  await until("the dispute is not closed", async () => {
    const { status } = await dataOf(tenant.quittance.GET("/api/v1/disputes/{id}", { params }));
    return status === outcome ? status : null;
  });
  await page.goto(`${stack.worker}/dashboard/disputes/${id}`);
  await page
    .locator("main .state")
    .getByText(outcome === "won" ? "Won" : "Lost", { exact: true })
    .waitFor();
  assert.equal(await page.getByRole("link", { name: /Respond in Stripe/ }).count(), 0);
  const places = page.getByRole("navigation", { name: "Dashboard" });
  await places.getByRole("link", { name: "Disputes", exact: true }).waitFor();
  await places.getByRole("link", { name: "Issues", exact: true }).click();
  await page.getByText("All clear.").waitFor();
  return outcome;
}
