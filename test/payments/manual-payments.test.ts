import { describe, expect, test } from "vitest";
import { ledger } from "../../src/ledger/client.ts";
import { call } from "../harness/api.ts";
import { ledgerSql } from "../harness/ledger-sql.ts";
import { createOpenInvoice, createWorld, eventually, testDeps } from "../harness/world.ts";

const TRANSFER = { amount: 12_900, method: "bank_transfer", reference: "RF18 5390" };

describe("a payment that came another way", () => {
  test("settles the invoice, is a payment like others, and switches the link off", async () => {
    const world = await createWorld();
    const invoice = await createOpenInvoice(world);
    const read = async () => (await world.api("GET", `/invoices/${invoice.id}`)).body;
    await eventually(read, (seen) => seen.payment_link.status === "active");
    const made = await world.api("POST", `/invoices/${invoice.id}/payments`, TRANSFER);
    expect(made).toMatchObject({
      status: 201,
      body: {
        object: "payment",
        status: "succeeded",
        invoice_id: invoice.id,
        provider_payment_id: null,
        reference: "RF18 5390",
        amount: 12_900,
        amount_decimal: "129.00",
        currency: "EUR",
        payment_method_type: "bank_transfer",
      },
    });
    expect(made.body.id).toMatch(/^pay_/);
    expect(await read()).toMatchObject({ status: "paid", payment_status: "paid", amount_paid: 12_900 });
    expect((await read()).payment_link.status).toBe("used");
    expect((await world.api("GET", `/payments/${made.body.id}`)).body).toEqual(made.body);
  });

  test("in part leaves the invoice open with a link for what is left; more is overpaid", async () => {
    const world = await createWorld();
    const invoice = await createOpenInvoice(world);
    const pay = (amount: number, reference: string) =>
      world.api("POST", `/invoices/${invoice.id}/payments`, { ...TRANSFER, amount, reference });
    const read = async () => (await world.api("GET", `/invoices/${invoice.id}`)).body;
    const first = await eventually(read, (seen) => seen.payment_link.status === "active");
    await pay(2900, "one");
    const partly = await eventually(
      read,
      (seen) => seen.payment_link.status === "active" && seen.payment_link.id !== first.payment_link.id,
    );
    expect(partly).toMatchObject({
      status: "open",
      payment_status: "partially_paid",
      amount_remaining: 10_000,
    });
    await pay(10_001, "two");
    expect(await read()).toMatchObject({ status: "paid", payment_status: "overpaid", amount_paid: 12_901 });
  });

  test("is one by its reference, however often and at once it is told", async () => {
    const world = await createWorld();
    const invoice = await createOpenInvoice(world);
    const tell = () => world.api("POST", `/invoices/${invoice.id}/payments`, TRANSFER);
    const told = [...(await Promise.all([tell(), tell(), tell()])), await tell()];
    expect(told.map(({ status }) => status)).toEqual([201, 201, 201, 201]);
    expect(new Set(told.map(({ body }) => body.id)).size).toBe(1);
    expect((await world.api("GET", `/invoices/${invoice.id}`)).body.amount_paid).toBe(12_900);
    const other = await createOpenInvoice(world);
    const elsewhere = await world.api("POST", `/invoices/${other.id}/payments`, TRANSFER);
    expect(elsewhere.body.id).not.toBe(told[0]?.body.id);
  });

  test("with the same reference and another amount is refused", async () => {
    const world = await createWorld();
    const invoice = await createOpenInvoice(world);
    await world.api("POST", `/invoices/${invoice.id}/payments`, TRANSFER);
    const other = await world.api("POST", `/invoices/${invoice.id}/payments`, { ...TRANSFER, amount: 1 });
    expect(other).toMatchObject({ status: 409, body: { code: "conflict" } });
    expect((await world.api("GET", `/invoices/${invoice.id}`)).body.amount_paid).toBe(12_900);
  });

  test("is refused for a draft, for nobody's invoice, by a reading key and with a wrong amount", async () => {
    const world = await createWorld();
    const other = await createWorld();
    const draft = await createOpenInvoice(world, { finalize: false });
    const refused = await world.api("POST", `/invoices/${draft.id}/payments`, TRANSFER);
    expect(refused).toMatchObject({ status: 409, body: { code: "invoice_not_payable" } });
    expect(refused.body.detail).toContain("Finalise it first");
    const invoice = await createOpenInvoice(world);
    const path = `/invoices/${invoice.id}/payments`;
    expect((await call("POST", path, { key: other.keys.admin, body: TRANSFER })).status).toBe(404);
    expect((await call("POST", path, { key: world.keys.read, body: TRANSFER })).status).toBe(403);
    for (const wrong of [
      { amount: 0 },
      { amount: -5 },
      { amount: 1.5 },
      { reference: "" },
      { method: " " },
      { currency: "EUR" },
    ]) {
      expect((await world.api("POST", path, { ...TRANSFER, ...wrong })).status).toBe(422);
    }
    expect((await world.api("GET", `/payments?invoice_id=${invoice.id}`)).body.data).toEqual([]);
  });
});

