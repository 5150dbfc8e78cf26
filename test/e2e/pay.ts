// Paying on Stripe's page, as a payer does.

import type { Page } from "playwright-core";

export const GOOD_CARD = "4242 4242 4242 4242";
/** https://docs.stripe.com/testing#disputes: it pays, and is then disputed. */
export const DISPUTED_CARD = "4000 0000 0000 0259";

/** On the payment page that is open, or opens. @returns its thanks */
export async function payByCard(page: Page, card = GOOD_CARD): Promise<string> {
  const number = page.getByLabel("Card number");
  await number.fill(card);
  await page.getByLabel("Expiry (MM / YY)").fill("12 / 40");
  await page.getByLabel("CVC").fill("123");
  await page.getByLabel("Name", { exact: true }).fill("Ada Lovelace");
  const email = page.getByLabel("Email", { exact: true });
  if (await email.isVisible()) await email.fill("ada@example.com");
  await page.getByRole("button", { name: /^Pay/ }).click();
  const thanks = page.getByRole("heading", { name: /thank/i });
  await thanks.waitFor();
  return thanks.innerText();
}

/** Opens an address in a tab of its own, pays there, and closes it. */
export async function payInNewTab(page: Page, url: string, card = GOOD_CARD): Promise<string> {
  const tab = await page.context().newPage();
  await tab.goto(url);
  const thanks = await payByCard(tab, card);
  await tab.close();
  return thanks;
}
