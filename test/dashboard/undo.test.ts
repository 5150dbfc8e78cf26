// What was done by mistake is taken back by form: each says first what will happen, and sent twice it is done once.

import { expect, test } from "vitest";
import { createPayableInvoice, createWorld } from "../harness/world.ts";
import { createDraft, hiddenOf, invoiceOf } from "./action-fixture.ts";
import { linksOf, open, send, signIn, textOf } from "./browse.ts";

async function handPaid() {
  const world = await createWorld();
  const { id } = await createPayableInvoice(world);
  const paid = { amount: 12_900, method: "cash", reference: "r" };
  const { body: payment } = await world.api("POST", `/invoices/${id}/payments`, paid);
  return { world, id, payment, page: `/dashboard/invoices/${id}`, cookie: await signIn(world.keys.write) };
}

test("a draft is deleted from its page, and the list says so", async () => {
  const world = await createWorld();
  const { id } = await createDraft(world);
  const cookie = await signIn(world.keys.write);
  const page = `/dashboard/invoices/${id}`;
  expect(linksOf((await open(page, cookie)).html)).toContain(`${page}/delete`);
  const confirm = await open(`${page}/delete`, cookie);
  expect(textOf(confirm.html)).toContain("It is gone for good");
  const fields = { ...hiddenOf(confirm.html), confirm: "yes" };
  for (const _ of [1, 2]) {
    const done = await send(`${page}/delete`, fields, { cookie });
    expect(done.headers.get("location")).toBe("/dashboard/invoices?done=draft_deleted");
  }
  expect(textOf((await open("/dashboard/invoices?done=draft_deleted", cookie)).html)).toContain(
    "The draft is deleted.",
  );
  expect((await open(page, cookie)).status).toBe(404);
});

test("an invoice that was given up is opened again from its page", async () => {
  const world = await createWorld();
  const { id } = await createPayableInvoice(world);
  await world.api("POST", `/invoices/${id}/mark_uncollectible`);
  const cookie = await signIn(world.keys.write);
  const page = `/dashboard/invoices/${id}`;
  expect(linksOf((await open(page, cookie)).html)).toContain(`${page}/reopen`);
  const confirm = await open(`${page}/reopen`, cookie);
  const done = await send(`${page}/reopen`, { ...hiddenOf(confirm.html), confirm: "yes" }, { cookie });
  expect(done.headers.get("location")).toBe(`${page}?done=invoice_reopened`);
  expect(await invoiceOf(world, id)).toMatchObject({ status: "open" });
  const after = await open(`${page}?done=invoice_reopened`, cookie);
  expect(textOf(after.html)).toContain("The invoice is open again.");
  expect(textOf(after.html)).toContain("Open again");
});

test("a payment by hand is reversed from its invoice's page, and shows there as what it was", async () => {
  const { world, id, payment, page, cookie } = await handPaid();
  const form = `/dashboard/payments/${payment.id}/reverse`;
  expect(linksOf((await open(page, cookie)).html)).toContain(form);
  const confirm = await open(form, cookie);
  expect(textOf(confirm.html)).toContain("Reverse 129.00 EUR");
  expect(await invoiceOf(world, id)).toMatchObject({ status: "paid" });
  const done = await send(form, { ...hiddenOf(confirm.html), confirm: "yes" }, { cookie });
  expect(done.headers.get("location")).toBe(`${page}?done=payment_reversed`);
  expect(await invoiceOf(world, id)).toMatchObject({ status: "open" });
  const after = await open(page, cookie);
  expect(textOf(after.html)).toContain("Reversed: it was recorded by mistake.");
  expect(linksOf(after.html)).not.toContain(form);
  expect(textOf((await open(form, cookie)).html)).toContain("has not been reversed, can be");
});

test("what went back of a payment by hand is recorded by form, with what is wrong said at its field", async () => {
  const { world, id, payment, page, cookie } = await handPaid();
  const form = `/dashboard/payments/${payment.id}/refund-by-hand`;
  const links = linksOf((await open(page, cookie)).html);
  expect(links).toContain(form);
  expect(links).not.toContain(`/dashboard/payments/${payment.id}/refund`);
  expect(textOf((await open(form, cookie)).html)).toContain("Left empty: all that is left, 129.00 EUR.");
  const fields = { amount: "29.00", method: "bank_transfer", reference: "B 1" };
  for (const [wrong, words] of [
    [{ amount: "x" }, "amount"],
    [{ amount: "130" }, "At most 129.00 EUR can be refunded"],
    [{ reference: "" }, "reference"],
    [{ method: "" }, "method"],
  ] as const) {
    const refused = await send(form, { ...fields, ...wrong }, { cookie });
    expect([wrong, refused.status]).toEqual([wrong, 422]);
    expect(refused.html).toContain('role="alert"');
    expect(refused.html.toLowerCase()).toContain(words.toLowerCase());
  }
  for (const _ of [1, 2]) {
    const done = await send(form, fields, { cookie });
    expect(done.headers.get("location")).toBe(`${page}?done=refund_recorded`);
  }
  expect(await invoiceOf(world, id)).toMatchObject({ amount_refunded: 2900 });
  const after = textOf((await open(page, cookie)).html);
  expect(after).toContain("by hand: Bank transfer, B 1");
  // Money of it went back, so it did come.
  expect(linksOf((await open(page, cookie)).html)).not.toContain(`/dashboard/payments/${payment.id}/reverse`);
});
