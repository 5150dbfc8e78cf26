// A CSV file as an answer: a download with the day in its name, which no cache keeps.

import { getSettings } from "../directory/environment-settings.ts";
import { noteSecurity } from "../directory/security-log.ts";
import type { KeyPrincipal } from "../http/app-env.ts";
import type { Deps } from "../platform/deps.ts";
import { zonedTime } from "../platform/time-zone.ts";
import type { Cell } from "./csv.ts";
import { type CsvSource, streamCsv } from "./stream-csv.ts";

/**
 * Times are written in the environment's time zone, with its offset.
 * Whoever takes data out is noted.
 * @param query what was asked for
 * @param name begins the file's name: `payments` is `payments-2026-11-21.csv`
 */
export async function csvAnswer<Row>(
  deps: Deps,
  { scope, keyId }: Pick<KeyPrincipal, "scope" | "keyId">,
  name: string,
  query: string,
  source: CsvSource<Row>,
): Promise<Response> {
  await noteSecurity(deps, {
    event: "export.made",
    outcome: "ok",
    scope,
    keyId,
    detail: { list: name, query },
  });
  const { time_zone: timeZone } = (await getSettings(deps, scope)).settings;
  const day = zonedTime(deps.now(), timeZone).slice(0, 10);
  return new Response(await streamCsv(deps, scope, inZone(source, timeZone)), {
    headers: {
      "content-type": "text/csv; charset=utf-8",
      "content-disposition": `attachment; filename="${name}-${day}.csv"`,
      "cache-control": "no-store",
      "x-content-type-options": "nosniff",
    },
  });
}

/** A column of times is one that ends so, as everywhere in the API. */
function inZone<Row>(source: CsvSource<Row>, timeZone: string): CsvSource<Row> {
  const isTime = source.columns.map((name) => name.endsWith("_at"));
  const toCell = (cell: Cell, index: number): Cell =>
    isTime[index] && typeof cell === "string" ? zonedTime(Date.parse(cell), timeZone) : cell;
  return { ...source, toCells: (row) => source.toCells(row).map(toCell) };
}
