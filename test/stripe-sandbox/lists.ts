// Pages through a list as Stripe does: newest first, by the id of an object on the page before.
// https://docs.stripe.com/api/pagination

import type Stripe from "stripe";
import { noSuchParam } from "./errors.ts";
import { hash, integer, type Parameter, string, timestamp } from "./parameters.ts";

/** The parameters of every list. */
export const listParameters = {
  limit: integer({ min: 1, max: 100 }),
  starting_after: string(),
  ending_before: string(),
};

export type Page = { limit?: number; starting_after?: string; ending_before?: string };
export type Range = number | { gt?: number; gte?: number; lt?: number; lte?: number };

/** A filter on a time: seconds, or a hash of bounds. */
export function rangeParameter(): Parameter<Range> {
  const bounds = hash({ gt: timestamp(), gte: timestamp(), lt: timestamp(), lte: timestamp() });
  const exact = timestamp();
  return {
    parse: (node, name) => (node instanceof Map ? bounds.parse(node, name) : exact.parse(node, name)),
  };
}

/** Whether `value` (seconds) is within the bounds; without bounds it is. */
export function inRange(value: number, range: Range | undefined): boolean {
  if (range === undefined) return true;
  if (typeof range === "number") return value === range;
  const { gt = -Infinity, gte = -Infinity, lt = Infinity, lte = Infinity } = range;
  return value > gt && value >= gte && value < lt && value <= lte;
}

/** The objects of a collection, newest first. */
export function newestFirst<T>(collection: Record<string, T>): T[] {
  return Object.values(collection).reverse();
}

/** One page of `items`, which are newest first. `kind` names the objects when a cursor is unknown. */
export function paginate<T extends { id: string }>(
  items: readonly T[],
  page: Page,
  where: { url: string; kind: string },
): Stripe.ApiList<T> {
  const limit = page.limit ?? 10;
  const list = (data: T[], hasMore: boolean): Stripe.ApiList<T> => {
    return { object: "list", data, has_more: hasMore, url: where.url };
  };
  if (page.ending_before !== undefined) {
    const end = indexOf(items, page.ending_before, "ending_before", where.kind);
    const start = Math.max(0, end - limit);
    return list(items.slice(start, end), start > 0);
  }
  const after = page.starting_after;
  const start = after === undefined ? 0 : indexOf(items, after, "starting_after", where.kind) + 1;
  return list(items.slice(start, start + limit), items.length > start + limit);
}

/** A whole list as it stands inside another object. */
export function wholeList<T>(data: T[], url: string): Stripe.ApiList<T> {
  return { object: "list", data, has_more: false, url };
}

function indexOf(items: readonly { id: string }[], id: string, param: string, kind: string): number {
  const index = items.findIndex((item) => item.id === id);
  if (index < 0) throw noSuchParam(kind, id, param);
  return index;
}
