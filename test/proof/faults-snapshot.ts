// Moments to go back to, and states to compare: the directory, the ledger and Stripe's side, without what may differ
// between two runs that ended the same (ids made by chance, tries, processing times).

import { env } from "cloudflare:workers";
import type { Scope } from "../../src/platform/deps.ts";
import { ledgerSql } from "../harness/ledger-sql.ts";
import { sandbox } from "../harness/sandbox.ts";
import type { TestWorld } from "../harness/world.ts";
import type { Receiver } from "../notifications/receiver.ts";
import type { World } from "../stripe-sandbox/types.ts";
import type { Mailed } from "./faults-scene.ts";
import { hourlySums } from "./hourly-sums.ts";

type Row = Record<string, unknown>;

/** Keeps the directory, the scope's ledger and the sandbox as they are now. Returns what brings all of them back. */
export async function keepMoment(name: string, scope: Scope): Promise<() => Promise<void>> {
  const backs = [await keepTables(env.DB, name), await keepTables(ledgerSql(scope), name)];
  const stripe = structuredClone(sandbox.world);
  return async () => {
    for (const back of backs) await back();
    Object.assign(sandbox.world, structuredClone(stripe) satisfies World);
  };
}

async function keepTables(database: D1Database, name: string): Promise<() => Promise<void>> {
  const tables = await tablesOf(database);
  const kept = tables.map((table) => `CREATE TABLE kept_${name}_${table} AS SELECT * FROM ${table}`);
  await database.batch(kept.map((sql) => database.prepare(sql)));
  const back = tables.flatMap((table) => [
    `DELETE FROM ${table}`,
    `INSERT INTO ${table} SELECT * FROM kept_${name}_${table}`,
  ]);
  return async () => void (await database.batch(back.map((sql) => database.prepare(sql))));
}

/** Those of earlier stages, whose turn the cron would take in each of its runs. */
export async function forgetTenants(): Promise<void> {
  const tables = await tablesOf(env.DB);
  await env.DB.batch(tables.map((table) => env.DB.prepare(`DELETE FROM ${table}`)));
}

async function tablesOf(database: D1Database): Promise<string[]> {
  const query = `SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'kept!_%' ESCAPE '!'
    AND name NOT LIKE 'sqlite!_%' ESCAPE '!' AND name NOT LIKE '!_cf!_%' ESCAPE '!' AND name <> 'd1_migrations'`;
  return (await database.prepare(query).all<{ name: string }>()).results.map(({ name }) => name);
}

// Column by column what two equal states may differ in. Of a time it is kept whether there is one.
const MAY_DIFFER = new Set([
  "attempts",
  "error",
  "key_generation",
  "step",
  "response_status",
  "duration_ms",
  // Times, and each try of a delivery.
  "seq",
  "log",
  // Whether a try of a mail may have been taken before the one that ended it; the inbox tells what came.
  "in_doubt",
  "provider_message_id",
  // Which event or try was first to cause it.
  "cause_kind",
  "cause_id",
  // Hashes of ids that are compared beside them.
  "message_id",
]);
/** Given by Stripe, or made of what Stripe gave. */
const OF_STRIPES_TIME = new Set([
  "occurred_at_ms",
  "paid_at_ms",
  "evidence_due_at_ms",
  "state_order",
  "failure_order",
]);
/** Long texts, or addresses made by chance. */
const ONLY_WHETHER = new Set(["url", "snapshot", "payment_token"]);

const TABLES = {
  invoices: "id",
  payment_links: "invoice_id, revision",
  payments: "id",
  refunds: "id",
  disputes: "id",
  invoice_timeline: "invoice_id, id",
  messages: "type, key",
  deliveries: "type, message_key, destination_id",
  outbox: "id",
  mails: "id",
  customers: "id",
} as const;

export type Compared = {
  /** Events of these types; others may come by reconciliation, or not, as long as it takes. */
  eventTypes: readonly string[];
  /** Stripe's times too: where all that happens at Stripe has happened before the story begins. */
  stripeTimes: boolean;
};

/** What others have of a run. */
export type Outside = { receiver: Receiver; mails: readonly Mailed[] };

