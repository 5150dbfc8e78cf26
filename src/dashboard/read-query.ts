// Reads a page's query by the API's own schema: the same filters, the same refusals.

import type * as z from "zod";
import { requireText } from "../http/body-guard.ts";
import { validationFailed } from "../http/router.ts";
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
  // `done` is the page's note on what was done before.
  const { done: _done, ...query } = c.req.query();
  requireText(query);
  return readFields(query, schema, defaults);
}

/**
 * The same for the fields of a form.
 * @throws AppError `validation_failed`
 */
export function readFields<S extends z.ZodType>(
  fields: Record<string, string | null>,
  schema: S,
  defaults: Record<string, string> = {},
): z.output<S> {
  // A form sends its unset fields as empty text.
  const given = Object.entries(fields).flatMap(([name, value]) =>
    value === null || value === "" ? [] : [[name, withZone(value)] as const],
  );
  const parsed = schema.safeParse({ ...defaults, ...Object.fromEntries(given) });
  if (!parsed.success) throw validationFailed(parsed.error.issues);
  return parsed.data;
}

/** Times are typed in UTC, and the browser's field for them knows no zone. */
function withZone(value: string): string {
  const match = /^\d{4}-\d\d-\d\dT\d\d:\d\d(:\d\d(?:\.\d+)?)?$/.exec(value);
  if (!match) return value;
  return `${value}${match[1] === undefined ? ":00" : ""}Z`;
}
