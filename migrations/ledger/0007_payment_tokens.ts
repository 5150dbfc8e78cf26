// The random part of an invoice's own address, for those too that were finalised before there was one. It is made here
// and not by SQLite, whose random numbers are not meant to be secret.

import { newPaymentToken } from "../../src/platform/payment-url.ts";

const AT_ONCE = 1_000;

export function addPaymentTokens(sql: SqlStorage): void {
  sql.exec("ALTER TABLE invoices ADD COLUMN payment_token text");
  const [environment] = sql.exec<{ id: string }>("SELECT environment_id AS id FROM environment").toArray();
  if (!environment) return;
  for (let after = ""; ; ) {
    const invoices = sql
      .exec<{ id: string; createdAtMs: number }>(
        `SELECT id, created_at_ms AS createdAtMs FROM invoices WHERE id > ? AND status <> 'draft'
         ORDER BY id LIMIT ${AT_ONCE}`,
        after,
      )
      .toArray();
    for (const { id, createdAtMs } of invoices)
      sql.exec(
        "UPDATE invoices SET payment_token = ? WHERE id = ?",
        newPaymentToken(environment.id, createdAtMs),
        id,
      );
    const last = invoices.at(-1);
    if (!last) return;
    after = last.id;
  }
}
