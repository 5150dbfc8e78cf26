// Holds text-columns.ts against the databases: so a column of text that is new, and that nobody has put a stranger's
// words into, makes the sweep over all pages fail.

import type { DatabaseSync } from "node:sqlite";
import { SETTINGS_FIELDS } from "../../src/platform/environment-settings.ts";
import type { Stack } from "../demo/start-stack.ts";
import { isHostile } from "./hostile-strings.ts";
import { openDirectory, openLedger } from "./local-databases.ts";
import { type Columns, DIRECTORY, LEDGER, type Whose } from "./text-columns.ts";

/** What is wrong with the lists, or was forgotten in the world of this environment: a sentence each. */
export function readColumnFaults(stack: Stack, environmentId: string): string[] {
  const [ledger, directory] = [openLedger(stack, environmentId), openDirectory(stack)];
  try {
    const settings = Object.keys(SETTINGS_FIELDS).map((name) => `environment.settings.${name}`);
    return [...faultsOf(ledger, LEDGER, settings), ...faultsOf(directory, DIRECTORY, [])];
  } finally {
    ledger.close();
    directory.close();
  }
}

function faultsOf(database: DatabaseSync, whose: Whose, more: readonly string[]): string[] {
  const [strangers, ours, unshown] = [named(whose.strangers), named(whose.ours), named(whose.unshown)];
  const listed = new Set([...strangers, ...ours, ...unshown]);
  const there = textColumns(database);
  const inParts = new Set([...listed].filter((name) => name !== columnOf(name)).map(columnOf));
  const parts = [...inParts].filter((name) => there.has(name)).flatMap((name) => partNames(database, name));
  return [
    ...[...there, ...parts, ...more]
      .filter((name) => !listed.has(name) && !inParts.has(name))
      .map((name) => `${name} is not in text-columns.ts: can a stranger's words come to stand in it?`),
    ...[...listed].filter((name) => !there.has(columnOf(name))).map((name) => `There is no text in ${name}.`),
    ...strangers
      .filter((name) => !textsIn(database, name).some(isHostile))
      .map((name) => `Nothing that is hostile was put into ${name}.`),
    ...ours
      .filter((name) => textsIn(database, name).some(isHostile))
      .map((name) => `A stranger's words stand in ${name}: it is not ours alone.`),
  ];
}

function named(columns: Columns): string[] {
  return Object.entries(columns).flatMap(([table, names]) =>
    names.split(" ").map((name) => `${table}.${name}`),
  );
}

function columnOf(name: string): string {
  return name.split(".").slice(0, 2).join(".");
}

function textColumns(database: DatabaseSync): Set<string> {
  const found = database
    .prepare(
      `SELECT t.name || '.' || c.name AS name FROM sqlite_schema t, pragma_table_info(t.name) c
       WHERE t.type = 'table' AND lower(c.type) = 'text' AND t.name NOT LIKE '\\_cf%' ESCAPE '\\'`,
    )
    .all();
  return new Set(found.map(({ name }) => String(name)));
}

/** All that stands there; of a part of JSON, what that part holds. */
function textsIn(database: DatabaseSync, name: string): string[] {
  const [table = "", column = "", part] = name.split(".");
  const rows = database
    .prepare(`SELECT DISTINCT ${column} AS text FROM ${table} WHERE ${column} IS NOT NULL`)
    .all();
  const texts = rows.map(({ text }) => String(text));
  return part === undefined ? texts : texts.flatMap((text) => partsOf(JSON.parse(text), part));
}

/** Those that hold more than a number or a flag. */
function partNames(database: DatabaseSync, column: string): string[] {
  const names = textsIn(database, column).flatMap((text) =>
    objectsIn(JSON.parse(text)).flatMap((one) =>
      Object.keys(one).filter(
        (name) => one[name] !== null && ["string", "object"].includes(typeof one[name]),
      ),
    ),
  );
  return [...new Set(names)].map((name) => `${column}.${name}`);
}

function partsOf(value: unknown, part: string): string[] {
  return objectsIn(value).flatMap((one) => (one[part] == null ? [] : [JSON.stringify(one[part])]));
}

function objectsIn(value: unknown): Readonly<Record<string, unknown>>[] {
  if (Array.isArray(value)) return value.flatMap(objectsIn);
  return typeof value === "object" && value !== null ? [{ ...value }] : [];
}
