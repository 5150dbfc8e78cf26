// What came of two calls, in a form in which two runs that ended alike are equal: ids that were made by chance are
// numbered in the order in which the answers and the rows name them, times are only there or not.

import { env } from "cloudflare:workers";
import type { Scope } from "../../src/platform/deps.ts";
import type { Json } from "../harness/api.ts";
import { ledgerSql } from "../harness/ledger-sql.ts";
import { sandbox } from "../harness/sandbox.ts";

export type Answered = { status: number; body: Json };
/** Both answers, null for a call that was not made, and all that there is afterwards. */
export type Outcome = { answers: (Answered | null)[]; state: Record<string, unknown[]> };

// Written after an answer, by whoever comes next, or about the runtime.
const NOT_OF_A_CALL = new Set([
  "pulses",
  "queue_runs",
  "queue_asks",
  "sealing_keys",
  "webhook_event_marks",
  "hourly_events",
]);

// That a credential is used is noted once an hour, whoever comes first in it.
const LEFT_OUT: Record<string, string> = { security_log: "WHERE event NOT LIKE '%.used'" };

/** All rows of the directory and of these ledgers, and what there is at Stripe. */
export async function readState(
  scopes: readonly Scope[],
  accountIds: readonly string[],
): Promise<Record<string, unknown[]>> {
  const state: Record<string, unknown[]> = {};
  const databases: [string, D1Database][] = [
    ["directory", env.DB],
    ...scopes.map((scope): [string, D1Database] => [scope.environmentId, ledgerSql(scope)]),
  ];
  for (const [where, database] of databases) {
    const tables = await tablesOf(database);
    const rows = tables.map((table) => database.prepare(`SELECT * FROM ${table} ${LEFT_OUT[table] ?? ""}`));
    const results = await database.batch(rows);
    tables.forEach((table, index) => {
      state[`${where}.${table}`] = results[index]?.results ?? [];
    });
  }
  for (const id of accountIds) {
    const { customers, paymentLinks, sessions, refunds, endpoints, subscriptions } =
      sandbox.world.accounts[id] ?? {};
    const kept = { customers, paymentLinks, sessions, refunds, endpoints, subscriptions };
    for (const [name, objects] of Object.entries(kept)) state[`${id}.${name}`] = Object.values(objects ?? {});
  }
  return state;
}

async function tablesOf(database: D1Database): Promise<string[]> {
  const query = `SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'kept!_%' ESCAPE '!'
    AND name NOT LIKE 'sqlite!_%' ESCAPE '!' AND name NOT LIKE '!_cf!_%' ESCAPE '!' AND name <> 'd1_migrations'`;
  const { results } = await database.prepare(query).all<{ name: string }>();
  return results.map(({ name }) => name).filter((name) => !NOT_OF_A_CALL.has(name));
}

// Made by chance, or counted; what an id is made of is compared beside it.
const MAY_DIFFER = new Set([
  "invoice_prefix",
  "request_id",
  "lag_ms",
  // What Stripe had at that moment.
  "not_undone",
  // Made of times.
  "state_order",
  "payment_code",
  "failure_order",
  "revision",
  "seq",
  "message_id",
  "key_hash",
  "link_hash",
  "state_hash",
  "key_hint",
  "hint",
  "key",
  "secret",
  "secrets",
  "iv",
  "ciphertext",
  "sealed_iv",
  "sealed_body",
  "fingerprint",
  "duration_ms",
]);

const TIME = /\b\d{4}-\d\d-\d\dT[\d:.]+Z|\b1[78]\d{11}\b|\b1[78]\d{8}\b/g;
// One in twelve of Stripe's has no digit.
const ID =
  /\b[a-z]{2,12}(?:_[a-z]+)*_(?=[A-Za-z0-9]*[A-Z\d])[A-Za-z0-9]{8,}\b|\b[0-9a-f]{8}-[0-9a-f-]{27}\b/g;
/** A delivery's place in its destination's order, an invoice's number where it came without one, and its token; a state of Connect. */
const NUMBER =
  /(?<=\bdlv_[0-9a-f]{32}_)[0-9a-z]+|\bINV-[0-9A-Z]{8}\b|(?<![\w+/=-])[0-9A-Za-z]{39}(?![\w+/=-])|(?<=\/pay\/)[0-9A-Za-z]{39}\b|(?<=[?&]state=)[\w-]{43}/g;
const KEY = /\b(?:qt|whsec|sk_test)_[\w…-]+/g;

/** The ids that are there before anybody calls: they are the same in every run. */
export function idsIn(state: unknown): Set<string> {
  return new Set(JSON.stringify(state).match(ID) ?? []);
}

/** @param known ids that stay as they are */
export function comparable({ answers, state }: Outcome, known: ReadonlySet<string>): Outcome {
  const numbers = new Map<string, string>();
  const number = (text: string, whenNew: (id: string) => string) =>
    text.replace(ID, (id) => (known.has(id) ? id : (numbers.get(id) ?? whenNew(id))));
  const give = (id: string) => {
    const name = `${prefixOf(id)}#${numbers.size + 1}`;
    numbers.set(id, name);
    return name;
  };
  const named = answers.map((answer) => answer && JSON.parse(number(plain(answer), give)));
  const tables = Object.entries(state).map(([table, rows]) => {
    const texts = rows.map(plain);
    // What is only known by its kind has no part in the order.
    const byKind = (text: string) => number(text, prefixOf);
    texts.sort((one, other) => compareText(byKind(one), byKind(other)));
    return [table, texts.map((text) => JSON.parse(number(text, give)))];
  });
  return { answers: named, state: Object.fromEntries(tables) };
}

function plain(value: unknown): string {
  const text = JSON.stringify(value, (name, inner) => {
    // Which of the two calls had it first is for the log alone.
    if (name === "subject" && typeof inner === "string") return inner.replace(/,?"trace":"[^"]*"/, "");
    // It shows the connection at the moment of telling, which may be a later one.
    if (name === "snapshot" && isOfConnection(value)) return "set";
    return MAY_DIFFER.has(name) && inner !== null && inner !== undefined ? "set" : inner;
  });
  return text.replace(TIME, "0").replace(NUMBER, "0").replace(KEY, "key");
}

function isOfConnection(row: unknown): boolean {
  return typeof row === "object" && row !== null && "object_kind" in row && row.object_kind === "connection";
}

function prefixOf(id: string): string {
  return id.includes("-") ? "uuid" : id.slice(0, id.lastIndexOf("_"));
}

function compareText(one: string, other: string): number {
  return one < other ? -1 : one > other ? 1 : 0;
}
