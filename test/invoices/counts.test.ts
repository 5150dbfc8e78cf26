// The overview's numbers are kept beside every change of an invoice: they are what counting the rows would say.

import { expect, test } from "vitest";
import { ledger } from "../../src/ledger/client.ts";
import { ledgerRows } from "../harness/ledger-rows.ts";
import { ledgerSql } from "../harness/ledger-sql.ts";
import { createWorld, type TestWorld, testDeps } from "../harness/world.ts";
import { createDraft } from "./invoice-fixture.ts";

const countKept = ({ scope }: TestWorld) => ledger(testDeps(), scope).countInvoices({});

async function countRows({ scope }: TestWorld) {
  const { results } = await ledgerSql(scope)
    .prepare(
      `SELECT status, currency, COUNT(*) AS count, SUM(MAX(amount_due_minor - amount_paid_minor, 0)) AS remainingMinor
       FROM invoices GROUP BY 1, 2`,
    )
    .all();
  return results;
}

test("whatever happens to invoices, the counts kept of them are those of the rows", async () => {
  const world = await createWorld();
  const [one, other, third] = [
    await createDraft(world),
    await createDraft(world),
    await createDraft(world, { currency: "usd" }),
  ];
  const lines = [{ description: "Seat", quantity: 2, unit_amount: 1500 }];
  const pay = (id: string, amount: number) =>
    world.api("POST", `/invoices/${id}/payments`, { amount, method: "cash", reference: `${amount}` });
  const steps = [
    () => world.api("PATCH", `/invoices/${one.id}`, { lines, currency: "gbp" }),
    () => world.api("PATCH", `/invoices/${other.id}`, { memo: "the same amounts" }),
    ...[one, other, third].map(
      ({ id }) =>
        () =>
          world.api("POST", `/invoices/${id}/finalize`),
    ),
    () => world.api("POST", `/invoices/${one.id}/finalize`),
    () => pay(other.id, 900),
    () => pay(other.id, 20_000),
    () => world.api("POST", `/invoices/${one.id}/mark_uncollectible`),
    () => world.api("POST", `/invoices/${one.id}/void`),
    () => world.api("POST", `/invoices/${third.id}/void`),
    () => pay(third.id, 1),
  ];
  for (const step of steps) {
    await step();
    const kept = await countKept(world);
    expect(kept).toHaveLength((await countRows(world)).length);
    expect(kept).toEqual(expect.arrayContaining(await countRows(world)));
  }
  expect(await countKept(world)).toContainEqual({
    status: "paid",
    currency: "EUR",
    count: 1,
    remainingMinor: 0,
  });
});

test("to count them reads a row for each status and currency, however many invoices there are", async () => {
  const world = await createWorld();
  for (let index = 0; index < 20; index++) await createDraft(world);
  const { read } = await ledgerRows(world.scope, () => countKept(world));
  expect(read).toBeLessThanOrEqual(2);
});
