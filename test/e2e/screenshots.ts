// npm run screenshots: every page of the dashboard and of the console at 1280 and at 390, light and dark, into .wrangler/screenshots.
// `npm run screenshots -- home issues` makes those whose names contain one of the words.

import { mkdir } from "node:fs/promises";
import { join, relative } from "node:path";
import { type Browser, chromium, type Page } from "playwright-core";
import { connect, doMainJob } from "../demo/main-job.ts";
import { prepareTenant } from "../demo/prepare-tenant.ts";
import { say } from "../demo/report.ts";
import { run } from "../demo/run.ts";
import { subscribe } from "../demo/subscription-job.ts";
import { fillForScreenshots } from "./fill.ts";

const CHROMIUM = process.env.CHROMIUM ?? "/usr/bin/chromium";
const WIDTHS = [1280, 390] as const;
const SCHEMES = ["light", "dark"] as const;
const wanted = process.argv.slice(2);

/** Names of pages and their paths; those of one object are found by their links. */
const PAGES: Record<string, string> = {
  "sign-in": "/dashboard/sign-in",
  home: "/dashboard",
  issues: "/dashboard/issues",
  search: "/dashboard/search?q=Amal",
  environments: "/dashboard/environments",
  invoices: "/dashboard/invoices",
  "invoices-overdue": "/dashboard/invoices?is=overdue",
  "invoice-new": "/dashboard/invoices/new",
  payments: "/dashboard/payments",
  disputes: "/dashboard/disputes",
  customers: "/dashboard/customers",
  "new-customer": "/dashboard/customers/new",
  subscriptions: "/dashboard/subscriptions",
  "checkout-sessions": "/dashboard/checkout-sessions",
  connection: "/dashboard/connections",
  "webhook-events": "/dashboard/webhook-events",
  "event-destinations": "/dashboard/event-destinations",
  emails: "/dashboard/mails",
  jobs: "/dashboard/stuck-jobs",
  "audit-log": "/dashboard/audit-log",
};
/** Pages of one object: the list that links to it, and how the link begins. */
const FIRST_OF: Record<string, readonly [list: string, link: string]> = {
  invoice: ["/dashboard/invoices", "/dashboard/invoices/"],
  payment: ["/dashboard/payments", "/dashboard/payments/pay"],
  dispute: ["/dashboard/disputes", "/dashboard/disputes/dsp"],
  customer: ["/dashboard/customers", "/dashboard/customers/cus"],
  subscription: ["/dashboard/subscriptions", "/dashboard/subscriptions/sub"],
  "checkout-session": ["/dashboard/checkout-sessions", "/dashboard/checkout-sessions/cs"],
  "webhook-event": ["/dashboard/webhook-events", "/dashboard/webhook-events/whe"],
  "event-destination": ["/dashboard/event-destinations", "/dashboard/event-destinations/dest"],
  email: ["/dashboard/mails", "/dashboard/mails/"],
};

const DEMO = "/console/tenants/tenant_demo";
const DEMO_ENVIRONMENT = `${DEMO}/environments/env_demo`;
/** Root's pages. */
const CONSOLE: Record<string, string> = {
  "console-health": "/console",
  "console-environments": "/console/environments",
  "console-tenants": "/console/tenants",
  "console-tenant": DEMO,
  "console-new-tenant": "/console/tenants/new",
  "console-new-environment": `${DEMO}/environments/new`,
  "console-environment": DEMO_ENVIRONMENT,
  "console-new-key": `${DEMO_ENVIRONMENT}/api-keys/new`,
  "console-budgets": `${DEMO_ENVIRONMENT}/budgets`,
  "console-view": `${DEMO_ENVIRONMENT}/view`,
  "console-erase": `${DEMO_ENVIRONMENT}/erase`,
  "console-messages": "/console/messages",
  "console-audit-log": "/console/audit-log",
  "console-sign-in": "/console/sign-in",
};

// A text: what runs in the page is not of Node's world.
const CLIPPED = `({
  page: document.documentElement.scrollWidth - document.documentElement.clientWidth,
  tables: [...document.querySelectorAll(".table")].filter((one) => one.scrollWidth > one.clientWidth + 1).length,
})`;

await run("Screenshots", true, async (stack) => {
  const tenant = await prepareTenant(stack);
  const toDashboard = { path: "/dashboard", field: "#key", secret: tenant.apiKey };
  const toConsole = { path: "/console", field: "#token", secret: stack.rootToken };
  await shoot(stack.worker, toDashboard, stack.paths.root, "new-", ["home", "issues", "connection"]);
  await connect(tenant);
  await doMainJob(tenant, async () => undefined);
  await subscribe(stack, tenant);
  await fillForScreenshots(tenant.api);
  await shoot(stack.worker, toDashboard, stack.paths.root, "", [
    ...Object.keys(PAGES),
    ...Object.keys(FIRST_OF),
  ]);
  await shoot(stack.worker, toConsole, stack.paths.root, "", Object.keys(CONSOLE));
});

type Door = { path: string; field: string; secret: string };

async function shoot(origin: string, door: Door, root: string, before: string, names: string[]) {
  const folder = join(root, ".wrangler", "screenshots");
  await mkdir(folder, { recursive: true });
  const chosen = names.filter(
    (name) => wanted.length === 0 || wanted.some((word) => `${before}${name}`.includes(word)),
  );
  const browser = await chromium.launch({ executablePath: CHROMIUM });
  try {
    for (const width of WIDTHS) {
      for (const scheme of SCHEMES) {
        const page = await signedIn(browser, origin, door, width, scheme);
        for (const name of chosen) {
          await page.goto(`${origin}${await pathOf(page, origin, name)}`);
          await sayClipped(page, `${before}${name} at ${width}`);
          await page.screenshot({
            path: join(folder, `${before}${name}-${width}-${scheme}.png`),
            fullPage: true,
          });
        }
        await page.context().close();
      }
    }
  } finally {
    await browser.close();
  }
  say(`  ${chosen.length} pages in ${relative(root, folder)}`);
}

async function signedIn(
  browser: Browser,
  origin: string,
  { path, field, secret }: Door,
  width: number,
  colorScheme: "light" | "dark",
): Promise<Page> {
  const context = await browser.newContext({ viewport: { width, height: 900 }, colorScheme });
  const page = await context.newPage();
  await page.goto(`${origin}${path}/sign-in`);
  await page.fill(field, secret);
  await page.click("button[type=submit]");
  await page.waitForURL(`${origin}${path}`);
  return page;
}

async function pathOf(page: Page, origin: string, name: string): Promise<string> {
  const known = PAGES[name] ?? CONSOLE[name];
  if (known !== undefined) return name === "sign-in" ? `${known}?environment=env_demo` : known;
  const [list = "", link = ""] = FIRST_OF[name] ?? [];
  await page.goto(`${origin}${list}`);
  const links = page.locator(`main tbody a[href^="${link}"]`);
  const path = (await links.count()) === 0 ? null : await links.first().getAttribute("href");
  return path ?? list;
}

/** Nothing is wider than the page. */
async function sayClipped(page: Page, where: string): Promise<void> {
  const over = (await page.evaluate(CLIPPED)) as { page: number; tables: number };
  if (over.page > 0 || over.tables > 0) say(`  clipped: ${where}: ${JSON.stringify(over)}`);
}
