// The tables of the guides that are made from the code, in Markdown: they cannot fall behind it.

import { FEATURE_NAMES, FEATURES, rowsOf } from "../connections/features.ts";
import { PERMISSION_NAMES } from "../connections/permissions.ts";
import { STRIPE_EVENT_TYPES } from "../connections/stripe-event-types.ts";
import { duration } from "../dashboard/time-words.ts";
import { RIGHT_WORDS, RIGHTS, rightsOfRole } from "../directory/key-rights.ts";
import { ERROR_STATUS, type ErrorCode } from "../platform/app-error.ts";
import { MOST_BODY_BYTES, MOST_ERRORS, MOST_LEVELS } from "../platform/bounds.ts";
import { BUDGET_NAMES, budgetKind, budgetWords } from "../platform/budgets.ts";
import { SCHEDULE_SECONDS } from "../platform/delivery-schedule.ts";
import { askedCap, mailCaps } from "../platform/mail-caps.ts";
import { NOTIFICATION_TYPES, NOTIFICATIONS, objectKindOf } from "../platform/notification-types.ts";
import { EVENTS_A_COUNT, RATE_LIMITS, type RateLimitName } from "../platform/rate-limits.ts";
import { MOST, MOST_AMOUNT_MINOR, MOST_CHARACTERS, MOST_INVOICE_KEYS } from "../platform/stripe-limits.ts";
import { EVENT_TABLE } from "../webhooks/event-table.ts";
import { costTable } from "./cost-table.ts";
import { ERROR_GUIDE } from "./error-guide.ts";
import { span } from "./guide-values.ts";
import { table } from "./table.ts";

/** By the name that a guide gives: `{{table:errors}}`. */
export const generatedTables: Record<string, () => string> = {
  errors: () =>
    table(
      ["Code", "Status", "Meaning and remedy"],
      (Object.entries(ERROR_STATUS) as [ErrorCode, number][]).map(([code, status]) => [
        `\`error-${code}\``,
        String(status),
        ERROR_GUIDE[code],
      ]),
    ),
  notifications: () =>
    table(
      ["Type", "When", "Object"],
      NOTIFICATION_TYPES.map((type) => [`\`${type}\``, NOTIFICATIONS[type], `\`${objectKindOf(type)}\``]),
    ),
  "stripe-events": () =>
    table(
      ["Event", "What it is for", "What it never does"],
      (Object.keys(EVENT_TABLE) as (keyof typeof EVENT_TABLE)[]).map((type) => [
        `\`${type}\``,
        STRIPE_EVENT_TYPES[type],
        EVENT_TABLE[type].never,
      ]),
    ),
  "stripe-permissions": () => {
    const features = FEATURE_NAMES.map((name) => ({
      name,
      ...FEATURES[name],
      rows: rowsOf(FEATURES[name].needs),
    }));
    const rows = rowsOf(PERMISSION_NAMES).map((row) => {
      const [resource = "", access = ""] = row.split(": ");
      const needing = features.filter((one) => one.rows.some((each) => each.startsWith(`${resource}:`)));
      // Thin events need to read nearly all: that is said only where nothing else does.
      const usual = needing.filter(({ name }) => name !== "thin_events");
      const purposes = (usual.length > 0 ? usual : needing).map(({ purpose }) => purpose);
      return [
        resource,
        access,
        purposes.map((words, index) => (index === 0 ? words : lowerFirst(words))).join("; "),
      ];
    });
    const account = ["Accounts", "read", "Whose account the key is of: without it no key is taken"];
    return table(["Resource at Stripe", "Permission", "For"], [account, ...rows]);
  },
  rights: () =>
    table(
      ["Right", "Goes with", "Without it one may not"],
      RIGHTS.map((right) => {
        const least = ROLES.find((role) => rightsOfRole(role).includes(right)) ?? "admin";
        return [`\`${right}\``, `\`${least}\``, RIGHT_WORDS[right]];
      }),
    ),
  budgets: () =>
    table(
      ["Budget", "Live", "Test", "At most"],
      BUDGET_NAMES.map((name) => {
        const { live, test, most } = budgetKind(name);
        return [`\`${name}\``, ...[live, test, most].map((size) => budgetWords(name, size))];
      }),
    ),
  "mail-caps": () =>
    table(
      ["Mails", "At most"],
      [
        askedCap(""),
        ...mailCaps({ invoiceId: "", to: "", mailsPerDay: budgetKind("mails_per_day").live }),
      ].map(({ about, most, withinMs }) => [
        about,
        `${most.toLocaleString("en")} within ${duration(withinMs)}`,
      ]),
    ),
  "request-limits": () =>
    table(
      ["What", "At most"],
      [
        ["a body", `${MOST_BODY_BYTES / 1024 / 1024} MiB, ${MOST_LEVELS} levels deep`],
        ["errors named in one answer", String(MOST_ERRORS)],
        ["an amount", `${MOST_AMOUNT_MINOR.toLocaleString("en")} minor units`],
        ["a quantity", MOST.quantity.toLocaleString("en")],
        [
          "an invoice's metadata",
          `${MOST_INVOICE_KEYS} keys of ${MOST_CHARACTERS.metadataKey} characters, values of ${MOST_CHARACTERS.metadataValue}`,
        ],
        ["an Idempotency-Key", `${MOST_CHARACTERS.idempotencyKey} characters`],
        ["lines on Stripe's page of a payment link", String(MOST.linkLines)],
        ["lines of a checkout session", String(MOST.sessionLines)],
      ],
    ),
  cost: costTable,
  "rate-limits": () =>
    table(
      ["What", "Counted by", "At most"],
      (Object.keys(RATE_LIMITS) as RateLimitName[]).map((name) => {
        const { limit, period } = RATE_LIMITS[name];
        const most = name === "webhook" ? limit * EVENTS_A_COUNT : limit;
        return [...LIMITED[name], `${most.toLocaleString("en")} within ${span(period * 1000)}`];
      }),
    ),
  "delivery-schedule": () =>
    table(
      ["Try", "About this long after the one before"],
      [0, ...SCHEDULE_SECONDS].map((seconds, index) => [
        String(index + 1),
        index === 0 ? "at once" : duration(seconds * 1000),
      ]),
    ),
};

const LIMITED: Record<RateLimitName, [what: string, by: string]> = {
  webhook: ["Stripe's events with a good signature", "environment"],
  refused: ["webhooks with a bad one, and unknown API keys and payment URLs", "address"],
  api: ["calls of the API", "API key"],
  signIn: ["tries to sign in to the dashboard", "address"],
  pay: ["payment URLs that are opened", "address"],
};

const ROLES = ["read", "write", "admin"] as const;

function lowerFirst(words: string): string {
  return words.slice(0, 1).toLowerCase() + words.slice(1);
}
