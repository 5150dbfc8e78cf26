// Where the address of an invoice that can still be paid leads.

import { expect, test } from "vitest";
import { ledgerSql } from "../harness/ledger-sql.ts";
import { giveUp, tryWork, whileQueueIsDown } from "../harness/outbox.ts";
import { sandbox } from "../harness/sandbox.ts";
import { createOpenInvoice, createPayableInvoice, createWorld } from "../harness/world.ts";
import { readInvoice, untilInvoice } from "../invoices/invoice-fixture.ts";
import { payInvoice, visit } from "./pay-fixture.ts";

const CARD = "4242 4242 4242 4242";
const isLinked = (seen: { payment_link: { status: string } }) => seen.payment_link.status === "active";

test("open: on to the present link, with the customer's address and the environment's language filled in", async () => {
  const world = await createWorld();
  await world.api("PATCH", "/settings", { locale: "de" });
  const invoice = await createPayableInvoice(world);
  const seen = await visit(invoice);
  expect([seen.status, seen.html]).toEqual([303, ""]);
  const url = new URL(seen.location ?? "");
  expect(`${url.origin}${url.pathname}`).toBe(invoice.payment_link.url);
  expect(Object.fromEntries(url.searchParams)).toEqual({
    prefilled_email: "ada@example.com",
    client_reference_id: invoice.id,
    locale: "de",
  });
});

test("open: a link that was replaced since the address was sent still leads to payment", async () => {
  const world = await createWorld();
  const sent = await createPayableInvoice(world);
  await world.api("POST", `/invoices/${sent.id}/payment_link`);
  const present = await untilInvoice(world, sent.id, (seen) => isLinked(seen));
  expect(present.payment_link.url).not.toBe(sent.payment_link.url);
  expect(present.payment_url).toBe(sent.payment_url);
  const seen = await visit(sent);
  expect(seen.status).toBe(303);
  expect(seen.location).toContain(present.payment_link.url);
});

test("link being made: a page that looks again by itself, ever less often, until it has waited an hour", async () => {
  const world = await createWorld();
  const invoice = await whileQueueIsDown(() => createOpenInvoice(world, { number: "2026-7" }));
  const first = await visit(invoice);
  expect(first.status).toBe(200);
  expect(first.html).toContain('<meta http-equiv="refresh" content="2"/>');
  expect(first.text).toContain("One moment");
  expect(first.text).toContain("Amount due €129.00");
  for (const [ageMs, seconds] of [
    [60_000, 10],
    [10 * 60_000, 60],
  ] as const) {
    await ageLink(ageMs);
    expect((await visit(invoice)).html).toContain(`<meta http-equiv="refresh" content="${seconds}"/>`);
  }
  await ageLink(61 * 60_000);
  const last = await visit(invoice);
  expect(last.html).not.toContain("http-equiv");
  expect(last.text).toContain("takes longer than usual");
  expect(last.links).toContain("");

  expect(await tryWork(world.scope, `create_payment_link/${invoice.id}/1`)).toBeUndefined();
  expect((await visit(invoice)).status).toBe(303);

  async function ageLink(ageMs: number) {
    const sql = "UPDATE payment_links SET created_at_ms = ? WHERE invoice_id = ?";
    await ledgerSql(world.scope)
      .prepare(sql)
      .bind(Date.now() - ageMs, invoice.id)
      .run();
  }
});

test("part paid: what is left, and on to the link over it", async () => {
  const world = await createWorld();
  const { id } = await createPayableInvoice(world);
  const body = { amount: 5000, method: "bank_transfer", reference: "ref-1" };
  expect((await world.api("POST", `/invoices/${id}/payments`, body)).status).toBe(201);
  const invoice = await untilInvoice(
    world,
    id,
    (seen) => isLinked(seen) && seen.payment_status === "partially_paid",
  );
  const seen = await visit(invoice);
  expect(seen.status).toBe(200);
  expect(seen.text).toContain("Part of it is paid");
  expect(seen.text).toContain("Still due €79.00");
  expect(seen.text).toContain("Amount paid €50.00");
  expect(seen.text).toContain("Pay €79.00");
  expect(seen.links).toEqual([invoice.payment_link.url]);
});

