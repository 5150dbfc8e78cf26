// Every page there is, in a world full of strangers' texts: read by axe, light and dark, at every width, and nothing on
// it is more than text. What the console says fails the scenario, too: see watch-faults.ts.

import type { Page } from "playwright-core";
import { step } from "../demo/report.ts";
import type { Stack } from "../demo/start-stack.ts";
import { type HostileWorld, makeHostileWorld } from "./hostile-world.ts";
import { readAxe, readInjected, readMisfits } from "./look-at-page.ts";
import { signInToConsole } from "./make-tenant.ts";
import { pathsOf } from "./page-paths.ts";
import { readPages } from "./read-pages.ts";
import { type Scenario, signIn } from "./scenario.ts";

/** Beside the routes' own: pages on what went wrong, and filters that find nothing. */
const MORE_PAGES = [
  "/dashboard/nowhere",
  "/dashboard/invoices/inv_that_is_not_there",
  "/dashboard/invoices?search=%22%3E%3Cx-hostile%3E",
  "/dashboard/search?q=%3Cx-hostile%3E",
  "/dashboard/search?q=W",
  "/dashboard/sign-in?next=javascript:alert(1)&environment=%3Cx-hostile%3E",
  "/dashboard/webhook-events?is=all",
  "/pay/that-was-never-made",
  "/console/nowhere",
];
/** Pages that say so of what is not there any more or was never, or of a filter that there is not; all others answer 200. */
const REFUSED: Readonly<Record<string, number>> = {
  "/dashboard/open/a-link-that-was-used": 410,
  "/dashboard/nowhere": 404,
  "/dashboard/invoices/inv_that_is_not_there": 404,
  "/dashboard/webhook-events?is=all": 422,
  "/pay/that-was-never-made": 404,
  "/console/nowhere": 404,
};
/** Of what only comes to be when we fail, a message that cannot be read or an event that is dead: test/dashboard has them. */
const NOT_IN_THE_WORLD = new Set([
  "/console/messages/:id",
  "/console/messages/:id/dismiss",
  "/dashboard/webhook-events/:id/dismiss",
]);

export const everyPage: Scenario = {
  title: "Every page, with every kind of text, at every width",
  refusals: Object.values(REFUSED),
  async play(page, stack) {
    const faults: string[] = [];
    page.on("dialog", (dialog) => {
      faults.push(`A dialog opened on ${page.url()}.`);
      void dialog.dismiss();
    });
    const world = await step(
      "a world of strangers' texts",
      () => makeHostileWorld(stack),
      (made) => `${made.shown.length} pages of them`,
    );
    const paths = await step(
      "pages read from the routes",
      () => pathsIn(stack, world),
      (found) => `${found.length}`,
    );
    await signIn(page, stack, world.apiKey);
    await signInToConsole(page, stack);
    await step(
      "accessible, never clipped, nothing injected",
      async () => {
        for (const path of paths) faults.push(...(await lookAt(page, stack, path)));
      },
      () => `${faults.length} faults`,
    );
    await step(
      "each text is shown as text",
      async () => {
        await page.setViewportSize({ width: 320, height: 900 });
        for (const one of world.shown) faults.push(...(await readText(page, stack, one)));
      },
      () => `${faults.length} faults`,
    );
    if (faults.length > 0) throw new Error(faults.join("\n"));
  },
};

async function pathsIn(stack: Stack, world: HostileWorld): Promise<string[]> {
  const found = await pathsOf(await readPages(stack.paths.root), world.quittance, world);
  const missing = [...found].filter(([pattern, path]) => path === null && !NOT_IN_THE_WORLD.has(pattern));
  if (missing.length > 0)
    throw new Error(`The world has nothing to open these with, see page-paths.ts: ${missing.join(" ")}`);
  const paths = [...found.values()].filter((path) => path !== null);
  return [...paths, ...MORE_PAGES, ...world.payUrls.map((url) => new URL(url).pathname)];
}

async function lookAt(page: Page, stack: Stack, path: string): Promise<string[]> {
  const answer = await page.goto(`${stack.worker}${path}`);
  const found = [
    ...(answer?.status() === (REFUSED[path] ?? 200) ? [] : [`answered ${answer?.status()}`]),
    ...(await readInjected(page)),
    ...(await readMisfits(page)),
    ...(await readAxe(page)),
  ];
  return found.map((fault) => `${path}: ${fault}`);
}

async function readText(
  page: Page,
  stack: Stack,
  { path, text }: { path: string; text: string },
): Promise<string[]> {
  await page.goto(`${stack.worker}${path}`);
  const main = await page.locator("main").evaluate((one) => (one as { textContent: string }).textContent);
  const squeezed = (words: string) => words.replaceAll(/\s+/g, " ");
  const found = [...(await readInjected(page)), ...(await readMisfits(page, [320]))];
  if (!squeezed(main).includes(squeezed(text))) found.push(`does not show ${JSON.stringify(text)}`);
  return found.map((fault) => `${path}: ${fault}`);
}
