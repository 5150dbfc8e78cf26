// What an environment may use of what all share: each budget with its default, what it counts and what helps where it
// is used up. Root sets them for one environment; from four fifths on there is a warning. Pure.

import { AppError, type ErrorCode } from "./app-error.ts";
import { MOST_LEDGER_BYTES } from "./ledger-size.ts";

const MINUTE_MS = 60_000;
const DAY_MS = 24 * 60 * MINUTE_MS;

/** From this part of a budget on there is a warning. */
export const NEAR = 0.8;

type BudgetKind = {
  /** Where nothing else is set; of a live and of a test environment. */
  live: number;
  test: number;
  /** The least and the most that can be set; 1 where it is left out. */
  least?: number;
  most: number;
  unit: "events" | "bytes" | "mails" | "api_keys" | "event_destinations";
  /** How long one count lasts; null: what there is at present counts. */
  withinMs: number | null;
  /** What is counted: `webhook events a minute`. */
  words: string;
  remedy: string;
};

const SENT_AGAIN =
  "Stripe sends what is refused again for three days and reconciliation fetches the rest, so nothing is lost. Send fewer types of event here";
/** So many keys every environment may have: its budget is not asked for. */
export const FEW_API_KEYS = 5;
// A day's events, kept for 30 days, stay within what a ledger holds.
const KINDS = {
  events_per_minute: {
    ...{ live: 6_000, test: 6_000, most: 100_000, unit: "events", withinMs: MINUTE_MS },
    ...{ words: "webhook events a minute", remedy: SENT_AGAIN },
  },
  event_bytes_per_minute: {
    ...{ live: 32_000_000, test: 32_000_000, most: 1_000_000_000, unit: "bytes", withinMs: MINUTE_MS },
    ...{ words: "bytes of webhook events a minute", remedy: SENT_AGAIN },
  },
  events_per_day: {
    ...{ live: 100_000, test: 100_000, most: 10_000_000, unit: "events", withinMs: DAY_MS },
    ...{ words: "webhook events a day", remedy: SENT_AGAIN },
  },
  event_bytes_per_day: {
    ...{ live: 300_000_000, test: 300_000_000, most: 100_000_000_000, unit: "bytes", withinMs: DAY_MS },
    ...{ words: "bytes of webhook events a day", remedy: SENT_AGAIN },
  },
  mails_per_day: {
    // A test environment writes to its own people.
    ...{ live: 10_000, test: 500, most: 1_000_000, unit: "mails", withinMs: DAY_MS },
    ...{ words: "mails within a day", remedy: "What is not asked for by hand waits and goes then" },
  },
  ledger_bytes: {
    ...{ live: 9_000_000_000, test: 9_000_000_000, most: MOST_LEDGER_BYTES, unit: "bytes", withinMs: null },
    ...{
      words: "bytes of stored rows",
      remedy:
        "Payments of what there is are still taken in. Shorten RETENTION_DAYS, or go on in a new environment",
    },
  },
  api_keys: {
    ...{ live: 100, test: 100, least: FEW_API_KEYS, most: 10_000, unit: "api_keys", withinMs: null },
    ...{ words: "API keys in use", remedy: "Revoke those that nobody uses" },
  },
  event_destinations: {
    // Each message is written once for each.
    ...{ live: 20, test: 20, most: 100, unit: "event_destinations", withinMs: null },
    ...{ words: "event destinations", remedy: "Delete one first" },
  },
} as const satisfies Record<string, BudgetKind>;

export type BudgetName = keyof typeof KINDS;
export const BUDGET_NAMES = Object.keys(KINDS) as BudgetName[];
export type Budgets = Record<BudgetName, number>;

export function budgetKind(name: BudgetName): BudgetKind {
  return KINDS[name];
}

/** @param set what root has set; anything else in it counts for nothing */
export function budgetsOf(set: Readonly<Record<string, unknown>>, livemode: boolean): Budgets {
  const entries = BUDGET_NAMES.map((name) => {
    const own = set[name];
    return [name, typeof own === "number" ? own : KINDS[name][livemode ? "live" : "test"]];
  });
  return Object.fromEntries(entries) as Budgets;
}

/** When the count ends that is under way, ms; null where what there is counts. Days are UTC's. */
export function windowEnd(name: BudgetName, nowMs: number): number | null {
  const { withinMs } = KINDS[name];
  return withinMs === null ? null : (Math.floor(nowMs / withinMs) + 1) * withinMs;
}

/** `6,000 webhook events a minute`, `9 GB of stored rows`. */
export function budgetWords(name: BudgetName, most: number): string {
  const { words, unit } = KINDS[name];
  if (unit !== "bytes" || most < 1e6) return `${most.toLocaleString("en")} ${words}`;
  const [size, bytes] = most >= 1e9 ? ["GB", 1e9] : ["MB", 1e6];
  return `${(most / bytes).toLocaleString("en")} ${size}${words.replace(/^bytes/, "")}`;
}

/** @param freeAtMs when the next count begins */
export function overBudgetWords(name: BudgetName, most: number, freeAtMs: number | null): string {
  const { remedy } = KINDS[name];
  const again = freeAtMs === null ? "" : ` A new count begins at ${new Date(freeAtMs).toISOString()}.`;
  return `This environment's budget ${name} is used up: ${budgetWords(name, most)}.${again} ${remedy}, or ask whoever runs this installation to raise it.`;
}

/** @param over.code `conflict` for what somebody has to delete first */
export function overBudget(
  over: { name: BudgetName; most: number; freeAtMs: number | null },
  nowMs: number,
  code: ErrorCode = "over_budget",
): AppError {
  const { name, most, freeAtMs } = over;
  const detail = overBudgetWords(name, most, freeAtMs);
  if (freeAtMs === null) return new AppError(code, { detail });
  const retryAfterSeconds = Math.max(Math.ceil((freeAtMs - nowMs) / 1000), 1);
  return new AppError(code, { detail, retryable: true, retryAfterSeconds });
}
