// npm run test:e2e: the demo's Worker and Stripe sandbox, used in Chromium as people use them. Each scenario has a
// file here and a place in the list; all are tried, and one that fails makes the run fail.

import { existsSync } from "node:fs";
import { chromium } from "playwright-core";
import { say } from "../demo/report.ts";
import { run } from "../demo/run.ts";
import { connectByStripe } from "./connect-by-stripe.ts";
import { firstRunGuide } from "./first-run-guide.ts";
import { readTheDocs } from "./read-the-docs.ts";
import type { Scenario } from "./scenario.ts";

const CHROMIUM = "/usr/bin/chromium";
const SCENARIOS: readonly Scenario[] = [firstRunGuide, connectByStripe, readTheDocs];

await run("Quittance end to end", true, async (stack) => {
  if (!existsSync(CHROMIUM))
    throw new Error(`There is no ${CHROMIUM}: install Debian's with 'apt-get install chromium'.`);
  // Without a sandbox of its own: in a container Chromium often may not make one, and it only sees this machine.
  const browser = await chromium.launch({ executablePath: CHROMIUM, args: ["--no-sandbox"] });
  const failures: unknown[] = [];
  try {
    for (const { title, play } of SCENARIOS) {
      say(`\n${title}`);
      const context = await browser.newContext();
      await play(await context.newPage(), stack).catch((error: unknown) => failures.push(error));
      await context.close();
    }
  } finally {
    await browser.close();
  }
  if (failures.length > 0) throw failures.length === 1 ? failures[0] : new AggregateError(failures);
});
