// A page looks again by itself while something of it is pending, and disturbs nobody: what is unfolded stays so, the
// focus stays where it is, and an open menu is not taken away.

import assert from "node:assert/strict";
import type { Page } from "playwright-core";
import { dataOf } from "../../client/index.ts";
import { step } from "../demo/report.ts";
import type { Stack } from "../demo/start-stack.ts";
import { focusOf } from "./look.ts";
import { connectedTenant, enter, type FreshTenant, openInvoice, type Scenario } from "./scenario.ts";

export const lookAgain: Scenario = {
  title: "A page that looks again disturbs nobody",
  async play(page, stack) {
    const tenant = await connectedTenant(stack);
    const { id } = await openInvoice(tenant);
    await enter(page, stack, tenant, `/invoices/${id}`);
    await step("what is unfolded stays so", () => keepUnfolded(page, tenant, id), String);
    await step("an open menu is not taken away", () => keepMenu(page, stack, tenant, id), String);
  },
};

async function keepUnfolded(page: Page, tenant: FreshTenant, id: string): Promise<string> {
  assert.equal(await page.locator("[aria-busy]").count(), 0);
  const code = page.locator("summary", { hasText: "QR code" });
  await code.click();
  const picture = page.getByRole("img", { name: "The payment URL as a QR code" });
  await picture.waitFor();
  await record(tenant, id, "first");
  await page.getByRole("table", { name: "Payments" }).waitFor();
  assert.ok(await picture.isVisible());
  const focus = await focusOf(page);
  assert.equal(focus.name, "QR code");
  return `${focus.name} has the focus`;
}

async function keepMenu(page: Page, stack: Stack, tenant: FreshTenant, id: string): Promise<string> {
  const left = (amount: string) => page.getByText(`${amount} is still to be paid.`);
  await left("€119.00").waitFor();
  await page.locator("summary", { hasText: "More" }).click();
  await record(tenant, id, "second");
  // The other region of the page takes the news over, this one waits until the menu is closed.
  await page.getByRole("table", { name: "Payments" }).getByRole("row").nth(2).waitFor();
  const looked = () => page.waitForResponse(`${stack.worker}/dashboard/invoices/${id}`);
  await looked();
  await looked();
  assert.ok(await page.locator("details[data-menu][open] .floating").isVisible());
  assert.ok(await left("€119.00").isVisible());
  await page.keyboard.press("Escape");
  await left("€109.00").waitFor();
  assert.equal((await focusOf(page)).name, "More to do with this invoice");
  return "it is closed by whom it belongs to";
}

async function record({ quittance }: FreshTenant, id: string, reference: string): Promise<void> {
  const body = { amount: 1_000, method: "bank_transfer", reference };
  await dataOf(quittance.POST("/api/v1/invoices/{id}/payments", { params: { path: { id } }, body }));
}
