// What comes of a due date, and when: reminders in the morning of the environment's own days, and that it is overdue
// once the day is over that the payer was told. Pure.

import type { EnvironmentSettings } from "../../platform/environment-settings.ts";
import { dayAfter, dayOf, momentOn } from "../../platform/time-zone.ts";

export type DueStep =
  /** `days` after the day on which it is due; negative: before. */
  { kind: "reminder"; days: number; atMs: number } | { kind: "overdue"; atMs: number };

/** By the clock of the environment's time zone: when offices begin to read. */
export const REMINDER_HOUR = 9;

/** In the order of their time. */
export function dueSteps(
  dueAtMs: number,
  { reminders, time_zone: zone }: Pick<EnvironmentSettings, "reminders" | "time_zone">,
): DueStep[] {
  const dueDay = dayOf(dueAtMs, zone);
  const days = [...reminders.before_days.map((before) => -before), ...reminders.after_days];
  const steps: DueStep[] = days.map((after) => ({
    kind: "reminder",
    days: after,
    atMs: momentOn(dayAfter(dueDay, after), REMINDER_HOUR, zone),
  }));
  const overdue: DueStep = { kind: "overdue", atMs: momentOn(dayAfter(dueDay, 1), 0, zone) };
  return [...steps, overdue].sort((one, other) => one.atMs - other.atMs);
}
