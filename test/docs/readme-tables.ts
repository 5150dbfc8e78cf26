// The two tables of docs/events.md, made from the code: what the platform is told, and what is read of Stripe's
// events. `npm run readme` writes them; test/docs/readme.node.test.ts fails while the file has others.

import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { STRIPE_EVENT_TYPES, type StripeEventType } from "../../src/connections/stripe-event-types.ts";
import { NOTIFICATIONS } from "../../src/platform/notification-types.ts";
import { EVENT_TABLE } from "../../src/webhooks/event-table.ts";

export const EVENTS_FILE = join(import.meta.dirname, "..", "..", "docs", "events.md");

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  await writeFile(EVENTS_FILE, withTables(await readFile(EVENTS_FILE, "utf8")));
}

/** The text with both tables as the code has them. @throws Error where a table's place is not marked */
export function withTables(whole: string): string {
  const tables = { notifications: notificationTable(), events: eventTable() };
  return Object.entries(tables).reduce((text, [name, table]) => put(text, name, table), whole);
}

function notificationTable(): string[] {
  const rows = Object.entries(NOTIFICATIONS).map(([type, when]) => `| \`${type}\` | ${when} |`);
  return ["| type | when |", "|---|---|", ...rows];
}

function eventTable(): string[] {
  const rows = (Object.keys(STRIPE_EVENT_TYPES) as StripeEventType[]).map((type) => {
    const { yields, yieldsBefore } = EVENT_TABLE[type];
    const before = yieldsBefore && `${wordsOf(yieldsBefore.kinds)} before ${yieldsBefore.apiVersion}`;
    const facts = [wordsOf(yields), before].filter(Boolean).join("; ");
    return `| \`${type}\` | ${STRIPE_EVENT_TYPES[type]} | ${facts} |`;
  });
  return ["| event of Stripe's | what it tells | read as |", "|---|---|---|", ...rows];
}

function wordsOf(kinds: readonly string[]): string {
  return kinds.map((kind) => kind.replaceAll("_", " ")).join(", ");
}

function put(text: string, name: string, table: readonly string[]): string {
  const [begin, end] = [`<!-- ${name}: npm run readme -->`, `<!-- end of ${name} -->`];
  const [before, rest] = text.split(begin);
  const after = rest?.split(end)[1];
  if (before === undefined || after === undefined)
    throw new Error(`docs/events.md has no place for ${name}.`);
  return [before, begin, "\n\n", table.join("\n"), "\n\n", end, after].join("");
}
