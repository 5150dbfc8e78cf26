// An invoice from a person's hand: made, changed, finalised and paid by form, each once however often it is sent.

import { expect, test } from "vitest";
import { createPayableInvoice, createTenantWorld, createWorld } from "../harness/world.ts";
import { createDraft, hiddenOf, invoiceOf } from "./action-fixture.ts";
import { linksOf, open, send, signIn, textOf } from "./browse.ts";

const NEW = "/dashboard/invoices/new";
const LINE = { "description-0": "Pro plan", "quantity-0": "2", "price-0": "64.50" };

async function withCustomer() {
  const world = await createWorld();
  const asked = { name: "Ada Lovelace", email: "ada@example.com" };
  const { body: customer } = await world.api("POST", "/customers", asked);
  return { world, customer, cookie: await signIn(world.keys.write) };
}

test("an invoice is made by form, for a customer of the list, by name or by email; sent twice it is one", async () => {
  const { world, customer, cookie } = await withCustomer();
  const form = await open(NEW, cookie);
  expect(form.html).toContain(`value="Ada Lovelace · ${customer.id}"`);
  for (const typed of [`Ada Lovelace · ${customer.id}`, "ada lovelace", "ada@example.com", customer.id]) {
    const fields = { ...hiddenOf((await open(NEW, cookie)).html), ...LINE, customer: typed, currency: "eur" };
    const places = [];
    for (const _ of [1, 2]) places.push((await send(NEW, fields, { cookie })).headers.get("location"));
    expect([typed, places[0]]).toEqual([
      typed,
      expect.stringMatching(/^\/dashboard\/invoices\/inv_\w+\?done=/),
    ]);
    expect(places[1]).toBe(places[0]);
    const [, id = ""] = /(inv_\w+)/.exec(places[0] ?? "") ?? [];
    expect(await invoiceOf(world, id)).toMatchObject({
      status: "draft",
      customer_id: customer.id,
      amount_due: 12_900,
      lines: [{ description: "Pro plan", quantity: 2, unit_amount: 6450 }],
    });
  }
  expect((await world.api("GET", "/invoices")).body.data).toHaveLength(4);
  const prefilled = await open(`${NEW}?customer_id=${customer.id}`, cookie);
  expect(prefilled.html).toMatch(new RegExp(`name="customer"[^>]*value="Ada Lovelace · ${customer.id}"`));
});

test("it can be finalised at once, with a due date to the end of its day and a memo", async () => {
  const { world, customer, cookie } = await withCustomer();
  await world.api("PATCH", "/settings", { time_zone: "Europe/Berlin" });
  const fields = {
    ...LINE,
    customer: customer.id,
    currency: "EUR",
    due: "2030-12-01",
    memo: "Thank you",
    mail: "no",
  };
  const token = hiddenOf((await open(NEW, cookie)).html);
  const made = await send(NEW, { ...token, ...fields, finalize: "yes" }, { cookie });
  const place = made.headers.get("location") ?? "";
  expect(place).toContain("?done=invoice_created_final");
  const [, id = ""] = /(inv_\w+)/.exec(place) ?? [];
  expect(await invoiceOf(world, id)).toMatchObject({
    status: "open",
    due_at: "2030-12-01T22:59:59.000Z",
    memo: "Thank you",
    send_email: false,
  });
  expect(textOf((await open(place, cookie)).html)).toContain("The invoice is made and final.");
});

test("what is wrong is said at its field, with what was typed kept; more lines make nothing", async () => {
  const { world, customer, cookie } = await withCustomer();
  const right = { ...LINE, customer: customer.id, currency: "EUR" };
  await world.api("POST", "/customers", { name: "Ada Byron" });
  for (const [wrong, at, words] of [
    [{ customer: "" }, "customer", "Say whose invoice it is."],
    [{ customer: "nobody" }, "customer", "There is no customer"],
    [{ customer: "ada" }, "customer", "Several customers are called so."],
    [{ currency: "XYZ" }, null, ""],
    [{ currency: "" }, "currency", "three letters"],
    [{ "price-0": "x" }, "price-0", "is not a decimal number"],
    [{ "price-0": "1.005" }, "price-0", "EUR has 2 decimals"],
    [{ "quantity-0": "1.5" }, "quantity-0", ""],
    [{ "description-0": "" }, "description-0", "Say what the line is for."],
    [{ "description-0": "", "price-0": "" }, null, "An invoice has at least one line."],
    [{ due: "soon" }, "due", "Give a day such as 2026-12-01."],
  ] as const) {
    const page = await send(NEW, { ...right, ...wrong }, { cookie });
    expect([wrong, page.status]).toEqual([wrong, 422]);
    expect([wrong, textOf(page.html)]).toEqual([wrong, expect.stringContaining(words)]);
    if (at !== null) expect([wrong, page.html]).toEqual([wrong, expect.stringContaining(`id="${at}-error"`)]);
  }
  const more = await send(NEW, { ...right, more: "yes" }, { cookie });
  expect(more.status).toBe(200);
  expect(more.html).toContain('name="description-10"');
  expect(more.html).toContain('value="64.50"');
  expect((await world.api("GET", "/invoices")).body.data).toEqual([]);
});

