import { expect, test } from "vitest";
import { createTenantWorld, createWorld } from "../harness/world.ts";
import { createDraft } from "./action-fixture.ts";
import { linksOf, open, signIn, textOf } from "./browse.ts";
import { insertInvoices } from "./rows.ts";

test("amounts are written with the decimals of their currency, and never added across currencies", async () => {
  const world = await createWorld();
  const line = (unit_amount: number) => [{ description: "x", quantity: 1, unit_amount }];
  await createDraft(world, { currency: "JPY", lines: line(1500), finalize: true });
  await createDraft(world, { currency: "KWD", lines: line(10_240), finalize: true });
  await createDraft(world, { finalize: true });
  const cookie = await signIn(world.keys.read);
  const list = textOf((await open("/dashboard/invoices", cookie)).html);
  for (const amount of ["¥1,500 ", "KWD 10.240", "€129.00"])
    expect(list.replaceAll("\u00a0", " ")).toContain(amount);
  const overview = textOf((await open("/dashboard", cookie)).html).replaceAll("\u00a0", " ");
  expect(overview).toMatch(/Outstanding (?:¥1,500|KWD 10\.240|€129\.00|\s)+ 3 open invoices/);
});

test("a list is walked page by page, each row once, with its filter kept", async () => {
  const world = await createTenantWorld();
  const invoice = await createDraft(world);
  await insertInvoices(world.scope, invoice.id, 119);
  const cookie = await signIn(world.keys.read);
  const seen: string[] = [];
  let path: string | undefined = "/dashboard/invoices?status=draft";
  for (let pages = 0; path !== undefined && pages < 9; pages++) {
    const { html } = await open(path, cookie);
    seen.push(...linksOf(html).filter((link) => link.startsWith("/dashboard/invoices/")));
    const older = /<a\b[^>]*href="([^"]*)"[^>]*rel="next"/.exec(html)?.[1];
    path = older?.replaceAll("&amp;", "&");
    if (path !== undefined) expect(path).toContain("status=draft");
  }
  expect(seen).toHaveLength(120);
  expect(new Set(seen).size).toBe(120);
});

test("an unknown filter or a broken cursor is an error page in the dashboard's look, with the request's id", async () => {
  const world = await createTenantWorld();
  const cookie = await signIn(world.keys.read);
  for (const query of ["status=nonsense", "cursor=nonsense", "colour=red"]) {
    const page = await open(`/dashboard/invoices?${query}`, cookie);
    expect([query, page.status]).toEqual([query, 422]);
    expect(page.html).toContain(`aria-label="Dashboard"`);
    expect(page.html).toContain(page.headers.get("x-request-id") ?? "none");
  }
});
