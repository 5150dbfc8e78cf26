// What several scenarios do by the dashboard's pages in one way.

import type { Page } from "playwright-core";

/** A place of the navigation. */
export function placeOf(page: Page, name: string) {
  return page.getByRole("navigation", { name: "Dashboard" }).getByRole("link", { name, exact: true });
}

/** Ada Lovelace, by the form. */
export async function createCustomer(page: Page): Promise<void> {
  await placeOf(page, "Customers").click();
  await page
    .getByRole("link", { name: /New customer/ })
    .first()
    .click();
  await page.getByLabel("Name", { exact: true }).fill("Ada Lovelace");
  await page.getByLabel("Email", { exact: true }).fill("ada@example.com");
  await page.getByRole("button", { name: "Create the customer" }).click();
}

/** Ada's invoice over 129.00 EUR, typed and not sent. */
export async function fillInvoice(page: Page): Promise<void> {
  await placeOf(page, "Invoices").click();
  await page
    .getByRole("link", { name: /New invoice/ })
    .first()
    .click();
  await page.getByLabel("Customer").fill("ada@example.com");
  await page.getByLabel("Description").first().fill("Pro plan");
  await page.getByLabel("Unit price").first().fill("129.00");
  await page.getByLabel("Currency").fill("EUR");
}