/** The end of a run, to be compared with another's. */
export async function endState(
  world: TestWorld,
  { receiver, mails }: Outside,
  { eventTypes, stripeTimes }: Compared,
): Promise<Record<string, unknown>> {
  const sql = ledgerSql(world.scope);
  const tables = Object.keys(TABLES) as (keyof typeof TABLES)[];
  const results = await sql.batch<Row>([
    ...tables.map((table) => sql.prepare(`SELECT * FROM ${table} ORDER BY ${TABLES[table]}`)),
    // An event that Stripe sent twice because a call of ours was cut off says the same twice.
    sql.prepare(`SELECT DISTINCT e.type, json_extract(e.payload, '$.data.object.id') AS object, status, reason, waits_for,
      changes, invoice_id FROM webhook_events AS e
      WHERE e.type IN (SELECT value FROM json_each('${JSON.stringify(eventTypes)}'))
      ORDER BY 1, 2, 3, 4`),
    sql.prepare("SELECT DISTINCT action, object, object_id FROM audit_log ORDER BY 1, 2, 3"),
  ]);
  const named = [...tables, "webhook_events", "audit_log"].map((table, index) => [
    table,
    (results[index]?.results ?? []).map((row) => comparable(row, stripeTimes)),
  ]);
  const state = {
    ...Object.fromEntries(named),
    stripe: stripeSide(world),
    effects: effectsOf(receiver),
    hourly_sums: await hourlySums(world, stripeTimes),
    inboxes: mails.map(({ to, subject, text }) => ({ to, subject, text })),
  };
  // The ids had their part in the order.
  return JSON.parse(await withoutChance(world, JSON.stringify(state)), (_, value) =>
    Array.isArray(value)
      ? value
          .map((item) => JSON.stringify(item))
          .sort()
          .map((item) => JSON.parse(item))
      : value,
  );
}

function comparable(row: Row, stripeTimes: boolean): Row {
  return Object.fromEntries(
    Object.entries(row).flatMap(([column, value]) => {
      if (MAY_DIFFER.has(column) || (column === "id" && "destination_id" in row)) return [];
      const isTime = column.endsWith("at_ms") || ONLY_WHETHER.has(column);
      const whether = OF_STRIPES_TIME.has(column) ? !stripeTimes : isTime;
      return [[column, whether && value !== null ? "set" : value]];
    }),
  );
}

/** What there is at Stripe of what the Worker makes or changes there. */
function stripeSide({ accountId }: TestWorld): unknown {
  const account = sandbox.world.accounts[accountId];
  const links = Object.values(account?.paymentLinks ?? {}).map(
    ({ id, active }) => `${id} ${active ? "on" : "off"}`,
  );
  const sessions = Object.values(account?.sessions ?? {}).map(({ id, status }) => `${id} ${status}`);
  const refunds = Object.values(account?.refunds ?? {}).map(
    ({ id, amount, status }) => `${id} ${amount} ${status}`,
  );
  return { links, sessions, refunds };
}

/**
 * What a receiver does that acts once for each `webhook-id`. Two ids for one cause would show as two effects.
 * @throws when one id came with two bodies
 */
function effectsOf(receiver: Receiver): string[] {
  const bodies = new Map<string, string>();
  for (const { id, body } of receiver.received) {
    if ((bodies.get(id) ?? body) !== body) throw new Error(`${id} came with two bodies`);
    bodies.set(id, body);
  }
  const effects = Array.from(bodies.values(), (body) => {
    const { type, data } = JSON.parse(body);
    return `${type} ${data.object?.id ?? data.id}`;
  });
  return effects;
}

/** Gives the ids that a run made by chance names that say what they are of. */
async function withoutChance({ accountId, scope }: TestWorld, text: string): Promise<string> {
  const account = sandbox.world.accounts[accountId];
  const names = new Map<string, string>();
  for (const { id, metadata } of Object.values(account?.paymentLinks ?? {})) {
    names.set(id, `link of ${metadata.invoice_id}/${metadata.quittance_link_revision}`);
  }
  const own = await ledgerSql(scope)
    .prepare("SELECT id, stripe_refund_id AS stripe FROM refunds")
    .all<{ id: string; stripe: string }>();
  const counts = new Map<string, number>();
  for (const { id, charge, amount } of Object.values(account?.refunds ?? {})) {
    const of = `refund of ${amount} of ${charge}`;
    const count = (counts.get(of) ?? 0) + 1;
    counts.set(of, count);
    names.set(id, `${of} no. ${count}`);
    for (const row of own.results) if (row.stripe === id) names.set(row.id, `own ${of} no. ${count}`);
  }
  // Counted by the try that came to the end.
  text = text.replaceAll(/,\\"expired_sessions\\":\d+/g, "");
  text = text.replaceAll(/\/pay\/[0-9A-Za-z]{39}\b/g, "/pay/…");
  for (const [id, name] of names) text = text.replaceAll(id, name);
  return text;
}
