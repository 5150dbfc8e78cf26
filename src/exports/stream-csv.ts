// Streams a list as CSV, page by page: a page is read when the reader has taken what came before it. When a
// page cannot be read the stream breaks off with an error, so that a part is never taken for the whole.

import type { PageRequest } from "../http/list.ts";
import type { Deps, Scope } from "../platform/deps.ts";
import { causeText, errorText } from "../platform/logger.ts";
import type { Listed, Position } from "../platform/paging.ts";
import { cutPage } from "../platform/paging.ts";
import { type Cell, csvHead, csvLines } from "./csv.ts";

/**
 * How many rows are read at once: half a million rows are then 500 calls, of 10,000 that an invocation may make
 * (https://developers.cloudflare.com/workers/platform/limits/#subrequests).
 */
export const EXPORT_PAGE = 1_000;

export type CsvSource<Row> = {
  /** The names of the columns. They are a contract: never renamed, new ones come last. */
  columns: readonly string[];
  toCells: (row: Row) => Cell[];
  /** How many rows are read at once. */
  pageSize: number;
  /** A page, newest first, as the stores give it. */
  read: (page: PageRequest) => Promise<Listed<Row>>;
  positionOf: (row: Row) => Position;
};

/**
 * @returns the file's bytes; its first page has been read
 * @throws AppError when the first page cannot be read: then there is no file at all
 */
export async function streamCsv<Row>(
  deps: Deps,
  scope: Scope,
  source: CsvSource<Row>,
): Promise<ReadableStream<Uint8Array>> {
  const encoder = new TextEncoder();
  const chunks = csvChunks(source, await readPage(source, null));
  return new ReadableStream<Uint8Array>(
    {
      async pull(controller) {
        try {
          const { done, value } = await chunks.next();
          if (done) controller.close();
          else controller.enqueue(encoder.encode(value));
        } catch (error) {
          const fields = { tenant: scope.tenantId, environment: scope.environmentId };
          deps.log.error("export broke off", {
            ...fields,
            error: errorText(error),
            cause: causeText(error),
          });
          // The runtime then cuts the connection: no client takes the file for complete.
          throw error;
        }
      },
    },
    // Nothing is read ahead of the reader.
    { highWaterMark: 0 },
  );
}

type Page<Row> = { rows: Row[]; next: Position | null };

async function* csvChunks<Row>(source: CsvSource<Row>, first: Page<Row>): AsyncGenerator<string, void> {
  yield csvHead(source.columns) + csvLines(first.rows.map(source.toCells));
  for (let { next } = first; next !== null; ) {
    const page = await readPage(source, next);
    yield csvLines(page.rows.map(source.toCells));
    next = page.next;
  }
}

async function readPage<Row>(source: CsvSource<Row>, after: Position | null): Promise<Page<Row>> {
  const limit = source.pageSize;
  return cutPage(await source.read({ limit, after }), limit, source.positionOf);
}
