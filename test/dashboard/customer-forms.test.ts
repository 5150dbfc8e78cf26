// Customers are created, edited and deleted by form, as by API.

import { expect, test } from "vitest";
import { ledgersAskedByPage } from "../harness/count-asked.ts";
import { ledgerSql } from "../harness/ledger-sql.ts";
import { createTenantWorld, type TestWorld } from "../harness/world.ts";
import { createDraft, HOSTILE, hiddenOf } from "./action-fixture.ts";
import { linksOf, open, send, signIn, textOf } from "./browse.ts";

const NEW = "/dashboard/customers/new";
const audited = async (world: Pick<TestWorld, "api">, action: string) =>
  (await world.api("GET", `/audit_log?action=${action}`)).body.data;

test("a customer is made by form, once however often that is sent, with all that the API takes", async () => {
  const world = await createTenantWorld();
  const cookie = await signIn(world.keys.write);
  const typed = {
    ...{ name: HOSTILE, email: "ada@example.com", phone: "+44 1", id: "c-7" },
    ...{ line1: "1 Way", postal_code: "N1", city: "London", country: "gb" },
    ...{ metadata_key: "plan", metadata_value: "pro\r\nplus" },
  };
  const form = { ...hiddenOf((await open(NEW, cookie)).html), ...typed };
  for (let sent = 0; sent < 2; sent += 1) {
    const made = await send(NEW, form, { cookie });
    expect([made.status, made.headers.get("location")]).toEqual([
      303,
      "/dashboard/customers/c-7?done=customer_created",
    ]);
  }
  expect((await world.api("GET", "/customers/c-7")).body).toMatchObject({
    name: HOSTILE,
    email: "ada@example.com",
    address: { line1: "1 Way", postal_code: "N1", city: "London", country: "GB" },
    metadata: { plan: "pro\nplus" },
  });
  expect((await world.api("GET", "/customers")).body.data).toHaveLength(1);
  const { html } = await open("/dashboard/customers/c-7?done=customer_created", cookie);
  expect(textOf(html)).toContain("The customer is created.");
  expect(html).not.toMatch(/<script>alert|<img/);
});

test("what the API refuses is said at its field, in the API's words, and what was typed stays", async () => {
  const world = await createTenantWorld();
  const cookie = await signIn(world.keys.write);
  const form = hiddenOf((await open(NEW, cookie)).html);
  const refused = await send(
    NEW,
    { ...form, name: " ", email: "no address", country: "XX", phone: HOSTILE },
    { cookie },
  );
  expect(refused.status).toBe(422);
  expect(refused.html).toMatch(/id="name-error"[^>]*>Give a name\./);
  expect(refused.html).toMatch(/id="country-error"[^>]*>Give a country/);
  expect(refused.html).toContain('id="email-error"');
  expect(refused.html).toContain('value="no address"');
  expect(refused.html).not.toMatch(/<script>alert|<img/);
  await world.api("POST", "/customers", { id: "taken", name: "Ada" });
  const taken = await send(NEW, { ...form, name: "Grace", id: "taken" }, { cookie });
  expect(taken.status).toBe(409);
  expect(taken.html).toMatch(/id="id-error"[^>]*>There is a customer/);
});

test("editing sends what was changed in the form alone: what somebody else has changed meanwhile stays", async () => {
  const world = await createTenantWorld();
  const fields = {
    name: "Ada",
    email: "ada@example.com",
    metadata: { plan: "pro", seats: "3", note: "a\nb" },
  };
  const { id } = (await world.api("POST", "/customers", fields)).body;
  const cookie = await signIn(world.keys.write);
  const page = `/dashboard/customers/${id}`;
  const shown = await open(`${page}/edit`, cookie);
  const form = { ...hiddenOf(shown.html.replaceAll("&quot;", "\\u0022")) };
  await world.api("PATCH", `/customers/${id}`, { email: "countess@example.com", metadata: { seats: "4" } });
  const body = new URLSearchParams({
    shown: (form.shown ?? "").replaceAll("\\u0022", '"'),
    name: "Ada Lovelace",
    email: "ada@example.com",
    line1: "1 Way",
  });
  for (const [key, value] of [
    ["plan", ""],
    ["seats", "3"],
    ["note", "a\r\nb"],
    ["vat", "GB1"],
    ["", ""],
  ] as const) {
    body.append("metadata_key", key);
    body.append("metadata_value", value);
  }
  const saved = await send(`${page}/edit`, body, { cookie });
  expect([saved.status, saved.headers.get("location")]).toEqual([303, `${page}?done=customer_changed`]);
  expect((await world.api("GET", `/customers/${id}`)).body).toMatchObject({
    name: "Ada Lovelace",
    email: "countess@example.com",
    address: { line1: "1 Way" },
    metadata: { seats: "4", note: "a\nb", vat: "GB1" },
  });
  const [entry] = await audited(world, "customer.updated");
  expect(entry.detail.changed).toBe("name, address, metadata");
});

