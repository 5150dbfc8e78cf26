// A CSV file as an answer: a download with the day in its name, which no cache keeps.

import type { Deps, Scope } from "../platform/deps.ts";
import { type CsvSource, streamCsv } from "./stream-csv.ts";

/** @param name begins the file's name: `payments` is `payments-2026-11-21.csv` (UTC) */
export async function csvAnswer<Row>(
  deps: Deps,
  scope: Scope,
  name: string,
  source: CsvSource<Row>,
): Promise<Response> {
  const day = new Date(deps.now()).toISOString().slice(0, 10);
  return new Response(await streamCsv(deps, scope, source), {
    headers: {
      "content-type": "text/csv; charset=utf-8",
      "content-disposition": `attachment; filename="${name}-${day}.csv"`,
      "cache-control": "no-store",
      "x-content-type-options": "nosniff",
    },
  });
}
