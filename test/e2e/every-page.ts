// Every page there is, in a world full of strangers' texts: read by axe, light and dark, at every width, and nothing on
// it is more than text. What the console says fails the scenario, too: see watch-faults.ts.

import type { Page } from "playwright-core";
import { step } from "../demo/report.ts";
import type { Stack } from "../demo/start-stack.ts";
import type { MailPage } from "./hostile-pages.ts";
import { actAsStranger } from "./hostile-person.ts";
import { stopRefusing } from "./hostile-refusals.ts";
import { type HostileWorld, makeHostileWorld } from "./hostile-world.ts";
import { readAxe, readInjected, readMisfits } from "./look-at-page.ts";
import { signInToConsole } from "./make-tenant.ts";
import { pathsOf } from "./page-paths.ts";
import { readColumnFaults } from "./read-columns.ts";
import { readPages } from "./read-pages.ts";
import type { Scenario } from "./scenario.ts";

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
/** Of Stripe's pages: a session that has expired, a link that is not active. */
const GONE = 410;

export const everyPage: Scenario = {
  title: "Every page, with every kind of text, at every width",
  refusals: [...Object.values(REFUSED), GONE],
  async play(page, stack) {
    try {
      await sweep(page, stack);
    } finally {
      await stopRefusing(stack);
    }
  },
};

async function sweep(page: Page, stack: Stack): Promise<void> {
  const faults: string[] = [];
  page.context().on("dialog", (dialog) => {
    faults.push(`A dialog opened on ${dialog.page()?.url()}.`);
    void dialog.dismiss();
  });
  const world = await step(
    "a world of strangers' texts",
    () => makeHostileWorld(stack),
    (made) => `${made.shown.length} texts`,
  );
  await signInToConsole(page, stack);
  await actAsStranger(page, stack, world.quittance);
  await step(
    "in every column that strangers write",
    async () => faults.push(...readColumnFaults(stack, world.environmentId)),
    () => `${faults.length} faults`,
  );
  const looks = await step(
    "pages read from the routes",
    () => looksIn(stack, world),
    (found) => `${found.length}`,
  );
  await step(
    "accessible, never clipped, nothing injected",
    () => inTabs(page, looks, async (tab, look) => faults.push(...(await lookAt(tab, look)))),
    () => `${faults.length} faults`,
  );
  await step(
    "mails as they are read",
    async () => {
      for (const mail of world.mails) faults.push(...(await lookAtMail(page, mail)));
    },
    () => `${world.mails.length}`,
  );
  await step(
    "each text is shown as text",
    () => inTabs(page, world.shown, async (tab, one) => faults.push(...(await readText(tab, stack, one)))),
    () => `${faults.length} faults`,
  );
  if (faults.length > 0) throw new Error(faults.join("\n"));
}

/** A page, and what it answers. */
type Look = { url: string; status: number };

async function looksIn(stack: Stack, world: HostileWorld): Promise<Look[]> {
  const found = await pathsOf(await readPages(stack.paths.root), world.quittance, world);
  const missing = [...found].filter(([, path]) => path === null);
  if (missing.length > 0)
    throw new Error(`The world has nothing to open these with, see page-paths.ts: ${missing.join(" ")}`);
  const paths = [...[...found.values()].filter((path) => path !== null), ...MORE_PAGES];
  return [
    ...paths.map((path) => ({ url: `${stack.worker}${path}`, status: REFUSED[path] ?? 200 })),
    ...world.outside.map((url) => ({ url, status: 200 })),
    ...world.gone.map((url) => ({ url, status: GONE })),
  ];
}

async function lookAt(page: Page, { url, status }: Look): Promise<string[]> {
  const answer = await page.goto(url);
  const wrong = answer?.status() === status ? [] : [`answered ${answer?.status()}`];
  return [...wrong, ...(await readFaults(page))].map((fault) => `${url}: ${fault}`);
}

/** Where nothing forbids a script to run. */
async function lookAtMail(page: Page, { subject, html }: MailPage): Promise<string[]> {
  await page.goto("about:blank");
  await page.setContent(html);
  return (await readFaults(page)).map((fault) => `The mail ${subject}: ${fault}`);
}

async function readFaults(page: Page): Promise<string[]> {
  return [...(await readInjected(page)), ...(await readMisfits(page)), ...(await readAxe(page))];
}

/** One tab is read while the next page of the other is made. */
async function inTabs<T>(
  page: Page,
  all: readonly T[],
  look: (tab: Page, one: T) => Promise<unknown>,
): Promise<void> {
  const other = await page.context().newPage();
  const left = all.values();
  await Promise.all(
    [page, other].map(async (tab) => {
      for (const one of left) await look(tab, one);
    }),
  );
  await other.close();
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
