// The logs and the exports as pages: names instead of ids, amounts with their currency, and files by their time.

import { expect, test } from "vitest";
import { detailWords } from "../../src/dashboard/audit-words.ts";
import { createTenantWorld } from "../harness/world.ts";
import { createDraft } from "./action-fixture.ts";
import { linksOf, open, signIn, textOf } from "./browse.ts";

test("a change is told in words: amounts with their currency, from and to, yes and no", () => {
  expect(detailWords({ amount: 5000, currency: "EUR", reason: null })).toBe("Amount: €50.00");
  expect(detailWords({ amount: { from: 1500, to: 2000 }, currency: "jpy" })).toBe("Amount: ¥1,500 → ¥2,000");
  expect(detailWords({ is_active: false, attempts: 21, name: { from: null, to: "Acme" } })).toBe(
    "Is active: no, Attempts: 21, Name: none → Acme",
  );
  expect(detailWords({ amount: 12, currency: "gold" })).toBe("Amount: 12, Currency: gold");
});

test("the audit log names what was done to whom, with the way there, and is narrowed by action, object and time", async () => {
  const world = await createTenantWorld();
  const invoice = await createDraft(world);
  const cookie = await signIn(world.keys.admin);
  const page = await open("/dashboard/audit-log", cookie);
  expect(textOf(page.html)).toContain(invoice.number);
  expect(linksOf(page.html)).toContain(`/dashboard/invoices/${invoice.id}`);
  const narrowed = textOf((await open(`/dashboard/audit-log?object_id=${invoice.id}`, cookie)).html);
  expect(narrowed).toContain("Invoice created");
  expect(narrowed).not.toContain("Customer created");
  const later = await open("/dashboard/audit-log?created_after=2100-01-01T00:00:00Z", cookie);
  expect(textOf(later.html)).toContain("No entry fits.");
});

test("the security log tells of sign-ins to admins alone", async () => {
  const world = await createTenantWorld();
  const cookie = await signIn(world.keys.admin);
  const page = await open("/dashboard/security-log?event=session.opened", cookie);
  expect(textOf(page.html)).toContain("Session opened");
  expect(textOf(page.html)).not.toContain("API key used Way");
  expect((await open("/dashboard/security-log?event=none", cookie)).status).toBe(422);
  expect((await open("/dashboard/security-log", await signIn(world.keys.write))).status).toBe(403);
});

test("each file of the exports page is what the API gives, of the time that is asked for", async () => {
  const world = await createTenantWorld();
  const invoice = await createDraft(world);
  const cookie = await signIn(world.keys.read);
  const page = await open("/dashboard/exports", cookie);
  for (const name of ["payments", "invoices", "webhook_events"]) {
    expect(page.html).toContain(`action="/dashboard/exports/${name}.csv"`);
    expect((await open(`/dashboard/exports/${name}.csv?from=&to=`, cookie)).status).toBe(200);
  }
  const lines = async (query: string) =>
    (await open(`/dashboard/exports/invoices.csv?${query}`, cookie)).html.trim().split("\r\n").length;
  expect(await lines("from=2020-01-01T00:00")).toBe(2);
  expect(await lines("from=2100-01-01T00:00&to=")).toBe(1);
  expect(invoice.id).toBeTruthy();
});