describe("an amount that cannot be counted", () => {
  test("is refused: more than twelve digits, and what is unsafe with what was paid already", async () => {
    const world = await createWorld();
    const invoice = await createOpenInvoice(world);
    const pay = (amount: unknown, reference: string) =>
      world.api("POST", `/invoices/${invoice.id}/payments`, { ...TRANSFER, amount, reference });
    for (const amount of [1_000_000_000_000, 2 ** 53 - 1, 2 ** 53, 1e300, -1, 0, 1.5, "100"]) {
      const refused = await pay(amount, "a");
      expect([amount, refused.status, refused.body.errors[0].path]).toEqual([amount, 422, "amount"]);
    }
    expect((await pay(999_999_999_999, "most")).status).toBe(201);
    const ofLedger = ledgerSql(world.scope);
    await ofLedger
      .prepare("UPDATE payments SET amount_minor = ?")
      .bind(2 ** 53 - 100)
      .run();
    expect((await pay(99, "settles it anew")).status).toBe(201);
    const refused = await pay(1, "one too many");
    expect([refused.status, refused.body.errors]).toMatchObject([422, [{ path: "amount" }]]);
  });

  test("and was stored all the same takes nothing down", async () => {
    const world = await createWorld();
    const invoice = await createOpenInvoice(world);
    await world.api("POST", `/invoices/${invoice.id}/payments`, TRANSFER);
    const ofLedger = ledgerSql(world.scope);
    await ofLedger.prepare("UPDATE payments SET amount_minor = 9007199254740993").run();
    await ofLedger.prepare("UPDATE invoices SET amount_paid_minor = 9223372036854775807").run();
    await ofLedger.prepare("UPDATE currency_counts SET hour_paid_sum = 9223372036854775807").run();
    const paths = ["/invoices", `/invoices/${invoice.id}`, "/payments", "/stats", "/exports/invoices.csv"];
    const asked = { key: world.keys.admin, damaged: true };
    for (const path of [...paths, "/exports/payments.csv"])
      expect([path, (await call("GET", path, asked)).status]).toEqual([path, 200]);
  });
});

