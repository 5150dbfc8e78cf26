// Reads a page's query by the API's own schema: the same filters, the same refusals.

import type * as z from "zod";
import { requireText } from "../http/body-guard.ts";
import { validationFailed } from "../http/router.ts";
import { isoTime } from "../platform/iso-time.ts";
import { DEFAULT_TIME_ZONE, dayAfter, momentOfLocal, momentOn } from "../platform/time-zone.ts";
import type { DashboardContext } from "./dashboard-env.ts";

const ROWS_PER_PAGE = "50";

/** @throws AppError `validation_failed` for an unknown filter or value */
export function readQuery<S extends z.ZodType>(c: DashboardContext, schema: S): z.output<S> {
  return readFilters(c, schema, { limit: ROWS_PER_PAGE });
}

/**
 * The same for what is not a list.
 * @param defaults what holds where the query does not say
 */
export function readFilters<S extends z.ZodType>(
  c: DashboardContext,
  schema: S,
  defaults: Record<string, string> = {},
): z.output<S> {
  // `done` and `test` are the page's notes on what was done before.
  const { done: _done, test: _test, ...query } = c.req.query();
  requireText(query);
  return readFields(c, query, schema, defaults);
}

/**
 * The same for the fields of a form.
 * @throws AppError `validation_failed`
 */
export function readFields<S extends z.ZodType>(
  c: DashboardContext,
  fields: Record<string, string | null>,
  schema: S,
  defaults: Record<string, string> = {},
): z.output<S> {
  const timeZone = c.get("timeZone") ?? DEFAULT_TIME_ZONE;
  // A form sends its unset fields as empty text.
  const given = Object.entries(fields).flatMap(([name, value]) =>
    value === null || value === "" ? [] : [[name, withZone(name, value, timeZone)] as const],
  );
  const parsed = schema.safeParse({ ...defaults, ...Object.fromEntries(given) });
  if (!parsed.success) throw validationFailed(parsed.error.issues);
  return parsed.data;
}

/** A page's filters as the API takes them: times as moments, whatever the zone in which they were typed. */
export function asApiTakes(c: DashboardContext, filters: Record<string, string>): Record<string, string> {
  const timeZone = c.get("timeZone") ?? DEFAULT_TIME_ZONE;
  const entries = Object.entries(filters).map(([name, value]) => [name, withZone(name, value, timeZone)]);
  return Object.fromEntries(entries);
}

/** Times are typed as pages show them, in the environment's time zone; the browser's field for them knows no zone. */
function withZone(name: string, value: string, timeZone: string): string {
  if (/_(?:after|before)$/.test(name) && /^\d{4}-\d\d-\d\d$/.test(value))
    return boundOfDay(name, value, timeZone);
  if (!/^\d{4}-\d\d-\d\dT\d\d:\d\d(:\d\d(\.\d+)?)?$/.test(value)) return value;
  const ms = momentOfLocal(value, timeZone);
  return Number.isNaN(ms) ? value : isoTime(ms);
}

/** From the beginning of a day; before its end, since whoever names a last day means that one as well. */
function boundOfDay(name: string, day: string, timeZone: string): string {
  if (Number.isNaN(Date.parse(day))) return day;
  return isoTime(momentOn(name.endsWith("_before") ? dayAfter(day, 1) : day, 0, timeZone));
}