test("deleting says first what it costs and what stands in its way, and a reload repeats nothing", async () => {
  const world = await createTenantWorld();
  const draft = await createDraft(world);
  const page = `/dashboard/customers/${draft.customer_id}`;
  const cookie = await signIn(world.keys.write);
  const hindered = await open(`${page}/delete`, cookie);
  expect(textOf(hindered.html)).toContain("cannot be deleted while it has 1 draft");
  expect(linksOf(hindered.html)).toContain(
    `/dashboard/invoices?customer_id=${draft.customer_id}&status=draft`,
  );
  expect(hindered.html).not.toContain('name="confirm"');
  const refused = await send(`${page}/delete`, { confirm: "yes" }, { cookie });
  expect(refused.status).toBe(409);
  expect(refused.html).toContain("Void them first");

  const sql = ledgerSql(world.scope);
  await sql.prepare("UPDATE invoices SET status = 'void' WHERE id = ?").bind(draft.id).run();
  let html = "";
  const asked = await ledgersAskedByPage(async () => {
    ({ html } = await open(`${page}/delete`, cookie));
  });
  expect(asked).toBe(1);
  expect(textOf(html)).toMatch(/erased for good.*1 invoice and what was paid stay/);
  const form = { ...hiddenOf(html), confirm: "yes" };
  for (let sent = 0; sent < 2; sent += 1) {
    const deleted = await send(`${page}/delete`, form, { cookie });
    expect([deleted.status, deleted.headers.get("location")]).toEqual([
      303,
      "/dashboard/customers?done=customer_deleted",
    ]);
  }
  expect((await world.api("GET", `/customers/${draft.customer_id}`)).status).toBe(404);
  expect(await audited(world, "customer.deleted")).toHaveLength(1);
  expect((await open(`${page}/edit`, cookie)).status).toBe(404);
});

test("a customer with subscriptions is deleted only with a word that they are canceled", async () => {
  const world = await createTenantWorld();
  const { id } = (await world.api("POST", "/customers", { name: "Ada" })).body;
  await ledgerSql(world.scope)
    .prepare(
      `INSERT INTO subscriptions (id, customer_id, status, items, cancel_at_period_end, metadata,
      snapshot_at_ms, revision, created_at_ms, updated_at_ms) VALUES ('sub_1', ?, 'active', '[]', 0, '{}', 1, 1, 1, 1)`,
    )
    .bind(id)
    .run();
  const cookie = await signIn(world.keys.write);
  const page = `/dashboard/customers/${id}/delete`;
  const { html } = await open(page, cookie);
  expect(textOf(html)).toMatch(
    /1 subscription is canceled at Stripe at once.*sub_1 \(active\).*Cancel subscriptions and delete/,
  );
  expect((await send(page, { confirm: "yes" }, { cookie })).status).toBe(409);
  expect((await send(page, { ...hiddenOf(html), confirm: "yes" }, { cookie })).status).toBe(303);
});

test("a customer's page asks its ledger once, and offers a reader no change", async () => {
  const world = await createTenantWorld();
  const draft = await createDraft(world);
  const page = `/dashboard/customers/${draft.customer_id}`;
  const reader = await signIn(world.keys.read);
  let html = "";
  const asked = await ledgersAskedByPage(async () => {
    ({ html } = await open(page, reader));
  });
  expect(asked).toBe(1);
  expect(linksOf(html).filter((link) => /\/(edit|delete)$/.test(link))).toEqual([]);
  const writer = await open(page, await signIn(world.keys.write));
  expect(linksOf(writer.html)).toEqual(expect.arrayContaining([`${page}/edit`, `${page}/delete`]));
});
