// How what a page shows is had by API: commands to be pasted into a shell. The key comes from a variable, so that it
// is in no history, and what others wrote is quoted, so that a shell takes it for text.

import { useContext } from "hono/jsx";
import { docsHref } from "../hrefs.ts";
import { ApiOrigin } from "./api-origin.ts";
import { CopyBlock } from "./copy.tsx";

export type CurlCall = {
  /** What it gives or does: "This list". */
  words: string;
  method: "GET" | "POST" | "PATCH" | "PUT" | "DELETE";
  /** Below `/api/v1`, its ids encoded: `/invoices/inv_1`. */
  path: string;
  query?: Record<string, string | undefined>;
  body?: unknown;
  /** As the docs have its path: `/invoices/{id}`. Left out: as it is. */
  route?: string;
};

/** Folded at the end of a page. */
export function ByApi({ calls }: { calls: readonly CurlCall[] }) {
  const origin = useContext(ApiOrigin);
  return (
    <details class="panel by-api">
      <summary>By API</summary>
      <div class="pad">
        {calls.map((call) => (
          <div class="by-api-call">
            <p>
              {call.words}{" "}
              <a class="muted" href={docsHref(call.method, call.route ?? call.path)}>
                Docs
              </a>
            </p>
            <CopyBlock label={`the command: ${call.words}`} text={curlOf(call, origin)} />
          </div>
        ))}
      </div>
    </details>
  );
}

/** @param origin of the API, without a trailing slash */
export function curlOf({ method, path, query = {}, body }: CurlCall, origin: string): string {
  const given = Object.entries(query).filter((entry): entry is [string, string] => entry[1] !== undefined);
  const search = given.length === 0 ? "" : `?${new URLSearchParams(given).toString()}`;
  const url = quoted(`${origin}/api/v1${path}${search}`);
  const parts = [
    method === "GET" ? `curl ${url}` : `curl -X ${method} ${url}`,
    '-H "Authorization: Bearer $QUITTANCE_KEY"',
  ];
  if (body !== undefined) {
    parts.push('-H "Content-Type: application/json"', `-d ${quoted(JSON.stringify(body, null, 2))}`);
  }
  return parts.join(" \\\n  ");
}

/** As one word of a POSIX shell. */
function quoted(text: string): string {
  return `'${text.replaceAll("'", String.raw`'\''`)}'`;
}
