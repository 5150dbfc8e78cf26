// What documents say that is made: the tables of what the platform is told and of what is read of Stripe's events, and
// the deploy button. `npm run readme` writes them; test/docs/readme.node.test.ts fails while a file has others.

import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { STRIPE_EVENT_TYPES, type StripeEventType } from "../../src/connections/stripe-event-types.ts";
import { NOTIFICATIONS } from "../../src/platform/notification-types.ts";
import { EVENT_TABLE } from "../../src/webhooks/event-table.ts";

const ROOT = join(import.meta.dirname, "..", "..");

type PackageJson = { repository?: string | { url?: string } };
type Part = (packageJson: PackageJson) => readonly string[];

/** Of each file the parts that are made: between `<!-- name: npm run readme -->` and `<!-- end of name -->`. */
export const MADE: Record<string, Record<string, Part>> = {
  "docs/events.md": { events: eventTable, notifications: notificationTable },
  "docs/deploying.md": { button: deployButton },
  "README.md": { button: buttonAlone },
};

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  for (const file of Object.keys(MADE)) await writeFile(join(ROOT, file), await withParts(file));
}

/** The file's text with its parts as the code has them. @throws Error where a part's place is not marked */
export async function withParts(file: string): Promise<string> {
  const packageJson = JSON.parse(await readFile(join(ROOT, "package.json"), "utf8"));
  const text = await readFile(join(ROOT, file), "utf8");
  return Object.entries(MADE[file] ?? {}).reduce(
    (whole, [name, part]) => put(whole, name, part(packageJson)),
    text,
  );
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

/** The button of the repository that package.json names; where it names none, how a fork gets its own. */
export function deployButton(packageJson: PackageJson): string[] {
  const button = buttonAlone(packageJson);
  if (button.length > 0) return button;
  return [
    "Cloudflare has to be told which public repository of github.com or gitlab.com to copy, and this copy does not say yet where it lies. In your fork, with your account in place of `acme`:",
    "",
    "```sh",
    "npm pkg set repository=github:acme/quittance && npm run readme",
    "```",
    "",
    "Commit the files that it changed, and the button stands here and in the README.",
  ];
}

/** @returns none where package.json names no repository that Cloudflare could copy */
export function buttonAlone({ repository }: PackageJson): string[] {
  const named = typeof repository === "string" ? repository : repository?.url;
  const at = /(github|gitlab)(?:\.com)?[:/]([\w.-]+\/[\w.-]+?)(?:\.git)?$/.exec(named ?? "");
  if (!at) return [];
  const address = `https://${at[1]}.com/${at[2]}`;
  const button = "https://deploy.workers.cloudflare.com/button";
  return [`[![Deploy to Cloudflare](${button})](https://deploy.workers.cloudflare.com/?url=${address})`];
}

function wordsOf(kinds: readonly string[]): string {
  return kinds.map((kind) => kind.replaceAll("_", " ")).join(", ");
}

function put(text: string, name: string, table: readonly string[]): string {
  const [begin, end] = [`<!-- ${name}: npm run readme -->`, `<!-- end of ${name} -->`];
  const [before, rest] = text.split(begin);
  const after = rest?.split(end)[1];
  if (before === undefined || after === undefined) throw new Error(`A document has no place for ${name}.`);
  const made = table.length === 0 ? "\n" : `\n\n${table.join("\n")}\n\n`;
  return [before, begin, made, end, after].join("");
}
