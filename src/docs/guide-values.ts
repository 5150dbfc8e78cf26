// What guides say of the code by name, `{{name}}`: numbers and names that are typed here by nobody. Pure.

import { STRIPE_EVENT_TYPE_NAMES } from "../connections/stripe-event-types.ts";
import { duration } from "../dashboard/time-words.ts";
import { LINK_LASTS_MS } from "../directory/open-session.ts";
import { SESSION_IDLES_MS, SESSION_LASTS_MS } from "../directory/session-owner.ts";
import { TIME_OUT_MS } from "../notifications/send-message.ts";
import { VERIFY_SNIPPETS } from "../notifications/verify-snippets.ts";
import { ANSWERS_KEPT_MS } from "../platform/call-id.ts";
import { SCHEDULE_SECONDS } from "../platform/delivery-schedule.ts";
import { LISTED_MS, RECONCILED_EVERY_MS, RECORDS_KEPT_DAYS } from "../platform/kept-times.ts";
import { DEFAULT_OVERLAP_SECONDS, MAX_OVERLAP_SECONDS } from "../platform/secret-overlap.ts";
import { STRIPE_API_VERSION } from "../platform/stripe.ts";
import { MOST, MOST_AMOUNT_MINOR } from "../platform/stripe-limits.ts";

export const GUIDE_VALUES: Record<string, () => string> = {
  stripe_api_version: () => STRIPE_API_VERSION,
  stripe_event_count: () => String(STRIPE_EVENT_TYPE_NAMES.length),
  time_out: () => duration(TIME_OUT_MS),
  delivery_time: () => duration(SCHEDULE_SECONDS.reduce((sum, seconds) => sum + seconds, 0) * 1000),
  delivery_tries: () => String(SCHEDULE_SECONDS.length + 1),
  records_kept: () => `${RECORDS_KEPT_DAYS} days`,
  answers_kept: () => hours(ANSWERS_KEPT_MS),
  link_lasts: () => duration(LINK_LASTS_MS),
  session_idles: () => duration(SESSION_IDLES_MS),
  session_lasts: () => duration(SESSION_LASTS_MS),
  overlap: () => hours(DEFAULT_OVERLAP_SECONDS * 1000),
  longest_overlap: () => inDays(MAX_OVERLAP_SECONDS * 1000),
  link_lines: () => String(MOST.linkLines),
  most_amount_digits: () => String(String(MOST_AMOUNT_MINOR).length),
  reconcile_every: () => duration(RECONCILED_EVERY_MS),
  stripe_lists_events: () => inDays(LISTED_MS),
  verify_snippets: () => VERIFY_SNIPPETS.map(snippet).join("\n\n"),
};

/** `24 hours`. */
function hours(ms: number): string {
  return `${ms / 3_600_000} hours`;
}

/** `30 days`. */
function inDays(ms: number): string {
  return `${ms / 86_400_000} days`;
}

const FENCES: Record<string, string> = { mjs: "js", py: "python", go: "go", rb: "ruby", php: "php" };

function snippet({ language, fileName, code }: (typeof VERIFY_SNIPPETS)[number]): string {
  const fence = FENCES[fileName.replace(/^.*\./, "")] ?? "";
  return `### ${language}\n\n\`\`\`${fence}\n${code.trimEnd()}\n\`\`\``;
}