test("a draft is changed in everything; what the form does not show, such as metadata, stays", async () => {
  const { world, cookie } = await withCustomer();
  const draft = await createDraft(world, { metadata: { plan: "pro" }, due_at: "2030-12-01T12:00:00Z" });
  const page = `/dashboard/invoices/${draft.id}`;
  expect(linksOf((await open(page, cookie)).html)).toContain(`${page}/edit`);
  const form = await open(`${page}/edit`, cookie);
  expect(form.html).toContain('value="64.50"');
  expect(form.html).toContain('value="2030-12-01"');
  const fields = {
    ...hiddenOf(form.html),
    ...{
      customer: draft.customer_id,
      currency: "EUR",
      number: "2030-7",
      due: "2030-12-01",
      memo: "",
      mail: "no",
    },
    ...{ "description-0": "Pro plan", "quantity-0": "3", "price-0": "10" },
    ...{ "description-1": "Credit", "quantity-1": "1", "price-1": "-5.00" },
  };
  for (const _ of [1, 2]) {
    const done = await send(`${page}/edit`, fields, { cookie });
    expect(done.headers.get("location")).toBe(`${page}?done=invoice_changed`);
  }
  expect(await invoiceOf(world, draft.id)).toMatchObject({
    ...{ number: "2030-7", amount_due: 2500, metadata: { plan: "pro" }, due_at: "2030-12-01T12:00:00.000Z" },
  });
  const timeline = (await world.api("GET", `/invoices/${draft.id}/timeline`)).body.data;
  expect(timeline.filter(({ kind }: { kind: string }) => kind === "updated")).toHaveLength(1);
});

test("of a finalised invoice the due date and the memo are changed, and nothing else is offered", async () => {
  const world = await createWorld();
  const { id } = await createPayableInvoice(world);
  const cookie = await signIn(world.keys.write);
  const page = `/dashboard/invoices/${id}`;
  const form = await open(`${page}/edit`, cookie);
  expect(form.html).not.toContain('name="currency"');
  const fields = { ...hiddenOf(form.html), due: "2031-01-02", memo: "By wire, please" };
  const done = await send(`${page}/edit`, { ...fields, currency: "USD" }, { cookie });
  expect(done.headers.get("location")).toBe(`${page}?done=invoice_changed`);
  expect(await invoiceOf(world, id)).toMatchObject({
    ...{ due_at: "2031-01-02T23:59:59.000Z", memo: "By wire, please", currency: "EUR", status: "open" },
  });
});

test("a payment by hand is recorded from the invoice's page, once, and what is wrong is said at its field", async () => {
  const world = await createWorld();
  const { id } = await createPayableInvoice(world);
  const cookie = await signIn(world.keys.write);
  const [page, form] = [`/dashboard/invoices/${id}`, `/dashboard/invoices/${id}/record-payment`];
  expect(linksOf((await open(page, cookie)).html)).toContain(form);
  const shown = await open(form, cookie);
  expect(shown.html).toContain('value="129.00"');
  const fields = {
    ...hiddenOf(shown.html),
    amount: "129.00",
    method: "bank_transfer",
    reference: "B 1",
    day: "",
  };
  for (const [wrong, at] of [
    [{ amount: "" }, "amount"],
    [{ amount: "-1" }, "amount"],
    [{ reference: "" }, "reference"],
    [{ method: "" }, "method"],
    [{ day: "2999-01-01" }, "day"],
  ] as const) {
    const refused = await send(form, { ...fields, ...wrong }, { cookie });
    expect([wrong, refused.status]).toEqual([wrong, 422]);
    expect([wrong, refused.html]).toEqual([wrong, expect.stringContaining(`id="${at}-error"`)]);
  }
  for (const _ of [1, 2]) {
    const done = await send(form, fields, { cookie });
    expect(done.headers.get("location")).toBe(`${page}?done=payment_recorded`);
  }
  const { body } = await world.api("GET", `/payments?invoice_id=${id}`);
  expect(body.data).toMatchObject([
    { amount: 12_900, reference: "B 1", payment_method_type: "bank_transfer" },
  ]);
  const after = await open(page, cookie);
  expect(textOf(after.html)).toContain("It is paid in full.");
  expect(linksOf(after.html)).toContain(`/dashboard/payments/${body.data[0].id}/reverse`);
  const draft = await createDraft(world);
  const refused = await send(`/dashboard/invoices/${draft.id}/record-payment`, fields, { cookie });
  expect([refused.status, textOf(refused.html)]).toEqual([409, expect.stringContaining("is a draft")]);
});

test("hostile text in a form comes back as text", async () => {
  const world = await createTenantWorld();
  const hostile = `"><script>alert(1)</script>`;
  const fields = { customer: hostile, currency: "EUR", memo: hostile, ...LINE, "description-0": hostile };
  const page = await send(NEW, fields, { cookie: await signIn(world.keys.write) });
  expect(page.status).toBe(422);
  expect(page.html).not.toContain("<script>alert");
  expect(page.html).toContain("&lt;script&gt;alert");
});
