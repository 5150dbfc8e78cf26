import { expect, test } from "vitest";
import { NAVIGATION, type NavigationPlace } from "../../src/dashboard/layout/places.ts";
import { call } from "../harness/api.ts";
import { createTenantWorld, createWorld } from "../harness/world.ts";
import { createDraft } from "./action-fixture.ts";
import { linksOf, open, signIn, textOf } from "./browse.ts";
import { insertEvent, insertStuckJob } from "./rows.ts";

const COLD_BYTES = 20 * 1024;
const SCRIPT_BYTES = 6 * 1024;

test("a cold load of the first page is at most 20 KB gzipped, the script at most 6", async () => {
  const world = await createTenantWorld();
  await createDraft(world);
  const { html } = await open("/dashboard", await signIn(world.keys.read));
  const parts = [...html.matchAll(/(?:href|src)="(\/dashboard\/(?:style|page|icon)\.[^"]+)"/g)];
  const assets = await Promise.all(parts.map(async ([, path = ""]) => (await open(path)).html));
  expect(assets).toHaveLength(3);
  const sizes = await Promise.all([html, ...assets].map(gzipped));
  expect(sizes.reduce((sum, size) => sum + size, 0)).toBeLessThanOrEqual(COLD_BYTES);
  const script = assets.find((text) => text.includes("lookAgain")) ?? "";
  expect(script).not.toBe("");
  expect(await gzipped(script)).toBeLessThanOrEqual(SCRIPT_BYTES);
});

test("the frame says which environment one is in, marks the present place, and warns that no money moves", async () => {
  const world = await createTenantWorld();
  const cookie = await signIn(world.keys.read);
  const places: readonly NavigationPlace[] = NAVIGATION.flatMap(({ places }) => [...places]);
  for (const { name, path, least } of places) {
    if (least === "admin") continue;
    const { html } = await open(path === "/" ? "/dashboard" : `/dashboard${path}`, cookie);
    expect([name, html.match(/aria-current="page"[^>]*>/g)?.length]).toEqual([
      name,
      // In the side, and in the menu of a narrow screen; tabs mark their own.
      html.includes('class="tabs"') ? 3 : 2,
    ]);
    expect(textOf(html)).toContain("Sandbox: no real money moves.");
    expect(textOf(html)).toContain(`${name} (menu)`);
  }
});

test("what needs a person is one list: the same by API, on the page, on the first page, and counted in the frame", async () => {
  const world = await createTenantWorld();
  await insertEvent(world.scope, { id: "evt_dead", status: "dead" });
  for (const name of ["one", "two"]) await insertStuckJob(world.scope, { invoiceId: `inv_${name}` });
  const { body } = await world.api("GET", "/issues");
  expect(body.data).toMatchObject([
    {
      code: "events_dead",
      severity: "critical",
      count: 1,
      action: { path: "/dashboard/webhook-events?status=dead" },
    },
    {
      code: "jobs_dead",
      severity: "critical",
      count: 2,
      action: { path: "/dashboard/stuck-jobs?status=dead" },
    },
  ]);
  const cookie = await signIn(world.keys.read);
  for (const path of ["/dashboard", "/dashboard/issues"]) {
    const { html } = await open(path, cookie);
    const text = textOf(html);
    for (const { title } of body.data as { title: string }[])
      expect([path, text]).toEqual([path, expect.stringContaining(title)]);
    expect(text).toContain("Issues 2");
    for (const { action } of body.data as { action: { path: string } }[]) {
      expect(linksOf(html)).toContain(action.path);
      expect((await open(action.path, cookie)).status).toBe(200);
    }
  }
});

test("an environment in which nothing needs a person says so", async () => {
  const world = await createWorld();
  const cookie = await signIn(world.keys.read);
  for (const path of ["/dashboard", "/dashboard/issues"])
    expect(textOf((await open(path, cookie)).html)).toContain("All clear.");
  expect((await world.api("GET", "/issues")).body.data).toEqual([]);
});

test("search finds by id, number, the beginning of a name or a mail address, and amount; nobody else's", async () => {
  const [world, other] = [await createTenantWorld(), await createTenantWorld()];
  const invoice = await createDraft(world);
  const cookie = await signIn(world.keys.read);
  const search = (text: string, by = cookie) => open(`/dashboard/search?q=${encodeURIComponent(text)}`, by);
  for (const whole of [invoice.id, invoice.number, invoice.number.toLowerCase()]) {
    expect((await search(whole)).headers.get("location")).toBe(`/dashboard/invoices/${invoice.id}`);
  }
  for (const part of [invoice.number.slice(0, 7), "129", "€129.00"]) {
    expect([part, linksOf((await search(part)).html)]).toEqual([
      part,
      expect.arrayContaining([`/dashboard/invoices/${invoice.id}`]),
    ]);
  }
  expect(linksOf((await search("ada l")).html)).toContain(`/dashboard/customers/${invoice.customer_id}`);
  const theirs = await search(invoice.number, await signIn(other.keys.read));
  expect(textOf(theirs.html)).toContain("Nothing found");
  expect((await search("%")).status).toBe(200);
  expect((await call("GET", "/issues")).status).toBe(401);
});

async function gzipped(text: string): Promise<number> {
  const stream = new Blob([text]).stream().pipeThrough(new CompressionStream("gzip"));
  return (await new Response(stream).arrayBuffer()).byteLength;
}
