// Lists as every resource has them: newest first, by time and id, with an opaque cursor.

import * as z from "zod";
import { invalid } from "../platform/app-error.ts";

/** The query of a list; routes add their filters. Unknown parameters are refused (strict). */
export const listQuery = {
  limit: z.coerce
    .number()
    .int()
    .min(1, { error: "Give 1 to 100." })
    .max(100, { error: "Give 1 to 100." })
    .default(20)
    .meta({ description: "How many, 1 to 100.", type: "integer" }),
  cursor: z.string().optional().meta({ description: "`next_cursor` of the page before." }),
};

/** Where a page begins: after this row, in the order newest first. */
export type Position = { timeMs: number; id: string };

/** What a store is asked for: `limit` rows after `after`. It fetches one more to know whether there are more. */
export type PageRequest = { limit: number; after: Position | null };

export function readPage(query: { limit: number; cursor?: string | undefined }): PageRequest {
  return { limit: query.limit, after: query.cursor === undefined ? null : decodeCursor(query.cursor) };
}

export function listSchema<S extends z.ZodType>(item: S) {
  return z.object({
    object: z.literal("list"),
    data: z.array(item),
    has_more: z.boolean(),
    next_cursor: z.string().nullable(),
  });
}

/**
 * Shapes a page from the rows that a store returned (one more than the limit when there are more).
 * @param positionOf where a row stands in the list's order
 */
export function listOf<Row, Item>(
  rows: readonly Row[],
  limit: number,
  toItem: (row: Row) => Item,
  positionOf: (row: Row) => Position,
) {
  const page = rows.slice(0, limit);
  const last = page.at(-1);
  const hasMore = rows.length > limit;
  return {
    object: "list" as const,
    data: page.map(toItem),
    has_more: hasMore,
    next_cursor: hasMore && last !== undefined ? encodeCursor(positionOf(last)) : null,
  };
}

/** A position as `next_cursor` gives it. */
export function encodeCursor(position: Position): string {
  const bytes = new TextEncoder().encode(JSON.stringify([position.timeMs, position.id]));
  return btoa(Array.from(bytes, (byte) => String.fromCharCode(byte)).join(""))
    .replaceAll("+", "-")
    .replaceAll("/", "_")
    .replaceAll("=", "");
}

const cursorContent = z.tuple([z.number(), z.string()]);

function decodeCursor(cursor: string): Position {
  try {
    const bytes = Uint8Array.from(atob(cursor.replaceAll("-", "+").replaceAll("_", "/")), (c) =>
      c.charCodeAt(0),
    );
    const [timeMs, id] = cursorContent.parse(JSON.parse(new TextDecoder().decode(bytes)));
    return { timeMs, id };
  } catch {
    throw invalid(
      "cursor",
      "Not a cursor of this list. Pass `next_cursor` as it was given, or leave it out.",
    );
  }
}
