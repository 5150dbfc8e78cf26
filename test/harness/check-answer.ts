// Holds every answer of the API that a test gets against the OpenAPI document: the call, its status, its content
// type, and each field with its type, bounds and form.

import { env } from "cloudflare:workers";
import { dereference, type Schema, validate } from "@cfworker/json-schema";

/**
 * @param url absolute, of a call of the API
 * @throws Error that names each place of an answer which is not as the document has it
 */
export function checkAnswer(
  method: string,
  url: string,
  response: { status: number; headers: Headers },
  text: string,
): void {
  const { pathname } = new URL(url);
  const faults = faultsOf(method, pathname, response, text);
  if (faults.length === 0) return;
  const asked = `${method} ${pathname} answered ${response.status}, and not as openapi.json has it:`;
  throw new Error([asked, ...faults, text.slice(0, 2000)].join("\n"));
}

/** @throws Error that names each place of a message to an event destination which is not as the document has it */
export function checkMessage(body: string): void {
  const message = JSON.parse(body);
  const place = env.ANSWER_SCHEMAS.messages[message.type];
  const faults = place === undefined ? ["The document has no such type."] : faultsAgainst(place, message);
  if (faults.length === 0) return;
  throw new Error([`A message is not as openapi.json has it:`, ...faults, body.slice(0, 2000)].join("\n"));
}

/** Pages, the document itself and the checks of health are none. */
export function isCallOfApi(url: string): boolean {
  return new URL(url).pathname.startsWith("/api/v1/");
}

function faultsOf(
  method: string,
  path: string,
  { status, headers }: { status: number; headers: Headers },
  text: string,
): string[] {
  const call = documentedCall(method, path);
  if (call === undefined && status < 400) return ["The document has no such call."];
  // That there is no such call is said in the words in which every call says what is wrong.
  const answers = env.ANSWER_SCHEMAS.answers[call ?? ANY_CALL];
  const places = answers?.[status] ?? answers?.[`${Math.floor(status / 100)}XX`];
  if (places === undefined) return ["The document has no such status."];
  const type = headers.get("content-type")?.split(";")[0] ?? "";
  const place = places[type];
  if (place === undefined) return [`The document has no answer of the type ${type}.`];
  return faultsAgainst(place, type.endsWith("json") ? JSON.parse(text) : text);
}

function faultsAgainst(place: string, value: unknown): string[] {
  const schema = env.ANSWER_SCHEMAS.$defs[place] ?? false;
  return validate(value, schema, "2020-12", ready().lookup, false).errors.map(
    ({ instanceLocation, keyword, error }) => `${instanceLocation} ${keyword}: ${error}`,
  );
}

const ANY_CALL = "GET /api/v1/invoices";

/** The call with most of the path's own words: `/customers/import` comes before `/customers/{id}`. */
function documentedCall(method: string, path: string): string | undefined {
  const asked = `${method} ${path}`.split("/");
  const fitting = ready()
    .calls.filter(({ parts }) => parts.length === asked.length)
    .filter(({ parts }) => parts.every((part, at) => part.startsWith("{") || part === asked[at]));
  return fitting.sort((one, other) => other.words - one.words)[0]?.name;
}

type Ready = {
  calls: { name: string; parts: string[]; words: number }[];
  lookup: Record<string, Schema | boolean>;
};

// Test files share a worker and no module: what is made ready for one is kept for all that follow.
const READY = Symbol.for("quittance: the document's answers");
const kept = globalThis as { [READY]?: Ready };

function ready(): Ready {
  kept[READY] ??= {
    calls: Object.keys(env.ANSWER_SCHEMAS.answers).map((name) => {
      const parts = name.split("/");
      return { name, parts, words: parts.filter((part) => !part.startsWith("{")).length };
    }),
    lookup: dereference({ $defs: env.ANSWER_SCHEMAS.$defs }),
  };
  return kept[READY];
}
