// npm run screenshots: every page at 1280 and at 390, light and dark, into .wrangler/screenshots, and the README's two
// into docs/images. `npm run screenshots -- home issues` makes those whose names contain one of the words.

import { mkdir } from "node:fs/promises";
import { join, relative } from "node:path";
import { type Browser, chromium, type Page } from "playwright-core";
import { makePortalLink } from "../demo/portal-link.ts";
import { say } from "../demo/report.ts";
import { run } from "../demo/run.ts";
import type { Stack } from "../demo/start-stack.ts";
import { type Business, checkOut, makeBusiness, makeTroubles } from "./business.ts";
import { CHROMIUM, makeTenant, signInToConsole } from "./make-tenant.ts";
import { pathsOf } from "./page-paths.ts";
import { readPages } from "./read-pages.ts";

const WIDTHS = [1280, 390] as const;
const SCHEMES = ["light", "dark"] as const;
const HEIGHT = 900;
const README_SIZE = { width: 1280, height: 800 };
/** Lists that are empty at first. */
const NEW_PLACES = [
  ...["issues", "invoices", "payments", "disputes", "customers", "subscriptions", "checkout-sessions"],
  ...["connections", "webhook-events", "event-destinations", "mails", "guide"],
];
/** Pages that one who is signed in does not get. */
const OPEN = new Set(["sign-in", "console-sign-in", "open-one"]);

type Tenant = Pick<Business, "quittance" | "apiKey">;
/** Where the pictures go, and how their names end. */
type Into = { folder: string; end: string };
/** A picture's name, and the address of its page; null where there is nothing to open it with. */
type Shot = [name: string, path: string | null];

const wanted = process.argv.slice(2);

await run("Screenshots", true, async (stack) => {
  const browser = await chromium.launch({ executablePath: CHROMIUM, args: ["--no-sandbox"] });
  try {
    const business = await makeBusiness(stack);
    if (isWanted("readme")) await shootReadme(browser, stack, business);
    await checkOut(business.quittance);
    await makeTroubles(stack, business);
    const beginner = await makeTenant(stack, "Fernhill Beginners");
    const folder = join(stack.paths.folder, "screenshots");
    for (const width of WIDTHS) {
      for (const scheme of SCHEMES) {
        const page = await browser.newPage({ viewport: { width, height: HEIGHT }, colorScheme: scheme });
        const into = { folder, end: `-${width}-${scheme}` };
        await shootOpen(page, stack, { ...business, ...into });
        await shootAll(page, stack, { ...business, ...into });
        await shootNew(page, stack, { ...beginner, ...into });
        await shootOperator(page, stack, { ...business, ...into });
        await page.context().close();
      }
    }
  } finally {
    await browser.close();
  }
});

function isWanted(name: string): boolean {
  return wanted.length === 0 || wanted.some((word) => name.includes(word));
}

/** What needs nobody to be signed in. */
async function shootOpen(page: Page, stack: Stack, { payPath, ...into }: Business & Into): Promise<void> {
  await shootEach(page, stack, into, [
    ["sign-in", "/dashboard/sign-in"],
    ["console-sign-in", "/console/sign-in"],
    ["open-one", "/dashboard/open/a-link-that-was-used"],
    ["pay-paid", payPath],
    ["pay-unknown", "/pay/unknown"],
    ["docs", "/docs"],
    ["docs-search", "/docs?q=refund"],
    ["docs-errors", "/docs/errors"],
    ["docs-notifications", "/docs/notifications"],
  ]);
}

async function shootAll(page: Page, stack: Stack, business: Business & Into): Promise<void> {
  const found = await pathsOf(await readPages(stack.paths.root), business.quittance, business);
  const pages = [...found]
    .map(([pattern, path]): Shot => [nameOf(pattern), path])
    .filter(([name]) => !OPEN.has(name));
  const shots: Shot[] = [...pages, ["not-found", "/dashboard/nowhere"]];
  if (!shots.some(isTaken)) return;
  await signIn(page, stack, business);
  await signInToConsole(page, stack);
  await shootEach(page, stack, business, shots);
}

/** The places of one who has nothing yet: each says what is next. */
async function shootNew(page: Page, stack: Stack, beginner: Tenant & Into): Promise<void> {
  const shots: Shot[] = [
    ["new-home", "/dashboard"],
    ...NEW_PLACES.map((place): Shot => [`new-${place}`, `/dashboard/${place}`]),
  ];
  if (!shots.some(isTaken)) return;
  await signIn(page, stack, beginner);
  await shootEach(page, stack, beginner, shots);
}

/** As the operator sees a tenant's dashboard: read only, and it says so. */
async function shootOperator(page: Page, stack: Stack, business: Business & Into): Promise<void> {
  const { tenantId, environmentId } = business;
  const shots: Shot[] = [
    ["operator-home", "/dashboard"],
    ["operator-invoice", `/dashboard/invoices/${business.refundedInvoiceId}`],
  ];
  if (!shots.some(isTaken)) return;
  // The tenant's own session goes, and the console's stays: signing in is limited by address and minute.
  await page.context().clearCookies({ name: /quittance_session$/ });
  if (!(await page.context().cookies()).some(({ name }) => name.endsWith("quittance_console")))
    await signInToConsole(page, stack);
  await page.goto(`${stack.worker}/console/tenants/${tenantId}/environments/${environmentId}/view`);
  await page.getByRole("button", { name: "Open it read-only" }).click();
  await page.waitForURL(/\/dashboard$/);
  await shootEach(page, stack, business, shots);
}

async function shootEach(
  page: Page,
  stack: Stack,
  { folder, end }: Into,
  shots: readonly Shot[],
): Promise<void> {
  for (const [name, path] of shots.filter(isTaken)) await shoot(page, stack, path, folder, `${name}${end}`);
}

function isTaken(shot: Shot): shot is [name: string, path: string] {
  return shot[1] !== null && isWanted(shot[0]);
}

async function signIn(page: Page, stack: Stack, tenant: Tenant): Promise<void> {
  await page.goto(await makePortalLink(tenant));
  await page.waitForURL(`${stack.worker}/dashboard`);
}

/** `/dashboard/invoices/:id/edit` is `invoices-one-edit`. */
function nameOf(pattern: string): string {
  const words = pattern
    .replace(/^\/dashboard\/?/, "")
    .replace(/^\//, "")
    .replaceAll(/:\w+/g, "one");
  return words.replaceAll("/", "-") || "home";
}

async function shootReadme(browser: Browser, stack: Stack, business: Business): Promise<void> {
  const page = await browser.newPage({ viewport: README_SIZE, colorScheme: "light" });
  await signIn(page, stack, business);
  const folder = join(stack.paths.root, "docs", "images");
  await shoot(page, stack, "/dashboard", folder, "home", false);
  await shoot(page, stack, `/dashboard/invoices/${business.refundedInvoiceId}`, folder, "invoice", false);
  await page.context().close();
}

async function shoot(page: Page, stack: Stack, path: string, folder: string, name: string, whole = true) {
  await mkdir(folder, { recursive: true });
  const file = join(folder, `${name}.png`);
  await page.goto(`${stack.worker}${path}`);
  const size = page.viewportSize() ?? { width: 1280, height: HEIGHT };
  const height = whole ? await page.evaluate("document.documentElement.scrollHeight") : size.height;
  // As high as the page: what keeps to the window, such as the navigation, then goes down to its end.
  await page.setViewportSize({ ...size, height: Math.max(Number(height), size.height) });
  await page.screenshot({ path: file });
  await page.setViewportSize(size);
  say(`  ${relative(stack.paths.root, file)}`);
}
