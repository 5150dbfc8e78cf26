// One page of a list, as the page's address asks for it: by the API's own query and paging.

import type * as z from "zod";
import { encodeCursor, type PageRequest, type pageQuery, readPage } from "../http/list.ts";
import type { Names } from "../ledger/read-many.ts";
import type { Input, Output, ReadName } from "../ledger/verbs.ts";
import type { Listed, Position } from "../platform/paging.ts";
import { cutPage } from "../platform/paging.ts";
import { askLedger, type PageAnswers, type Read, type Reads } from "./ask-ledger.ts";
import type { DashboardContext } from "./dashboard-env.ts";
import { asApiTakes, readQuery } from "./read-query.ts";

export type ReadList<Row, Query = unknown> = {
  query: Query;
  /** As they stand in the page's address, to be kept from page to page: the schema has read times into numbers. */
  filters: Record<string, string>;
  /** The same as the API takes them. */
  asked: Record<string, string>;
  rows: Row[];
  /** Of this page; undefined for the first. */
  cursor: string | undefined;
  /** Of the next page; null on the last. */
  nextCursor: string | null;
};

type RowOf<Name extends ReadName> = Output<Name> extends Listed<infer Row> ? Row : never;

/**
 * A page of a list of the ledger's, and what else its page shows, by one call.
 * @param read what reads a page in the list's order: `["listPayments", { filter, page }]`
 * @param positionOf where a row stands in that order
 * @param beside other reads of the page
 * @throws AppError `validation_failed` for an unknown filter or value
 */
export async function askList<
  Query extends z.ZodObject<(typeof pageQuery)["shape"]>,
  Name extends ReadName,
  const R extends Reads = Record<never, never>,
>(
  c: DashboardContext,
  schema: Query,
  read: (query: z.output<Query>, page: PageRequest) => readonly [Name, Input<Name>],
  positionOf: (row: RowOf<Name>) => Position,
  beside: (query: z.output<Query>) => R = () => ({}) as R,
): Promise<ReadList<RowOf<Name>, z.output<Query>> & { beside: PageAnswers<R>; names: Names }> {
  const query = readQuery(c, schema);
  const page = readPage(query);
  const answers = await askLedger(c, { ...beside(query), [LIST]: read(query, page) as unknown as Read });
  const listed = (answers as Record<string, unknown>)[LIST] as Listed<RowOf<Name>>;
  return {
    ...cut(c, query, listed, page, positionOf),
    beside: answers as PageAnswers<R>,
    names: answers.names,
  };
}

const LIST = "list of the page";

/**
 * The same for a list of which the ledger has not all.
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
  return cut(c, query, await list(query, page), page, positionOf);
}

function cut<Query extends { cursor?: string | undefined }, Row>(
  c: DashboardContext,
  query: Query,
  listed: Listed<Row>,
  page: PageRequest,
  positionOf: (row: Row) => Position,
): ReadList<Row, Query> {
  const { rows, next } = cutPage(listed, page.limit, positionOf);
  const filters = filtersOf(c);
  const asked = asApiTakes(c, filters);
  return { query, filters, asked, rows, cursor: query.cursor, nextCursor: next && encodeCursor(next) };
}

function filtersOf(c: DashboardContext): Record<string, string> {
  const { limit: _limit, cursor: _cursor, done: _done, test: _test, ...filters } = c.req.query();
  return Object.fromEntries(Object.entries(filters).filter(([, value]) => value !== ""));
}
