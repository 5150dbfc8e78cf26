// The two doors that read, each in one shape: a list with its pages, and one object by its id.

import { createRoute, type RouteConfig } from "@hono/zod-openapi";
import * as z from "zod";
import { notFound } from "../platform/app-error.ts";
import type { Listed, Position } from "../platform/paging.ts";
import { cutPage } from "../platform/paging.ts";
import type { AppContext } from "./app-env.ts";
import { idParams } from "./fields.ts";
import { encodeCursor, type PageRequest, type pageQuery, readPage } from "./list.ts";
import { answers } from "./router.ts";

/** What a door says of itself beside its shapes. */
type Door = Pick<RouteConfig, "security" | "tags" | "middleware" | "path" | "summary" | "description"> & {
  /** What the document says of its answer. */
  answer: string;
};

/** For `router.openapi(...)`. */
type ReadRoute = [route: RouteConfig, handler: (c: AppContext) => Promise<Response>];

/**
 * `GET` of a list, in pages.
 * @param door.query {@link pageQuery}, extended with the list's filters
 * @param door.params of a list that lies under another object
 * @param door.list reads a page in the list's order
 * @param door.positionOf where a row stands in that order
 */
export function listRoute<
  Item extends z.ZodType,
  Row,
  Query extends z.ZodObject<(typeof pageQuery)["shape"]>,
  Params extends z.ZodObject = z.ZodObject,
>(
  door: Door & {
    query: Query;
    params?: Params;
    item: Item;
    list: (
      c: AppContext,
      asked: { page: PageRequest; query: z.output<Query>; params: z.output<Params> },
    ) => Promise<Listed<Row>>;
    toItem: (row: Row, c: AppContext) => z.output<Item>;
    positionOf: (row: Row) => Position;
  },
): ReadRoute {
  const { answer, query, params, item, list, toItem, positionOf, ...said } = door;
  const route = createRoute({
    ...said,
    method: "get",
    request: { query, ...(params && { params }) },
    responses: answers(200, listSchema(item), answer),
  });
  return [
    route,
    async (c) => {
      // The router has read both by the schemas above.
      const asked = c.req.valid("query" as never) as z.output<Query>;
      const page = readPage(asked);
      const within = c.req.valid("param" as never) as z.output<Params>;
      const read = await list(c, { page, query: asked, params: within });
      const { rows, next } = cutPage(read, page.limit, positionOf);
      return c.json({
        object: "list",
        data: rows.map((row) => toItem(row, c)),
        has_more: next !== null,
        next_cursor: next && encodeCursor(next),
      });
    },
  ];
}

/**
 * `GET` of one object by its `id`, which is 404 where there is none.
 * @param door.object what it is called then: `event destination`
 */
export function getRoute<Item extends z.ZodType, Row>(
  door: Door & {
    params?: typeof idParams;
    object: string;
    item: Item;
    find: (c: AppContext, id: string) => Promise<Row | null | undefined>;
    toItem: (row: Row, c: AppContext) => z.output<Item>;
  },
): ReadRoute {
  const { answer, params = idParams, object, item, find, toItem, ...said } = door;
  const responses = answers(200, item, answer);
  const route = createRoute({ ...said, method: "get", request: { params }, responses });
  return [
    route,
    async (c) => {
      const { id } = c.req.valid("param" as never) as z.output<typeof idParams>;
      const row = await find(c, id);
      if (!row) throw notFound(object, id);
      return c.json(toItem(row, c));
    },
  ];
}

function listSchema<S extends z.ZodType>(item: S) {
  return z.object({
    object: z.literal("list"),
    data: z.array(item).meta({ maxItems: 100 }),
    has_more: z
      .boolean()
      .meta({ description: "Go on with `next_cursor`, also after a page that is short or empty." }),
    next_cursor: z.string().nullable(),
  });
}
