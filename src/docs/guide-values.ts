// What guides say of the code by name, `{{name}}`: numbers and names that are typed here by nobody. Pure.

import { CONNECT_LASTS_MS } from "../connect/begin-connect.ts";
import { STRIPE_EVENT_TYPE_NAMES } from "../connections/stripe-event-types.ts";
import { CONFIRMED_FOR_MS } from "../dashboard/session/require-fresh.ts";
import { duration } from "../dashboard/time-words.ts";
import { CONSOLE_LASTS_MS } from "../directory/console-session.ts";
import { LINK_LASTS_MS } from "../directory/open-session.ts";
import { SESSION_IDLES_MS, SESSION_LASTS_MS } from "../directory/session-owner.ts";
import { MOST_LISTED, USUALLY_LISTED } from "../http/list.ts";
import { TIME_OUT_MS } from "../notifications/send-message.ts";
import { VERIFY_SNIPPETS } from "../notifications/verify-snippets.ts";
import { DELIVERIES_COUNTED } from "../platform/bounds.ts";
import { NEAR } from "../platform/budgets.ts";
import { ANSWERS_KEPT_MS } from "../platform/call-id.ts";
import { DISABLE_AFTER_MS, LONGEST_ASKED_SECONDS, SCHEDULE_SECONDS } from "../platform/delivery-schedule.ts";
import { LISTED_MS, RECONCILED_EVERY_MS, RECORDS_KEPT_DAYS } from "../platform/kept-times.ts";
import { EVENTS_A_COUNT, RATE_LIMITS } from "../platform/rate-limits.ts";
import { MOST_TRIES, triedForSeconds } from "../platform/retry-delay.ts";
import { DEFAULT_OVERLAP_SECONDS, MAX_OVERLAP_SECONDS } from "../platform/secret-overlap.ts";
import { STRIPE_API_VERSION } from "../platform/stripe.ts";
import { MOST, MOST_AMOUNT_MINOR } from "../platform/stripe-limits.ts";
import { DEFAULT_RETENTION_DAYS } from "../platform/validate-settings.ts";
import { TOLERANCE_SECONDS } from "../webhooks/verify-signature.ts";
import { COST_VALUES } from "./cost-table.ts";
import { PAID_INVOICE_ROWS } from "./measured.ts";

export const GUIDE_VALUES: Record<string, () => string> = {
  stripe_api_version: () => STRIPE_API_VERSION,
  stripe_event_count: () => String(STRIPE_EVENT_TYPE_NAMES.length),
  tolerance: () => span(TOLERANCE_SECONDS * 1000),
  webhook_limit: () => {
    const { limit, period } = RATE_LIMITS.webhook;
    return `${(limit * EVENTS_A_COUNT).toLocaleString("en")} events within ${span(period * 1000)}`;
  },
  work_tries: () => String(MOST_TRIES),
  work_tried_for: () => `${Math.floor(triedForSeconds() / 3600)} hours`,
  paid_invoice_rows: () => String(PAID_INVOICE_ROWS),
  time_out: () => span(TIME_OUT_MS),
  delivery_time: () => duration(SCHEDULE_SECONDS.reduce((sum, seconds) => sum + seconds, 0) * 1000),
  delivery_tries: () => String(SCHEDULE_SECONDS.length + 1),
  deliveries_counted: () => DELIVERIES_COUNTED.toLocaleString("en"),
  longest_asked: () => span(LONGEST_ASKED_SECONDS * 1000),
  disabled_after: () => span(DISABLE_AFTER_MS),
  most_listed: () => String(MOST_LISTED),
  usually_listed: () => String(USUALLY_LISTED),
  budget_near: () => `${NEAR * 100} %`,
  retention_days: () => String(DEFAULT_RETENTION_DAYS),
  records_kept: () => `${RECORDS_KEPT_DAYS} days`,
  answers_kept: () => span(ANSWERS_KEPT_MS),
  link_lasts: () => span(LINK_LASTS_MS),
  connect_lasts: () => span(CONNECT_LASTS_MS),
  session_idles: () => span(SESSION_IDLES_MS),
  session_lasts: () => span(SESSION_LASTS_MS),
  console_lasts: () => span(CONSOLE_LASTS_MS),
  confirmed_for: () => span(CONFIRMED_FOR_MS),
  overlap: () => span(DEFAULT_OVERLAP_SECONDS * 1000),
  longest_overlap: () => span(MAX_OVERLAP_SECONDS * 1000),
  link_lines: () => String(MOST.linkLines),
  most_amount_digits: () => String(String(MOST_AMOUNT_MINOR).length),
  reconcile_every: () => span(RECONCILED_EVERY_MS),
  stripe_lists_events: () => span(LISTED_MS),
  ...COST_VALUES,
  verify_snippets: () => VERIFY_SNIPPETS.map(snippet).join("\n\n"),
};

const DAY_MS = 86_400_000;
const UNITS = [
  ["day", DAY_MS],
  ["hour", 3_600_000],
  ["minute", 60_000],
  ["second", 1000],
] as const;

/** In the largest unit in which it is whole: `15 seconds`, `1 hour`, `30 days`; one day is `24 hours`. @param ms whole seconds */
export function span(ms: number): string {
  const [unit, size] = UNITS.find(([, each]) => ms % each === 0 && ms !== DAY_MS) ?? UNITS[1];
  const count = ms / size;
  return `${count} ${unit}${count === 1 ? "" : "s"}`;
}

const FENCES: Record<string, string> = { mjs: "js", py: "python", go: "go", rb: "ruby", php: "php" };

function snippet({ language, fileName, code }: (typeof VERIFY_SNIPPETS)[number]): string {
  const fence = FENCES[fileName.replace(/^.*\./, "")] ?? "";
  return `### ${language}\n\n\`\`\`${fence}\n${code.trimEnd()}\n\`\`\``;
}
