// Lists as every resource has them: newest first, by time and id, with an opaque cursor.

import * as z from "zod";
import { invalid } from "../platform/app-error.ts";
import { MOST_CURSOR_CHARACTERS } from "../platform/bounds.ts";
import { type Position, ROWS_LOOKED_AT } from "../platform/paging.ts";

/** `next_cursor` of a page or a call before. */
export const cursorField = z
  .string()
  .max(MOST_CURSOR_CHARACTERS, { error: "Not a cursor of this list. Pass `next_cursor` as it was given." });

/** Of a list's page: the most, and what it has where nobody says how many. */
export const MOST_LISTED = 100;
export const USUALLY_LISTED = 20;

/** The query of a list; routes extend it with their filters. Unknown parameters are refused (strict). */
export const pageQuery = z.strictObject({
  limit: z.coerce
    .number()
    .int()
    .min(1, { error: `Give 1 to ${MOST_LISTED}.` })
    .max(MOST_LISTED, { error: `Give 1 to ${MOST_LISTED}.` })
    .default(USUALLY_LISTED)
    .meta({
      description: `How many, 1 to ${MOST_LISTED}.`,
      type: "integer",
      minimum: 1,
      maximum: MOST_LISTED,
    }),
  cursor: cursorField.optional().meta({ description: "`next_cursor` of the page before." }),
});

/** What a list's query filters by, without its page. */
export type FiltersOf<Query extends z.ZodType> = Omit<z.output<Query>, keyof z.output<typeof pageQuery>>;

/** What a store is asked for: `limit` rows after `after`. It fetches one more to know whether there are more. */
export type PageRequest = { limit: number; after: Position | null };

export function readPage(query: { limit: number; cursor?: string | undefined }): PageRequest {
  return { limit: query.limit, after: query.cursor === undefined ? null : decodeCursor(query.cursor) };
}

/** Where a row stands that is listed by when it was made. */
export function byCreation(row: { createdAtMs: number; id: string }): Position {
  return { timeMs: row.createdAtMs, id: row.id };
}

/** For the document of a list that has filters without an index. */
export const SEARCHED_LIST = `A call looks at ${ROWS_LOOKED_AT.toLocaleString("en")} objects at most. \
With a filter that few of them meet, a page may have fewer than \`limit\`, or none, while \`has_more\` is true: \
go on with \`next_cursor\` until it is false.`;

/** For a filter that finds rows by what somebody typed. */
export const SOUGHT_AT_MOST = "Of each kind, a thousand are found.";

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