describe("a payment that was recorded by mistake", () => {
  test("is taken back: the invoice that it had paid is open again, with a link, and the payment stays to be seen", async () => {
    const world = await createWorld();
    const invoice = await createOpenInvoice(world);
    const read = async () => (await world.api("GET", `/invoices/${invoice.id}`)).body;
    const { body: payment } = await world.api("POST", `/invoices/${invoice.id}/payments`, TRANSFER);
    expect(await read()).toMatchObject({ status: "paid" });
    const reverse = () => world.api("POST", `/payments/${payment.id}/reverse`);
    const reversed = await reverse();
    expect(reversed).toMatchObject({ status: 200, body: { status: "canceled", failure_code: "reversed" } });
    expect(await reverse()).toEqual(expect.objectContaining({ status: 200, body: reversed.body }));
    const open = await eventually(read, (seen) => seen.payment_link.status === "active");
    expect(open).toMatchObject({ status: "open", payment_status: "unpaid", amount_paid: 0, paid_at: null });
    const { body } = await world.api("GET", `/invoices/${invoice.id}/timeline`);
    const kinds = body.data.map((entry: { kind: string }) => entry.kind);
    expect(kinds).toEqual(expect.arrayContaining(["payment_reversed", "reopened"]));
    const again = await world.api("POST", `/invoices/${invoice.id}/payments`, TRANSFER);
    expect(again).toMatchObject({ status: 409, body: { code: "conflict" } });
    const other = { ...TRANSFER, reference: "another", occurred_at: "2026-01-02T03:04:05Z" };
    const recorded = await world.api("POST", `/invoices/${invoice.id}/payments`, other);
    expect(recorded.body.occurred_at).toBe("2026-01-02T03:04:05.000Z");
    expect(await read()).toMatchObject({ status: "paid", paid_at: "2026-01-02T03:04:05.000Z" });
  });

  test("is taken back by nobody who may only read, and not at all if Stripe made it or it is still to come", async () => {
    const world = await createWorld();
    const invoice = await createOpenInvoice(world);
    const later = { ...TRANSFER, occurred_at: "2099-01-01T00:00:00Z" };
    const refused = await world.api("POST", `/invoices/${invoice.id}/payments`, later);
    expect(refused).toMatchObject({ status: 422, body: { errors: [{ path: "occurred_at" }] } });
    const { body: payment } = await world.api("POST", `/invoices/${invoice.id}/payments`, TRANSFER);
    const path = `/payments/${payment.id}/reverse`;
    expect((await call("POST", path, { key: world.keys.read })).status).toBe(403);
    expect((await world.api("POST", "/payments/pay_nobody/reverse")).status).toBe(404);
  });
});

test("of payments that were recorded within one millisecond the one that came second is the one too many, whatever their ids", async () => {
  const world = await createWorld();
  // Ids are made of references: some of these pairs are in the other order than they are recorded in.
  for (const [first, second] of ["ab", "ba", "cd", "dc", "ef", "fe"].map((pair) => [...pair])) {
    const invoice = await createOpenInvoice(world);
    const nowMs = Date.now();
    const mine = ledger(testDeps({ now: () => nowMs }), world.scope);
    const pay = (reference = "") =>
      mine.recordManualPayment({ invoiceId: invoice.id, amountMinor: 12_900, method: "cash", reference });
    const paid = (await pay(first)).payment;
    const over = (await pay(second)).payment;
    const { body } = await world.api("GET", `/invoices/${invoice.id}/timeline?limit=100`);
    const named = (kind: string) =>
      body.data.find((entry: { kind: string }) => entry.kind === kind).detail.payment_id;
    expect([named("paid"), named("overpaid")]).toEqual([paid.id, over.id]);
  }
});

test("of those of one moment that the caller gave, too, and by a caller whose clock is behind", async () => {
  const world = await createWorld();
  const nowMs = Date.now();
  for (const occurredAtMs of [nowMs - 1000, undefined])
    for (const [first, second] of ["ab", "ba", "cd", "dc"].map((pair) => [...pair])) {
      const invoice = await createOpenInvoice(world);
      const pay = (reference = "", atMs: number) =>
        ledger(testDeps({ now: () => atMs }), world.scope).recordManualPayment({
          ...{ invoiceId: invoice.id, amountMinor: 12_900, method: "cash" },
          ...{ reference, occurredAtMs },
        });
      await pay(first, nowMs);
      const over = (await pay(second, nowMs - 5)).payment;
      const { body } = await world.api("GET", `/invoices/${invoice.id}/timeline?limit=100`);
      const entry = body.data.find(({ kind }: { kind: string }) => kind === "overpaid");
      expect(entry.detail.payment_id).toBe(over.id);
    }
});
