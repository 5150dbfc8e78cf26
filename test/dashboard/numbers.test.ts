// Numbers agree with one another: what a tile, a list, a badge, the API and a file say of the same thing is the same.

import { beforeAll, expect, test } from "vitest";
import { readCsv } from "../exports/parse-csv.ts";
import type { Json } from "../harness/api.ts";
import { sandbox } from "../harness/sandbox.ts";
import type { TestWorld } from "../harness/world.ts";
import { open, signIn, textOf } from "./browse.ts";
import { numbersWorld } from "./numbers-world.ts";

const WEEK_MS = 7 * 24 * 60 * 60 * 1000;
// What is said of the made world, each with its right value once: all else is compared with these.
const COLLECTED = ["€606.00", "$229.00"];
const OUTSTANDING = ["€465.00", "$43.00"];
const OVERDUE = ["€200.00", "$43.00"];
const DISPUTED = ["€249.00", "$81.00"];

let world: TestWorld;
let cookie: string;
let home: string;

beforeAll(async () => {
  // Stripe says only what the test says, so that nothing is under way when numbers are read.
  sandbox.world.deliveryPolicy.withhold = true;
  world = await numbersWorld();
  cookie = await signIn(world.keys.admin);
  home = await page("");
});

const page = async (path: string) => (await open(`/dashboard${path}`, cookie)).html.replaceAll("\u00a0", " ");
const read = async (path: string): Promise<Json> => (await world.api("GET", path)).body;
const listed = async (path: string): Promise<Json[]> =>
  (await read(`${path}${path.includes("?") ? "&" : "?"}limit=100`)).data;
const file = async (path: string) => readCsv((await open(`/dashboard/exports/${path}`, cookie)).html);

