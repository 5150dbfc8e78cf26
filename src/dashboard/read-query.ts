// Reads a page's query by the API's own schema: the same filters, the same refusals.

import type { z } from "zod";
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
  // A form sends its unset fields as empty text.
  const given = Object.entries(c.req.query()).filter(([, value]) => value !== "");
  const parsed = schema.safeParse({ ...defaults, ...Object.fromEntries(given) });
  if (!parsed.success) throw validationFailed(parsed.error.issues);
  return parsed.data;
}
