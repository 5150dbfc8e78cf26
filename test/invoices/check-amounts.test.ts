import { expect, test } from "vitest";
import { amountErrors } from "../../src/ledger/invoices/check-amounts.ts";
import { invoiceTotal, linkLines } from "../../src/ledger/invoices/invoice-state.ts";
import { createWorld } from "../harness/world.ts";
import { createDraft, createLinkedInvoice } from "./invoice-fixture.ts";

const line = (unitAmountMinor: number, quantity = 1, description = "Seat") => ({
  description,
  quantity,
  unitAmountMinor,
});

test("a unit amount of three decimals must end in 0, and the line is named", () => {
  const [error, ...more] = amountErrors("KWD", [line(10_240), line(1005, 2)]);
  expect(more).toEqual([]);
  expect(error).toMatchObject({ path: "lines[1].unit_amount" });
  expect(error?.message).toContain("1000 or 1010");
});

for (const currency of ["ISK", "UGX"]) {
  test(`a unit amount of ${currency} must be whole, also where the sum would be`, () => {
    expect(amountErrors(currency, [line(10_050, 2)])).toMatchObject([{ path: "lines[0].unit_amount" }]);
    expect(amountErrors(currency, [line(10_000, 2)])).toEqual([]);
  });
}

test("of lines that a link shows as one, only the sum has to be chargeable", () => {
  expect(amountErrors("KWD", [line(10_245), line(-5)])).toEqual([]);
  expect(amountErrors("KWD", [line(10_245), line(-4)])).toMatchObject([{ path: "lines" }]);
  const many = Array.from({ length: 30 }, () => line(1005));
  expect(amountErrors("KWD", many)).toEqual([]);
});

test("a line whose product is not exact is named before any sum is made of it", () => {
  const errors = amountErrors("EUR", [line(100), line(Number.MAX_SAFE_INTEGER, 2)]);
  expect(errors).toMatchObject([{ path: "lines[1].unit_amount" }]);
});

test("a sum that Stripe does not charge is refused with the rule", () => {
  expect(amountErrors("EUR", [line(100), line(-101)])[0]?.message).toContain("cannot be charged");
  expect(amountErrors("EUR", [line(20)])[0]?.message).toContain("below the least");
  expect(amountErrors("EUR", [line(60_000_000, 2)])[0]?.message).toContain("above the most");
  expect(amountErrors("XTS", [line(1000)])).toMatchObject([{ path: "currency" }]);
});

test("a sum of nothing is not charged, so no rule of Stripe's stands in its way", () => {
  expect(amountErrors("EUR", [line(100), line(-100)])).toEqual([]);
  expect(amountErrors("KWD", [line(0)])).toEqual([]);
});

test("the lines of a link add up to the invoice, and no name is cut inside a character", () => {
  const long = `${"a".repeat(249)}😀`;
  for (const lines of [
    [line(500, 3), line(0)],
    [line(500), line(-100)],
    Array.from({ length: 21 }, (_, index) => line(index + 1)),
    [line(500, 1, long)],
  ]) {
    const shown = linkLines("2026-1", lines);
    const sum = shown.reduce((total, each) => total + each.quantity * each.unitAmountMinor, 0);
    expect(sum).toBe(invoiceTotal(lines));
    expect(shown.length).toBeLessThanOrEqual(20);
    expect(shown.every(({ name, unitAmountMinor }) => name.isWellFormed() && unitAmountMinor > 0)).toBe(true);
  }
});

test("the door names every failing place", async () => {
  const world = await createWorld();
  const { customer_id } = await createDraft(world);
  const good = { description: "Seat", quantity: 1, unit_amount: 1000 };
  const refusals: [Record<string, unknown>, string][] = [
    [{ lines: [good, { ...good, quantity: 1_000_000 }] }, "lines[1].quantity"],
    [{ lines: [good, { ...good, description: "\ud800" }] }, "lines[1].description"],
    [{ currency: "kwd", lines: [{ ...good, unit_amount: 1001 }] }, "lines[0].unit_amount"],
    [{ metadata: { "a[b]": "1" } }, "metadata"],
    [{ metadata: Object.fromEntries(Array.from({ length: 46 }, (_, i) => [`k${i}`, "1"])) }, "metadata"],
    [{ lines: [] }, "lines"],
    [{ customer_id: "cus_nobody" }, "customer_id"],
  ];
  for (const [fields, path] of refusals) {
    const body = { customer_id, currency: "eur", lines: [good], ...fields };
    const refused = await world.api("POST", "/invoices", body);
    expect(refused.status).toBe(422);
    expect(refused.body.errors.map((error: { path: string }) => error.path)).toContain(path);
  }
});

test("45 keys of metadata, a due date that is past and a number used before are taken, up to Stripe", async () => {
  const world = await createWorld();
  const metadata = Object.fromEntries(Array.from({ length: 45 }, (_, index) => [`key${index}`, "value"]));
  const fields = { metadata, number: "2020-1", due_at: "2020-01-01T00:00:00Z" };
  await createLinkedInvoice(world, fields);
  const second = await createLinkedInvoice(world, fields);
  expect(second).toMatchObject({ number: "2020-1", due_at: "2020-01-01T00:00:00.000Z" });
});