function tile(name: string) {
  const html = home.split(`<span class="tile-name">${name}</span>`)[1]?.split("</li>")[0] ?? "";
  return {
    values: [...html.matchAll(/class="tile-value[^"]*">([^<]*)</g)].map(([, value]) => value),
    more: /class="tile-more">([^<]*)</.exec(html)?.[1],
  };
}

/** By currency, as a page writes amounts; euros first, as most of the world's invoices are. */
function sums(rows: readonly Json[], field: string): string[] {
  return ["EUR", "USD"].flatMap((currency) => {
    const of = rows.filter((row) => row.currency === currency);
    const minor = of.reduce((sum, row) => sum + Number(row[field]), 0);
    const format = new Intl.NumberFormat("en", { style: "currency", currency });
    return minor === 0 ? [] : [format.format(minor / 100)];
  });
}

/** Of the page's rows: what stands in this column. */
function column(html: string, name: string): string[] {
  return [...html.matchAll(new RegExp(`data-label="${name}">(.*?)</t[dh]>`, "gs"))].map(([, cell = ""]) =>
    textOf(cell).trim(),
  );
}

const rowsOf = (html: string) => [...html.matchAll(/<th scope="row"/g)].length;
const sumOf = (html: string) => /<span class="sum">(.*?)<\/span>/.exec(html)?.[1] ?? "";
const amountsIn = (text: string) => [...text.matchAll(/[€$][\d,.]+\d/g)].map(([amount]) => amount).sort();
const badge = (html: string, place: string) =>
  Number(new RegExp(`${place}<span class="count[^"]*">(\\d+)<`).exec(html)?.[1] ?? 0);

test("collected: the tile, the list of payments, the API's statistics and the file", async () => {
  expect(tile("Collected in 7 days").values).toEqual(COLLECTED);
  const succeeded = await listed("/payments?status=succeeded");
  expect(sums(succeeded, "amount")).toEqual(COLLECTED);
  const shown = await page("/payments?status=succeeded");
  expect(rowsOf(shown)).toBe(succeeded.length);
  const { totals } = await read(`/stats?from=${new Date(Date.now() - WEEK_MS).toISOString()}`);
  const paid = totals.money.map(({ currency, paid: { amount, count } }: Json) => ({
    currency,
    amount,
    count,
  }));
  expect(sums(paid, "amount")).toEqual(COLLECTED);
  expect(paid.reduce((sum: number, { count }: Json) => sum + count, 0)).toBe(succeeded.length);
  expect(sums(await file("payments.csv?status=succeeded"), "amount")).toEqual(COLLECTED);
  // One that was recorded by mistake and reversed is collected no more.
  expect(sums(await listed("/payments?status=canceled"), "amount")).toEqual(["€50.00"]);
});

test("refunded and failed: the API's statistics, the payments, their invoices, the refunds and the files", async () => {
  const { totals } = await read("/stats");
  const money = (what: string) =>
    totals.money.map((of: Json) => ({ currency: of.currency, amount: of[what].amount }));
  const refunded = ["€65.00", "$29.00"];
  expect(sums(money("refunded"), "amount")).toEqual(refunded);
  expect(sums(await listed("/refunds?status=succeeded"), "amount")).toEqual(refunded);
  expect(sums(await listed("/payments"), "amount_refunded")).toEqual(refunded);
  expect(sums(await listed("/invoices?is=refunded"), "amount_refunded")).toEqual(refunded);
  expect(sums(await file("payments.csv"), "amount_refunded")).toEqual(refunded);
  expect(sums(await file("invoices.csv"), "amount_refunded")).toEqual(refunded);
  expect(sumOf(await page("/invoices?is=refunded"))).toMatch(/^2 invoices, /);
  expect(sums(money("failed"), "amount")).toEqual(["€59.00"]);
  expect(sums(await listed("/payments?status=failed"), "amount")).toEqual(["€59.00"]);
});

test("outstanding: the tile, the list of open invoices, the API and the file", async () => {
  expect(tile("Outstanding")).toEqual({ values: OUTSTANDING, more: "5 open invoices" });
  const shown = await page("/invoices?status=open");
  expect(rowsOf(shown)).toBe(5);
  expect(sumOf(shown)).toBe("5 invoices, €565.00 + $43.00, €465.00 + $43.00 to be paid");
  expect(sums(await listed("/invoices?status=open"), "amount_remaining")).toEqual(OUTSTANDING);
  expect(sums(await file("invoices.csv?status=open"), "amount_remaining")).toEqual(OUTSTANDING);
  // All that is listed owes no more than what is open: what is void, given up or a draft is not to be paid.
  expect(sumOf(await page("/invoices"))).toMatch(/^17 invoices, .*, €465\.00 \+ \$43\.00 to be paid$/);
  for (const status of ["draft", "paid", "void", "uncollectible"])
    expect([status, sumOf(await page(`/invoices?status=${status}`))]).toEqual([
      status,
      expect.not.stringContaining("to be paid"),
    ]);
  const [voided] = await listed("/invoices?status=void");
  const text = textOf(await page(`/invoices/${voided.id}`));
  expect([text.includes("Nothing is owed."), text.includes("Remaining")]).toEqual([true, false]);
});

test("overdue: the tile, the list's chip, its badges, the API and the file", async () => {
  expect(tile("Overdue")).toEqual({ values: OVERDUE, more: "2 invoices past due" });
  const shown = await page("/invoices?is=overdue");
  expect(sumOf(shown)).toMatch(/^2 invoices, /);
  expect(amountsIn(sumOf(shown).split(", ").at(-1) ?? "")).toEqual([...OVERDUE].sort());
  const all = column(await page("/invoices"), "Status");
  expect(all.filter((status) => status.includes("Overdue"))).toHaveLength(2);
  expect(sums(await listed("/invoices?is=overdue"), "amount_remaining")).toEqual(OVERDUE);
  expect(sums(await file("invoices.csv?is=overdue"), "amount_remaining")).toEqual(OVERDUE);
});

test("disputed: the tile, the navigation, the list, the issue and the API; the chip has the invoices of all that are not won", async () => {
  expect(tile("Disputed")).toEqual({
    values: DISPUTED,
    more: "2 await an answer, nearest deadline in 2 days",
  });
  expect(badge(home, "Disputes")).toBe(2);
  const due = await listed("/disputes?status=needs_response");
  expect(sums(due, "amount")).toEqual(DISPUTED);
  const shown = await page("/disputes");
  const first = shown.split("Others, newest first")[0] ?? "";
  expect([rowsOf(first), rowsOf(shown)]).toEqual([2, (await listed("/disputes")).length]);
  expect(amountsIn(textOf(first.split("To be answered")[1] ?? ""))).toEqual([...DISPUTED].sort());
  expect(await issue("disputes_due")).toMatchObject({ count: 2, title: "2 disputes await your answer." });
  const against = (await listed("/disputes")).filter(({ status }) => status !== "won");
  const ids = (await listed("/invoices?is=disputed")).map(({ id }) => id);
  expect(ids.sort()).toEqual(against.map(({ invoice_id }) => invoice_id).sort());
  expect(sumOf(await page("/invoices?is=disputed"))).toMatch(new RegExp(`^${against.length} invoices, `));
  const badges = column(await page("/invoices"), "Status").filter((status) => status.includes("Disputed"));
  expect(badges).toHaveLength(against.length);
});

test("events and jobs: the day's chart, the issues, their lists, the API's statistics and the file", async () => {
  const { totals, present } = await read("/stats");
  for (const [status, count, code] of [
    ["dead", 2, "events_dead"],
    ["failed", 3, "events_retrying"],
  ] as const) {
    expect(rowsOf(await page(`/webhook-events?status=${status}`))).toBe(count);
    expect(await listed(`/webhook_events?status=${status}`)).toHaveLength(count);
    expect(await file(`webhook_events.csv?status=${status}`)).toHaveLength(count);
    expect([totals.events[status], present[`${status}_events`]]).toEqual([count, count]);
    expect((await issue(code)).count).toBe(count);
  }
  const { received, processed } = totals.events;
  expect(textOf(home)).toContain(`${received} received: ${processed} processed, 3 retried, 2 dead.`);
  expect(await listed("/webhook_events?status=processed")).toHaveLength(processed);
  expect(await file("webhook_events.csv")).toHaveLength(received);
  expect((await issue("jobs_dead")).count).toBe(1);
  expect([present.dead_jobs, rowsOf(await page("/stuck-jobs"))]).toEqual([1, 1]);
  expect(sumOf(await page("/invoices?is=link_failed"))).toBe("1 invoice, €77.00 to be paid");
});

test("issues: the navigation on every page, the page of issues, the first page and the API", async () => {
  const issues = await listed("/issues");
  expect(issues.map(({ code }) => code)).toEqual([
    "disputes_due",
    "events_dead",
    "jobs_dead",
    "events_retrying",
  ]);
  const shown = await page("/issues");
  for (const html of [home, shown]) {
    expect([...html.matchAll(/<li class="issue /g)]).toHaveLength(issues.length);
    for (const { title } of issues) expect(textOf(html)).toContain(title);
  }
  for (const path of ["", "/issues", "/invoices", "/disputes", "/payments", "/webhook-events"]) {
    const html = await page(path);
    expect([path, badge(html, "Issues"), badge(html, "Disputes")]).toEqual([path, issues.length, 2]);
  }
});

async function issue(code: string): Promise<Json> {
  return (await listed("/issues")).find((one) => one.code === code);
}
