import { exports } from "cloudflare:workers";
import { expect, test } from "vitest";
import { ORIGIN } from "../harness/api.ts";
import { countAsked } from "../harness/count-asked.ts";
import { ledgerSql } from "../harness/ledger-sql.ts";
import { createTenantWorld, type TestWorld } from "../harness/world.ts";

const ROWS = 50_000;
// Of the calls that an invocation may make (https://developers.cloudflare.com/workers/platform/limits/).
const MOST_CALLS = 60;
const MOST_BYTES_AT_ONCE = 1_000_000;
const NUMBERS = "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < ?1)";

const FILES = {
  payments: `INSERT INTO payments (id, source, invoice_id, customer_id, amount_minor, currency, status, state_order,
      occurred_at_ms, created_at_ms, updated_at_ms)
    ${NUMBERS} SELECT 'pay_' || i, 'invoice', 'inv_1', 'cus_1', 12900, 'EUR', 'succeeded', 1, i / 7, i / 7, i FROM n`,
  invoices: `INSERT INTO invoices (id, number, customer_id, currency, lines, amount_due_minor, status,
      payment_status, send_email, metadata, created_at_ms, updated_at_ms)
    ${NUMBERS} SELECT 'inv_' || i, 'INV-' || i, 'cus_1', 'EUR',
      '[{"description":"Pro plan","quantity":1,"unitAmountMinor":12900}]', 12900, 'open', 'unpaid', 0, '{}', i / 7, i FROM n`,
  webhook_events: `INSERT INTO webhook_events (stripe_event_id, connection_id, type, livemode, status, source,
      delivery_ids, attempts, changes, created_at_ms, received_at_ms, updated_at_ms)
    ${NUMBERS} SELECT 'evt_' || i, 'conn_1', 'charge.succeeded', 0, 'processed', 'webhook', '[]', 1, '[]', i / 7, i / 7, i FROM n`,
};

test.each(Object.entries(FILES))(
  "50,000 %s come as one file, each once, newest first, by few calls and never much of it in memory",
  async (name, insert) => {
    const world = await createTenantWorld();
    await ledgerSql(world.scope).prepare(insert).bind(ROWS).run();
    const { ids, most, calls } = await readAll(world, name);
    const numbers = ids.map((id) => Number(id.split("_").at(-1)));
    expect(numbers).toHaveLength(ROWS);
    expect(new Set(numbers).size).toBe(ROWS);
    const times = numbers.map((number) => Math.floor(number / 7));
    expect(times.every((time, index) => index === 0 || time <= (times[index - 1] ?? 0))).toBe(true);
    expect(calls).toBeLessThanOrEqual(MOST_CALLS);
    expect(most).toBeLessThanOrEqual(MOST_BYTES_AT_ONCE);
  },
);

/** The ids of a file as it streams in, the largest piece of it, and how many calls of the databases it took. */
async function readAll(world: Pick<TestWorld, "keys">, name: string) {
  const ids: string[] = [];
  let most = 0;
  const { directory, ledgers } = await countAsked(async () => {
    const headers = { authorization: `Bearer ${world.keys.read}` };
    const url = `${ORIGIN}/api/v1/exports/${name}.csv`;
    const response = await exports.default.fetch(new Request(url, { headers }));
    const reader = response.body?.getReader();
    const decoder = new TextDecoder();
    let rest = "";
    for (;;) {
      const { done, value } = (await reader?.read()) ?? { done: true, value: undefined };
      if (done) break;
      most = Math.max(most, value.byteLength);
      const lines = (rest + decoder.decode(value, { stream: true })).split("\r\n");
      rest = lines.pop() ?? "";
      for (const line of lines) ids.push(line.slice(0, line.indexOf(",")));
    }
  });
  return { ids: ids.slice(1), most, calls: directory + ledgers };
}
