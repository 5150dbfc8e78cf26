// Uses the product as a customer does, in Chromium: buys, subscribes, is let in once Quittance has told so, and ends
// the subscription on Stripe's portal.

import { existsSync } from "node:fs";
import { type Browser, chromium, type Page } from "playwright-core";
import { step } from "../../demo/report.ts";
import { until } from "../../demo/until.ts";

const CHROMIUM = "/usr/bin/chromium";
const CARD = {
  card_number: "4242 4242 4242 4242",
  card_expiry: "12 / 40",
  card_cvc: "123",
  name: "Ada Lovelace",
};

/** @throws Error naming what did not come to be, and where there is no Chromium */
export async function drive(origin: string): Promise<void> {
  if (!existsSync(CHROMIUM)) {
    throw new Error(
      `There is no ${CHROMIUM}: install Debian's with 'apt-get install chromium', or leave --once out.`,
    );
  }
  // Without a sandbox of its own: in a container Chromium often may not make one, and it only sees this machine.
  const browser = await chromium.launch({ executablePath: CHROMIUM, args: ["--no-sandbox"] });
  try {
    await driveIn(browser, origin);
  } finally {
    await browser.close();
  }
}

async function driveIn(browser: Browser, origin: string): Promise<void> {
  const page = await browser.newPage();
  const read = (name: string) => () => readAccount(page, origin, name);
  await step("foreign checkout not thanked for", () => refuseForeign(page, origin), String);
  await step("workshop bought on Stripe's page", () => buy(page, origin, "Buy: Workshop"), String);
  await step("access by a signed message", () => waitFor(read("products"), "workshop"), String);
  await step("subscribed to Pro by its name", () => buy(page, origin, "Subscribe: Pro"), String);
  await step("the plan is there", () => waitFor(read("plan"), "Pro"), String);
  await step("canceled on Stripe's portal", () => cancelInPortal(page, origin), String);
  await step("the plan is gone", () => waitFor(read("plan"), "none"), String);
}

async function refuseForeign(page: Page, origin: string): Promise<string> {
  const answer = await page.goto(`${origin}/thanks?session=cs_test_nobodys`);
  if (answer?.status() !== 404)
    throw new Error(`/thanks answered ${answer?.status()} for a session of nobody's.`);
  return "404";
}

/** Presses a button of the pricing page, pays on the page that comes, and says what it is thanked with. */
async function buy(page: Page, origin: string, button: string): Promise<string> {
  await page.goto(origin);
  await page.getByRole("button", { name: button }).click();
  await page.waitForURL(/\/c\/cs_/);
  for (const [id, value] of Object.entries(CARD)) await page.locator(`#${id}`).fill(value);
  await page.locator("#pay button[type=submit]").click();
  await page.waitForURL(`${origin}/thanks?session=cs_**`);
  const heading = await page.getByRole("heading", { level: 1 }).innerText();
  if (heading !== "Thank you") throw new Error(`After paying the page says: ${heading}`);
  return heading;
}

async function cancelInPortal(page: Page, origin: string): Promise<string> {
  await page.goto(`${origin}/account`);
  await page.getByRole("button", { name: "Manage billing" }).click();
  await page.getByRole("button", { name: /Cancel Pro/ }).click();
  await page.getByText("canceled").first().waitFor();
  await page.getByRole("link", { name: /Return to/ }).click();
  await page.waitForURL(`${origin}/account`);
  return page.getByRole("heading", { level: 1 }).innerText();
}

async function readAccount(page: Page, origin: string, name: string): Promise<string> {
  await page.goto(`${origin}/account`);
  return page.getByTestId(name).innerText();
}

async function waitFor(read: () => Promise<string>, wanted: string): Promise<string> {
  return until(`the account does not show ${wanted}`, async () =>
    (await read()) === wanted ? wanted : null,
  );
}
