// Numbers of the code that documents state: each sentence is made here of its constant, so that one that changes leaves
// none of them wrong. The guides have most of theirs by name (src/docs/guide-values.ts).

import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { PAID_INVOICE_ROWS } from "../../src/docs/measured.ts";
import { VERIFY_SNIPPETS } from "../../src/notifications/verify-snippets.ts";
import { MOST_BODY_BYTES, MOST_ERRORS, MOST_LEVELS, MOST_VALUES } from "../../src/platform/bounds.ts";
import { NEAR } from "../../src/platform/budgets.ts";
import {
  DISABLE_AFTER_MS,
  nextDelaySeconds,
  SCHEDULE_SECONDS,
} from "../../src/platform/delivery-schedule.ts";
import { LINES_A_MESSAGE } from "../../src/platform/jobs.ts";
import { RECORDS_KEPT_DAYS } from "../../src/platform/kept-times.ts";
import { LEDGER_FILLS_AT_BYTES, MOST_LEDGER_BYTES } from "../../src/platform/ledger-size.ts";
import { askedCap, mailCaps } from "../../src/platform/mail-caps.ts";
import { ROWS_LOOKED_AT } from "../../src/platform/paging.ts";
import { EVENTS_A_COUNT, RATE_LIMITS } from "../../src/platform/rate-limits.ts";
import { MOST_AMOUNT_MINOR } from "../../src/platform/stripe-limits.ts";

const root = join(import.meta.dirname, "..", "..");
const read = (path: string) => readFileSync(join(root, path), "utf8");
const packageJson = JSON.parse(read("package.json"));
const GUIDES = "src/docs/guides";

const WORDS = "no one two three four five six seven eight nine ten eleven twelve".split(" ");
const MORE: Record<number, string> = { 20: "twenty", 50: "fifty", 100: "a hundred", 1000: "a thousand" };
/** `5` -> `five`; `10000` -> `10,000`. */
const word = (count: number) => WORDS[count] ?? MORE[count] ?? count.toLocaleString("en");
const seconds = (ms: number) => word(ms / 1000);
const minutes = (ms: number) => word(ms / 60_000);
const hours = (ms: number) => word(ms / 3_600_000);
const days = (ms: number) => word(ms / 86_400_000);
const quarterOfAnHour = (ms: number) => (ms === 900_000 ? "a quarter of an hour" : `${minutes(ms)} minutes`);
const halfASecond = (ms: number) => (ms === 500 ? "half a second" : `${ms} ms`);
const fourFifths = NEAR === 0.8 ? "four fifths" : `${NEAR * 100} %`;

/** What `NAME = …` of a file comes to: `5 * 60 * 1000`, `10_000`. Most constants are their file's own. */
function constant(file: string, name: string): number {
  const [, product] = new RegExp(`\\b${name} = ([\\d_.* ]+)[;,\\n]`).exec(read(file)) ?? [];
  if (product === undefined) throw new Error(`${file} has no number ${name}.`);
  return product
    .replaceAll("_", "")
    .split("*")
    .map(Number)
    .reduce((whole, factor) => whole * factor);
}

const node = `Node ${packageJson.engines.node.replace(/^>=/, "")}`;
const bounds = `at most ${MOST_BODY_BYTES / 1024 / 1024} MiB, ${word(MOST_VALUES)} values and ${MOST_LEVELS} levels`;
const faults = `an answer names ${word(MOST_ERRORS)} faults`;
const digits = constant("src/platform/payment-url.ts", "RANDOM");
const randomBits = `${Math.round(digits * Math.log2(62))} random bits`;
const ledgerGigabytes = `${MOST_LEDGER_BYTES / 1e9} GB`;
const fills = `${(LEDGER_FILLS_AT_BYTES / MOST_LEDGER_BYTES) * 100} %`;
const nine = `at ${word(constant("src/ledger/due-dates/due-steps.ts", "REMINDER_HOUR"))} in the morning`;
const connectLasts = minutes(constant("src/connect/begin-connect.ts", "CONNECT_LASTS_MS"));
const confirmed = quarterOfAnHour(constant("src/dashboard/session/require-fresh.ts", "CONFIRMED_FOR_MS"));
const inConsole = (name: string) => constant("src/directory/console-session.ts", name);
const consoleLasts = inConsole("CONSOLE_LASTS_MS") === 3_600_000 ? "an hour" : "another time";
const consoleIdles = inConsole("IDLES_MS") === 900_000 ? "a quarter of one" : "another time";
const [asked, invoiceCap, addressCap] = [
  askedCap(""),
  ...mailCaps({ invoiceId: "", to: "", mailsPerDay: 1 }),
];
const refusedHours = SCHEDULE_SECONDS.slice(
  0,
  constant("src/ledger/notifications/delivery-state.ts", "STEPS_TO_DISABLE"),
);
const sum = (numbers: readonly number[]) => numbers.reduce((whole, each) => whole + each, 0);
const longer = (nextDelaySeconds(4, 1) ?? 0) / (nextDelaySeconds(4, 0) ?? 1) - 1;
const laterByChance = Math.round(longer * 100) === 10 ? "a tenth" : `${longer * 100} %`;
const wrangler = read("wrangler.toml");
const jobs = wrangler
  .split("[[queues.consumers]]")
  .find((each) => each.startsWith('\nqueue = "quittance-jobs"\n'));
