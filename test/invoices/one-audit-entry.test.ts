import { expect, test } from "vitest";
import type { Json } from "../harness/api.ts";
import { ledgerSql } from "../harness/ledger-sql.ts";
import { createWorld, type TestWorld } from "../harness/world.ts";
import { createDraft, createLinkedInvoice } from "./invoice-fixture.ts";

const AT_ONCE = 8;

async function actionsOn(world: TestWorld, invoiceId: string): Promise<string[]> {
  const { data } = (await world.api("GET", "/audit_log?limit=100")).body;
  return data.filter((entry: Json) => entry.target?.id === invoiceId).map((entry: Json) => entry.action);
}

function atOnce(world: TestWorld, path: string) {
  return Promise.all(Array.from({ length: AT_ONCE }, () => world.api("POST", path)));
}

test("finalised by several calls at once, an invoice has one entry of it in the audit log", async () => {
  const world = await createWorld();
  const { id } = await createDraft(world);
  const answers = await atOnce(world, `/invoices/${id}/finalize`);
  expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([200]));
  expect((await actionsOn(world, id)).filter((action) => action === "invoice.finalized")).toHaveLength(1);
});

for (const [verb, action] of [
  ["void", "invoice.voided"],
  ["mark_uncollectible", "invoice.marked_uncollectible"],
  ["payment_link", "invoice.payment_link_replaced"],
] as const) {
  test(`${verb} by several calls at once is as many entries as there were changes`, async () => {
    const world = await createWorld();
    const { id } = await createLinkedInvoice(world);
    await atOnce(world, `/invoices/${id}/${verb}`);
    const changes = verb === "payment_link" ? await countReplacements(world, id) : 1;
    expect((await actionsOn(world, id)).filter((one) => one === action)).toHaveLength(changes);
  });
}

test("void and uncollectible at once: each entry is a change that was made", async () => {
  const world = await createWorld();
  const { id } = await createLinkedInvoice(world);
  const answers = await Promise.all(
    ["void", "mark_uncollectible", "void", "mark_uncollectible"].map((verb) =>
      world.api("POST", `/invoices/${id}/${verb}`),
    ),
  );
  expect(answers.some(({ status }) => status === 200)).toBe(true);
  const actions = await actionsOn(world, id);
  expect(actions.filter((action) => action === "invoice.voided")).toHaveLength(1);
  expect(actions.filter((action) => action === "invoice.marked_uncollectible").length).toBeLessThanOrEqual(1);
});

/** How many links were made in place of another. */
async function countReplacements(world: TestWorld, invoiceId: string): Promise<number> {
  const row = await ledgerSql(world.scope)
    .prepare("SELECT COUNT(*) AS count FROM payment_links WHERE invoice_id = ? AND revision > 1")
    .bind(invoiceId)
    .first<{ count: number }>();
  return row?.count ?? 0;
}