test("processing: nothing is left to do, and no second way to pay is offered", async () => {
  const world = await createWorld();
  const linked = await createPayableInvoice(world);
  const invoice = await payInvoice(
    world,
    linked,
    "bank_debit_success",
    (seen) => seen.payment_status === "processing",
  );
  const seen = await visit(invoice);
  expect(seen.status).toBe(200);
  expect(seen.text).toContain("Your payment is on its way");
  expect(seen.links).toEqual([]);
});

test("processing: a link that was made all the same is offered, with a word of caution", async () => {
  const world = await createWorld();
  const linked = await createPayableInvoice(world);
  await payInvoice(world, linked, "bank_debit_success", (seen) => seen.payment_status === "processing");
  expect((await world.api("POST", `/invoices/${linked.id}/payment_link`, { force: true })).status).toBe(200);
  const invoice = await untilInvoice(world, linked.id, isLinked);
  const seen = await visit(invoice);
  expect(seen.text).toContain("Only if");
  expect(seen.links).toEqual([invoice.payment_link.url]);
});

test("link failed: whom to ask", async () => {
  const world = await createWorld();
  await world.api("PATCH", "/settings", {
    email_from_name: "Acme Ltd",
    email_reply_to: "help@acme.example",
  });
  const invoice = await whileQueueIsDown(() => createOpenInvoice(world));
  await giveUp(world.scope, `create_payment_link/${invoice.id}/1`, "Stripe said: secret words");
  expect((await readInvoice(world, invoice.id)).payment_link.status).toBe("failed");
  const seen = await visit(invoice);
  expect(seen.status).toBe(200);
  expect(seen.text).toContain("It cannot be paid here just now");
  expect(seen.text).toContain("Ask Acme Ltd");
  expect(seen.links).toEqual(["mailto:help@acme.example"]);
  expect(seen.html).not.toContain("secret words");
});

test("link blocked: what is left is less than Stripe charges", async () => {
  const world = await createWorld();
  const { id } = await createPayableInvoice(world);
  await world.api("POST", `/invoices/${id}/payments`, {
    amount: 12_880,
    method: "cash",
    reference: "ref-1",
  });
  const seen = await visit(await readInvoice(world, id));
  expect([seen.status, seen.text.includes("It cannot be paid here just now")]).toEqual([200, true]);
  expect(seen.text).toContain("Still due €0.20");
});

test("connection off: payments are paused, and go on once it is on again", async () => {
  const world = await createWorld();
  const invoice = await createPayableInvoice(world);
  await world.api("PATCH", `/connections/${world.connectionId}`, { is_active: false });
  const seen = await visit(invoice);
  expect(seen.status).toBe(200);
  expect(seen.text).toContain("Payments are paused");
  expect(seen.links).toEqual([""]);
  await world.api("PATCH", `/connections/${world.connectionId}`, { is_active: true });
  expect((await visit(invoice)).status).toBe(303);
});

test("disconnected: payments are paused", async () => {
  const world = await createWorld();
  const invoice = await createPayableInvoice(world);
  expect((await world.api("DELETE", `/connections/${world.connectionId}`)).status).toBeLessThan(300);
  const seen = await visit(invoice);
  expect([seen.status, seen.text.includes("Payments are paused")]).toEqual([200, true]);
});

test("opening an address changes nothing: a mail scanner does no harm", async () => {
  const world = await createWorld();
  const invoice = await createPayableInvoice(world);
  const sql = ledgerSql(world.scope);
  const all = async () =>
    Promise.all(
      ["invoices", "payment_links", "invoice_timeline", "audit_log", "outbox"].map(
        async (table) => (await sql.prepare(`SELECT * FROM ${table}`).all()).results,
      ),
    );
  const before = await all();
  for (const method of ["GET", "HEAD"]) expect((await visit(invoice, {}, method)).status).toBe(303);
  expect(await all()).toEqual(before);
  await payInvoice(world, invoice, CARD, (seen) => seen.status === "paid");
  expect(Object.keys(sandbox.accountFor(world.secretKey).sessions)).toHaveLength(1);
});