const scripts: Record<string, string> = packageJson.scripts;
const ofScript = (name: string, variable: string) =>
  Number(new RegExp(`${variable}=(?:\\$\\{\\w+:-)?(\\d+)`).exec(scripts[name] ?? "")?.[1]);

const STATED: Record<string, string[]> = {
  "README.md": [
    `Linux or macOS, npm, and ${node} or newer`,
    `brings Node ${packageJson.devDependencies.node.split(".")[0]}, on which`,
    `cache for at most ${seconds(constant("src/connections/open-connection.ts", "CACHE_TTL_MS"))} seconds`,
    randomBits,
    bounds,
    faults,
    `and holds ${ledgerGigabytes}`,
  ],
  "CONTRIBUTING.md": [`${node} or newer`],
  "docs/configuration.md": [
    `1 to ${constant("src/platform/validate-settings.ts", "MOST_RETENTION_DAYS")}; empty: ${constant("src/platform/validate-settings.ts", "DEFAULT_RETENTION_DAYS")}`,
    `stays for ${RECORDS_KEPT_DAYS} days`,
  ],
  "docs/decisions.md": [
    `shown in ${word(VERIFY_SNIPPETS.length)} languages`,
    `${word(LINES_A_MESSAGE)} works a message`,
    `a batch of them waits ${halfASecond(constant("src/notifications/deliver.ts", "TURN_MS"))}`,
    `which has ${constant("src/notifications/send-message.ts", "TIME_OUT_MS") / 1000} s, is heard`,
    `${hours(constant("src/directory/session-owner.ts", "SESSION_IDLES_MS"))} hours without use or ${hours(constant("src/directory/session-owner.ts", "SESSION_LASTS_MS"))} in all`,
    `ask once more after ${confirmed}`,
    `names ${word(constant("src/dashboard/session/session-cookie.ts", "MOST_HELD"))} sessions`,
    `works once, for ${minutes(constant("src/directory/open-session.ts", "LINK_LASTS_MS"))} minutes`,
    `for ${RECORDS_KEPT_DAYS} days rows`,
    `takes ROOT_TOKEN, for ${consoleLasts}, ${consoleIdles} without use`,
    `is given ${word(constant("src/http/refused-addresses.ts", "UNKNOWN_A_MINUTE"))} a minute`,
    randomBits,
    `switches off ${constant("src/invoices/deactivate-open-links.ts", "LIMIT")};`,
    `at most ${word(String(MOST_AMOUNT_MINOR).length)} digits`,
    bounds,
    faults,
    nine,
    `at most ${invoiceCap?.most} about an invoice, ${addressCap?.most} to an address`,
    `${word(asked.most)} about an invoice within ${minutes(asked.withinMs)} minutes`,
    `among the newest ${constant("src/platform/bounds.ts", "NEWEST_SEARCHED").toLocaleString("en")} of each kind`,
    `took nothing for ${days(DISABLE_AFTER_MS)} days`,
    `refused for over ${word(Math.floor(sum(refusedHours) / 3600))} hours`,
    `Above ${constant("src/webhooks/cut-event.ts", "LARGEST_WHOLE") / 1024} KB`,
    `${fourFifths} are an issue`,
    `asks once for ${word(constant("src/webhooks/spend-budget.ts", "EVENTS_A_QUESTION"))} of them`,
    `work ${word(2 * LINES_A_MESSAGE)} are in the queue at once`,
    `destination's messages ${word(constant("src/ledger/outbox/queue-lanes.ts", "DELIVERIES_AT_ONCE"))};`,
    `not begun within ${seconds(constant("src/run-work.ts", "TURN_MS"))} seconds`,
    `lets ${(RATE_LIMITS.webhook.limit * EVENTS_A_COUNT) / RATE_LIMITS.webhook.period} a second in`,
    `side by side, for ${halfASecond(constant("src/webhooks/take-turns.ts", "TURN_MS"))} each`,
    `a page or ${word(constant("src/ledger/customers/push-all.ts", "MOST_ON_THEIR_WAY"))} customers at a time`,
    `looks at ${word(ROWS_LOOKED_AT)} rows`,
  ],
  "docs/deploying.md": [
    `\`max_batch_size\` of \`-jobs\` is ${constantOf(jobs ?? "", "max_batch_size")}`,
    `a paid invoice are ${PAID_INVOICE_ROWS}, of its ledger`,
    `warns from ${fills} of ${ledgerGigabytes}`,
    `quiet for ${quarterOfAnHour(constant("src/directory/queue-runs.ts", "QUIET_MS"))};`,
  ],
  "docs/operations.md": [
    `more than ${fills} of the ${ledgerGigabytes}`,
    `${fourFifths} of an environment's budget`,
    `took nothing for ${days(DISABLE_AFTER_MS)} days`,
    `over within ${minutes(constant("src/tell-operator.ts", "STANDS_AFTER_MS"))} minutes is not told`,
    `goes after ${RECORDS_KEPT_DAYS} days`,
    `one trace of ${word(1 / constantOf(wrangler.split("[observability.traces]")[1] ?? "", "head_sampling_rate"))} (`,
  ],
  "docs/stripe-connect.md": [`serves once, for ${connectLasts} minutes`],
  "docs/testing.md": [
    `${word(ofScript("proof:histories", "PROOF_HISTORIES"))} random histories`,
    `${word(ofScript("proof:load", "PROOF_LOAD"))} invoices over`,
    `${word(ofScript("proof:fuzz", "PROOF_FUZZ"))} requests to each route`,
  ],
  [`${GUIDES}/client.md`]: [
    `tried again up to ${word(constant("client/retry.ts", "retries"))} times`,
    `older than ${minutes(1000 * constant("node_modules/standardwebhooks/dist/index.js", "WEBHOOK_TOLERANCE_IN_SECONDS"))} minutes`,
  ],
  [`${GUIDES}/dunning.md`]: [nine],
  [`${GUIDES}/notifications.md`]: [`Up to ${laterByChance} later by chance`],
  [`${GUIDES}/quickstart.md`]: [`${node} or newer`],
  [`${GUIDES}/test-cards.md`]: [
    `settle after ${seconds(constant("test/stripe-sandbox/pay.ts", "DEBIT_SETTLES_AFTER_MS"))} seconds`,
  ],
};

