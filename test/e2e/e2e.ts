// npm run test:e2e: the demo's Worker and Stripe sandbox, used in Chromium as people use them. Each scenario has a
// file here and a place in the list; all are tried, and one that fails makes the run fail.
// `npm run test:e2e -- guide docs` plays those whose titles contain one of the words.

import { existsSync } from "node:fs";
import { join, relative } from "node:path";
import { type Browser, chromium } from "playwright-core";
import { say } from "../demo/report.ts";
import { run } from "../demo/run.ts";
import type { Stack } from "../demo/start-stack.ts";
import { connectByStripe } from "./connect-by-stripe.ts";
import { dark } from "./dark.ts";
import { dispute } from "./dispute.ts";
import { everyPage } from "./every-page.ts";
import { firstRunGuide } from "./first-run-guide.ts";
import { followTheGuides } from "./follow-the-guides.ts";
import { guideByHand } from "./guide-by-hand.ts";
import { keyboard } from "./keyboard.ts";
import { lookAgain } from "./look-again.ts";
import { noScript } from "./no-script.ts";
import { payAnInvoice } from "./pay-an-invoice.ts";
import { phone } from "./phone.ts";
import { readTheDocs } from "./read-the-docs.ts";
import { refund } from "./refund.ts";
import { replay } from "./replay.ts";
import { rotate } from "./rotate.ts";
import type { Scenario } from "./scenario.ts";
import { signInByLink } from "./sign-in-by-link.ts";
import { watchFaults } from "./watch-faults.ts";
import { wrongSecret } from "./wrong-secret.ts";

const CHROMIUM = "/usr/bin/chromium";
const SCENARIOS: readonly Scenario[] = [
  signInByLink,
  firstRunGuide,
  guideByHand,
  connectByStripe,
  payAnInvoice,
  refund,
  dispute,
  wrongSecret,
  rotate,
  replay,
  lookAgain,
  phone,
  dark,
  noScript,
  keyboard,
  readTheDocs,
  followTheGuides,
  everyPage,
];

const words = process.argv.slice(2).map((word) => word.toLowerCase());
const wanted = SCENARIOS.filter(
  ({ title }) => words.length === 0 || words.some((word) => title.toLowerCase().includes(word)),
);

await run("Quittance end to end", true, async (stack) => {
  if (wanted.length === 0) throw new Error(`No scenario's title contains ${words.join(" or ")}.`);
  if (!existsSync(CHROMIUM))
    throw new Error(`There is no ${CHROMIUM}: install Debian's with 'apt-get install chromium'.`);
  // Without a sandbox of its own: in a container Chromium often may not make one, and it only sees this machine.
  const browser = await chromium.launch({ executablePath: CHROMIUM, args: ["--no-sandbox"] });
  const failures: string[] = [];
  try {
    for (const scenario of wanted) failures.push(...(await play(scenario, browser, stack)));
  } finally {
    await browser.close();
  }
  if (failures.length > 0) throw new Error(failures.join("\n\n"));
});

/** What went wrong, each under the scenario's title. */
async function play(
  { title, play, ...options }: Scenario,
  browser: Browser,
  stack: Stack,
): Promise<string[]> {
  say(`\n${title}`);
  // As somebody elsewhere: tries to sign in are limited by address.
  const address = `192.0.2.${SCENARIOS.findIndex((one) => one.title === title) + 1}`;
  const elsewhere = { extraHTTPHeaders: { "cf-connecting-ip": address } };
  const context = await browser.newContext({ ...elsewhere, ...options.browser });
  const faults = watchFaults(context, options.refusals);
  const page = await context.newPage();
  const failures: string[] = [];
  try {
    await play(page, stack);
  } catch (error) {
    const picture = join(stack.paths.folder, "e2e", `${title.replaceAll(/\W+/g, "-").toLowerCase()}.png`);
    // A picture helps; that none could be taken is not what is looked for.
    await page.screenshot({ path: picture, fullPage: true }).catch(() => {});
    const words = error instanceof Error ? error.message : String(error);
    failures.push(`${words}\nThe page was ${page.url()}; ${relative(stack.paths.root, picture)}`);
  }
  await context.close();
  return [...failures, ...faults].map((failure) => `${title}: ${failure}`);
}
