// Ledgers of before invoices were mailed by default and due dates were watched. That what they had is there is shown for
// all tables in test/ledger/migrations.test.ts.

import { runInDurableObject } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { expect, test } from "vitest";
import { MAIL_BY_DEFAULT } from "../../migrations/ledger/0003_mail_by_default.ts";
import { LEDGER_MIGRATIONS } from "../../migrations/ledger/index.ts";
import type { Ledger } from "../../src/ledger/ledger.ts";
import { migrate } from "../../src/ledger/migrate.ts";

test("a stored setting stands, invoices know who asked for their mail, and open ones are to be planned", async () => {
  const stub = env.LEDGER.getByName(`tenant_before/env_${crypto.randomUUID()}`);
  const seen = await runInDurableObject(stub, async (_: Ledger, { storage }) => {
    const { sql } = storage;
    const all = (query: string) => sql.exec(query).toArray();
    migrate(storage, LEDGER_MIGRATIONS.slice(0, LEDGER_MIGRATIONS.indexOf(MAIL_BY_DEFAULT)));
    for (const [id, status, sendEmail] of [
      ["inv_open", "open", 1],
      ["inv_draft", "draft", 1],
      ["inv_quiet", "open", 0],
      ["inv_paid", "paid", 1],
    ] as const)
      sql.exec(
        `INSERT INTO invoices (id, number, customer_id, currency, lines, amount_due_minor, status, payment_status, send_email,
           metadata, due_at_ms, created_at_ms, updated_at_ms) VALUES (?, '1', 'cus', 'EUR', '[]', 1, ?, 'unpaid', ?, '{}', 5, 1, 1)`,
        id,
        status,
        sendEmail,
      );
    sql.exec("INSERT INTO environment VALUES (1, 't', 'e', NULL, 0, '{\"send_email\":\"when_asked\"}', 1)");
    migrate(storage);
    const found = {
      asked: all("SELECT id FROM invoices WHERE is_mail_asked = 1 ORDER BY id"),
      planned: all("SELECT planned_up_to, settings FROM environment"),
    };
    await storage.deleteAll();
    return found;
  });
  expect(seen).toEqual({
    asked: [{ id: "inv_draft" }, { id: "inv_open" }],
    planned: [{ planned_up_to: "", settings: '{"send_email":"when_asked"}' }],
  });
});