function constantOf(text: string, name: string): number {
  return Number(new RegExp(`^${name} = ([\\d.]+)$`, "m").exec(text)?.[1]);
}

test.each(Object.entries(STATED))("%s states numbers as the code has them", (file, sentences) => {
  const text = read(file);
  expect(sentences.filter((sentence) => !text.includes(sentence))).toEqual([]);
});

/** What is nobody's constant here: Stripe's, Cloudflare's, the reader's. */
const OTHERS = [
  "in five minutes",
  "three digits",
  "for three days",
  // As the fields are called.
  "the last 24 hours and the last 7 days",
  "for 30 days (D1: 7 on",
  "seven queue messages of three operations",
];

test.each(readdirSync(join(root, GUIDES)))("%s types no number that the code has", (file) => {
  const path = `${GUIDES}/${file}`;
  const known = [...(STATED[path] ?? []), ...OTHERS];
  const prose = known
    .reduce((text, each) => text.replaceAll(each, ""), read(path))
    .replaceAll(/^```.*?^```/gms, "");
  const number = `(?:\\b\\d[\\d,.]*|\\b(?:${WORDS.slice(2).join("|")}|twenty|fifty|hundred|thousand))`;
  const unit =
    "(?:%|[KMG]i?B|second|minute|hour|day|week|month|year|time|tries|event|message|row|line|digit|character|fifth|operation)";
  const remedy = "Name it: {{…}} of src/docs/guide-values.ts. Or say here whose it is: STATED or OTHERS.";
  expect(
    prose.match(new RegExp(`.*${number} (?:of an? |in a )?${unit}.*|.*\\ba (?:quarter|half) of.*`, "gi")),
    remedy,
  ).toBeNull();
});
