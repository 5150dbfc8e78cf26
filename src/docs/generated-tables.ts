// The tables of the guides that are made from the code, in Markdown: they cannot fall behind it.

import { STRIPE_EVENT_TYPES } from "../connections/stripe-event-types.ts";
import { duration } from "../dashboard/time-words.ts";
import { ERROR_STATUS, type ErrorCode } from "../platform/app-error.ts";
import { SCHEDULE_SECONDS } from "../platform/delivery-schedule.ts";
import { NOTIFICATION_TYPES, NOTIFICATIONS, objectKindOf } from "../platform/notification-types.ts";
import { EVENT_TABLE } from "../webhooks/event-table.ts";
import { ERROR_GUIDE } from "./error-guide.ts";

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
  "delivery-schedule": () =>
    table(
      ["Try", "About this long after the one before"],
      [0, ...SCHEDULE_SECONDS].map((seconds, index) => [
        String(index + 1),
        index === 0 ? "at once" : duration(seconds * 1000),
      ]),
    ),
};

function table(heads: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]) =>
    `| ${cells.map((cell) => cell.replaceAll("|", "\\|")).join(" | ")} |`;
  return [line(heads), line(heads.map(() => "---")), ...rows.map(line)].join("\n");
}
