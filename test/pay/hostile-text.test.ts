// Whatever a platform or a tenant writes comes out as text on a page that payers see, and leads nowhere.

import { env } from "cloudflare:workers";
import { expect, test } from "vitest";
import { HOSTILE } from "../dashboard/action-fixture.ts";
import { ledgerSql } from "../harness/ledger-sql.ts";
import { createOpenInvoice, createPayableInvoice, createTenantWorld, createWorld } from "../harness/world.ts";
import { visit } from "./pay-fixture.ts";

const FREE = { lines: [{ description: "Free", quantity: 1, unit_amount: 0 }] };
// Shown as they are, the one would reverse what follows, the other would break the line.
const TURNED = "\u202eEVIL\u2066\u0085 \u2028name";

test("hostile names, numbers and ids come out as text", async () => {
  const world = await createTenantWorld();
  const invoice = await createOpenInvoice(world, { ...FREE, number: HOSTILE.slice(0, 100), memo: HOSTILE });
  // What the door refuses, an older version may have stored.
  await ledgerSql(world.scope)
    .prepare("UPDATE environment SET settings = ?")
    .bind(JSON.stringify({ email_from_name: "A & B" }))
    .run();
  const seen = await visit(invoice);
  expect(seen.status).toBe(200);
  expect(seen.html).toContain("&lt;script&gt;alert(");
  expect(seen.html).not.toMatch(/<script|<img/);
  expect(seen.html).toContain("A &amp; B");
});

test("a tenant's name with tags, turned letters and line breaks is one line of text", async () => {
  const world = await createTenantWorld();
  const rename = env.DB.prepare("UPDATE tenants SET name = ? WHERE id = ?");
  const invoice = await createOpenInvoice(world, FREE);
  await rename.bind(`${TURNED}${HOSTILE}${"x".repeat(200)}`, world.scope.tenantId).run();
  const seen = await visit(invoice);
  expect(seen.text).toContain("EVIL name&lt;script&gt;");
  expect(seen.html).not.toMatch(/[\u202e\u2066\u2028\u0085]|<script|<img|x{81}/);
});

test("a link or a receipt whose address is none is not followed and not shown", async () => {
  const world = await createWorld();
  const open = await createPayableInvoice(world);
  const sql = ledgerSql(world.scope);
  for (const url of ["javascript:alert(1)", "data:text/html,x", "//evil.example", "https://", ""]) {
    await sql.prepare("UPDATE payment_links SET url = ?").bind(url).run();
    const seen = await visit(open);
    expect([url, seen.status, seen.location]).toEqual([url, 200, null]);
    if (url !== "") expect(seen.html).not.toContain(`"${url}"`);
  }
  await world.api("POST", `/invoices/${open.id}/payments`, { amount: 12900, method: "cash", reference: "r" });
  await sql.prepare("UPDATE payments SET receipt_url = 'javascript:alert(1)'").run();
  const paid = await visit(open);
  expect(paid.text).toContain("Paid, thank you");
  expect(paid.links).toEqual([]);
});
