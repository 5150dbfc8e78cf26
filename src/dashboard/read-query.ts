// Reads a page's query by the API's own schema: the same filters, the same refusals.

import type * as z from "zod";
import { requireText } from "../http/body-guard.ts";
import { validationFailed } from "../http/router.ts";
import { isoTime } from "../platform/iso-time.ts";
import { DEFAULT_TIME_ZONE, momentOfLocal } from "../platform/time-zone.ts";
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
    value === null || value === "" ? [] : [[name, withZone(value, timeZone)] as const],
  );
  const parsed = schema.safeParse({ ...defaults, ...Object.fromEntries(given) });
  if (!parsed.success) throw validationFailed(parsed.error.issues);
  return parsed.data;
}

/** Times are typed as pages show them, in the environment's time zone; the browser's field for them knows no zone. */
function withZone(value: string, timeZone: string): string {
  if (!/^\d{4}-\d\d-\d\dT\d\d:\d\d(:\d\d(\.\d+)?)?$/.test(value)) return value;
  const ms = momentOfLocal(value, timeZone);
  return Number.isNaN(ms) ? value : isoTime(ms);
}
