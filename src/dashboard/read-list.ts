// One page of a list, as the page's address asks for it: by the API's own query and paging.

import type * as z from "zod";
import { encodeCursor, type PageRequest, type pageQuery, readPage } from "../http/list.ts";
import type { Listed, Position } from "../platform/paging.ts";
import { cutPage } from "../platform/paging.ts";
import type { DashboardContext } from "./dashboard-env.ts";
import { readQuery } from "./read-query.ts";

export type ReadList<Row, Query = unknown> = {
  query: Query;
  /** As they stand in the page's address, to be kept from page to page: the schema has read times into numbers. */
  filters: Record<string, string>;
  rows: Row[];
  /** Of this page; undefined for the first. */
  cursor: string | undefined;
  /** Of the next page; null on the last. */
  nextCursor: string | null;
};

/**
 * @param list reads a page in the list's order
 * @param positionOf where a row stands in that order
 * @throws AppError `validation_failed` for an unknown filter or value
 */
export async function readList<Query extends z.ZodObject<(typeof pageQuery)["shape"]>, Row>(
  c: DashboardContext,
  schema: Query,
  list: (query: z.output<Query>, page: PageRequest) => Promise<Listed<Row>>,
  positionOf: (row: Row) => Position,
): Promise<ReadList<Row, z.output<Query>>> {
  const query = readQuery(c, schema);
  const page = readPage(query);
  const { rows, next } = cutPage(await list(query, page), page.limit, positionOf);
  return { query, filters: filtersOf(c), rows, cursor: query.cursor, nextCursor: next && encodeCursor(next) };
}

function filtersOf(c: DashboardContext): Record<string, string> {
  const { limit: _limit, cursor: _cursor, done: _done, ...filters } = c.req.query();
  return Object.fromEntries(Object.entries(filters).filter(([, value]) => value !== ""));
}
