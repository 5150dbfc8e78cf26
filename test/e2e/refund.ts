// Money goes back, in part from the invoice's page and the rest from the payment's, each time after it was said what
// will happen; it shows on the page and the timeline, and the platform is told.

import assert from "node:assert/strict";
import type { Page } from "playwright-core";
import { dataOf } from "../../client/index.ts";
import { step } from "../demo/report.ts";
import type { Stack } from "../demo/start-stack.ts";
import { payInNewTab } from "./pay.ts";
import { type Receiver, startReceiver } from "./receive.ts";
import { connectedTenant, enter, openInvoice, type Scenario, untilPaid } from "./scenario.ts";

export const refund: Scenario = {
  title: "Refund a payment, in part and whole",
  refusals: [422],
  async play(page, stack) {
    const tenant = await connectedTenant(stack);
    const receiver = await startReceiver();
    try {
      const body = { url: receiver.url, event_types: ["payment.refunded" as const] };
      const { secret } = await dataOf(tenant.quittance.POST("/api/v1/event_destinations", { body }));
      const { id, url } = await openInvoice(tenant);
      await enter(page, stack, tenant);
      await payInNewTab(page, url);
      await untilPaid(tenant, id);
      await step("a person shows that it is them", () => confirmFreshly(page, stack), String);
      await page.goto(`${stack.worker}/dashboard/invoices/${id}`);
      await step("too much is refused at the field", () => askTooMuch(page), String);
      await step("a part goes back", () => refundPart(page), String);
      await step("the platform is told", () => isTold(receiver, secret, 2900), String);
      await step("the rest goes back", () => refundRest(page), String);
      await step("the platform is told again", () => isTold(receiver, secret, 12_900), String);
      await step("the timeline has both", () => readTimeline(page, stack, id), String);
    } finally {
      receiver.end();
    }
  },
};

async function confirmFreshly(page: Page, stack: Stack): Promise<string> {
  await page.goto(`${stack.worker}/dashboard/confirm?next=/dashboard/payments`);
  await page.getByLabel("I am Ada Lovelace, and this is my session.").check();
  await page.getByRole("button", { name: "Confirm" }).click();
  await page.waitForURL(`${stack.worker}/dashboard/payments`);
  return page.getByRole("heading", { level: 1 }).innerText();
}

async function askTooMuch(page: Page): Promise<string> {
  await page.getByRole("link", { name: "Refund…" }).first().click();
  await page.getByLabel("Amount in EUR").fill("500.00");
  await page.getByRole("button", { name: "Continue" }).click();
  const said = page.getByRole("alert");
  await said.waitFor();
  assert.equal(await page.getByLabel("Amount in EUR").inputValue(), "500.00");
  return said.innerText();
}

async function refundPart(page: Page): Promise<string> {
  await page.getByLabel("Amount in EUR").fill("29.00");
  await page.getByRole("button", { name: "Continue" }).click();
  await page.getByText("€100.00 of the payment stays, and can be refunded later.").waitFor();
  await page.getByRole("button", { name: "Refund €29.00" }).click();
  await page.getByText("The refund is made.").waitFor();
  const row = page.getByRole("table", { name: "Refunds" }).getByRole("row").filter({ hasText: "€29.00" });
  await row.getByText("Succeeded").waitFor();
  return (await row.innerText()).replaceAll(/\s+/g, " ");
}

async function isTold(receiver: Receiver, secret: string, refundedMinor: number): Promise<string> {
  const told = await receiver.next(
    secret,
    (one) =>
      one.type === "payment.refunded" &&
      JSON.stringify(one.data).includes(`"amount_refunded":${refundedMinor},`),
  );
  return told.type;
}

async function refundRest(page: Page): Promise<string> {
  await page.getByRole("table", { name: "Payments" }).getByRole("link", { name: "€129.00" }).click();
  await page.getByRole("link", { name: "Refund…" }).click();
  await page.getByRole("button", { name: "Continue" }).click();
  await page.getByText("Nothing of the payment is left to refund then.").waitFor();
  await page.getByRole("button", { name: "Refund €100.00" }).click();
  await page.getByText("The refund is made.").waitFor();
  await page.getByRole("table", { name: "Refunds" }).getByText("€100.00").waitFor();
  assert.equal(await page.getByRole("link", { name: "Refund…" }).count(), 0);
  return "nothing is left to refund";
}

async function readTimeline(page: Page, stack: Stack, id: string): Promise<string> {
  await page.goto(`${stack.worker}/dashboard/invoices/${id}`);
  const entries = page.locator(".timeline li").filter({ hasText: /refund/i });
  for (const amount of ["€29.00", "€100.00"]) await entries.filter({ hasText: amount }).first().waitFor();
  return (await entries.first().innerText()).replaceAll(/\s+/g, " ");
}
