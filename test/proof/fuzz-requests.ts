// Requests that nobody would write: to one route each, mostly what its place in the OpenAPI document asks for, and then
// wrong in path, query, header or body.

import fc from "fast-check";
import { type Ids, ROUTES, type RouteAccess } from "../access-table.ts";
import { anyBody, anyText, fitting, type Schema, whole } from "../harness/any-value.ts";
import { type Json, ORIGIN } from "../harness/api.ts";

export type FuzzRequest = {
  method: string;
  url: string;
  headers: Record<string, string>;
  body: string | Uint8Array<ArrayBuffer> | null;
};

export type Credentials = { admin: string; read: string; root: string; cookie: string };

type Operation = {
  parameters?: { name: string; in: string; schema: Schema }[];
  requestBody?: { content: Record<string, { schema: Schema }> };
};

/** What would end an object that the others need, or the session itself: done to nobody's alone. */
const ENDS =
  /^(DELETE |PATCH \/api\/v1\/connections|POST .*(void|uncollectible|rotate|sign-out|disconnect|delete|switch-off|erase|keys))/;

/** Requests to a route of {@link ROUTES}. @param document the OpenAPI document */
export function anyRequest(
  route: string,
  given: {
    ids: Ids;
    world: { tenantId: string; environmentId: string };
    credentials: Credentials;
    document: Json;
  },
): fc.Arbitrary<FuzzRequest> {
  const access = ROUTES[route];
  if (!access) throw new Error(`There is no route ${route}.`);
  const [method = "", path = ""] = route.split(" ");
  const operation: Operation =
    given.document.paths[path.replaceAll(/:(\w+)/g, "{$1}")]?.[method.toLowerCase()] ?? {};
  const rightIds = ENDS.test(route) ? {} : { ...given.world, id: access.of && given.ids[access.of] };
  return fc
    .record({
      path: anyPath(path, rightIds),
      query: anyQuery(operation),
      headers: anyHeaders(path, access, given.credentials),
      body:
        method === "GET" ? fc.constant({ type: null, body: null }) : bodyFor(operation, path, access, given),
    })
    .map(({ path: at, query, headers, body: { type, body } }) => ({
      method,
      url: `${ORIGIN}${at}${query}`,
      headers: { ...(type === null ? {} : { "content-type": type }), ...headers },
      body,
    }));
}

const NOBODYS = [
  "nobodys",
  "__proto__",
  "constructor",
  "%00",
  "%ff",
  "..%2f..",
  "%F0%9F%98%80",
  "a".repeat(700),
  "~",
  "-1",
  "1e9",
];

function anyPath(
  path: string,
  right: { tenantId?: string; environmentId?: string; id?: string | undefined },
): fc.Arbitrary<string> {
  const known: Record<string, string | undefined> = {
    tenant_id: right.tenantId,
    environment_id: right.environmentId,
    id: right.id,
  };
  const parts = path.split("/").map((part) => {
    if (!part.startsWith(":")) return fc.constant(part);
    const id = known[part.slice(1)];
    const nobodys = fc.constantFrom(...NOBODYS);
    return id === undefined
      ? nobodys
      : fc.oneof({ arbitrary: fc.constant(encodeURIComponent(id)), weight: 5 }, nobodys);
  });
  return fc.tuple(...parts).map((chosen) => chosen.join("/"));
}

/** Named parameters, some of them twice, some that nobody knows, and text that is no query. */
function anyQuery({ parameters = [] }: Operation): fc.Arbitrary<string> {
  const known = parameters.filter((one) => one.in === "query");
  const named = known.map(({ name, schema }) => fitting(schema).map((value) => pair(name, String(value))));
  const strange = fc.tuple(anyText, anyText).map(([name, value]) => pair(name, value));
  const raw = fc.constantFrom(
    "%",
    "%zz=%zz",
    "a[]=1&a[]=2",
    "__proto__[x]=1",
    "limit=1&limit=2",
    "cursor=W10",
    "cursor=WzAsMF0",
  );
  const one = fc.oneof(...named, ...named, strange, raw);
  return fc.oneof(
    { arbitrary: fc.constant(""), weight: 3 },
    {
      arbitrary: fc.array(one, { minLength: 1, maxLength: 4 }).map((pairs) => `?${pairs.join("&")}`),
      weight: known.length > 0 ? 4 : 1,
    },
  );
}

function pair(name: string, value: string): string {
  return `${encodeURIComponent(name.toWellFormed())}=${encodeURIComponent(value.toWellFormed())}`;
}

/** Headers carry ASCII that can be seen. */
const anyHeader = fc.string({ unit: "grapheme-ascii", maxLength: 300 }).map((text) => text.trim());

function anyHeaders(
  path: string,
  { access }: RouteAccess,
  credentials: Credentials,
): fc.Arbitrary<Record<string, string>> {
  const right: Record<string, string> = path.startsWith("/dashboard")
    ? { cookie: credentials.cookie, origin: ORIGIN }
    : { authorization: `Bearer ${access === "root" ? credentials.root : credentials.admin}` };
  const credential = fc.oneof(
    { arbitrary: fc.constant(right), weight: 12 },
    fc.constant({ authorization: `Bearer ${credentials.read}`, "x-api-key": credentials.admin }),
    anyHeader.map((text): Record<string, string> => ({ authorization: text })),
    anyHeader.map((text): Record<string, string> => ({ cookie: text, origin: ORIGIN })),
  );
  const more = fc.oneof(
    { arbitrary: fc.constant({}), weight: 12 },
    { arbitrary: fc.record({ "idempotency-key": anyHeader }), weight: 3 },
    fc.record({ "content-type": anyHeader, "accept-language": anyHeader }),
  );
  // Each from an address of its own, so that none is refused for another's calls.
  const address = fc.uuid().map((ip) => ({ "cf-connecting-ip": ip }));
  return fc.tuple(credential, more, address).map((parts) => Object.assign({}, ...parts));
}

type Body = { type: string | null; body: FuzzRequest["body"] };

const deep = (begin: string, end: string, levels: number) => begin.repeat(levels) + end.repeat(levels);
const RAW = [
  ...[
    "",
    " ",
    "null",
    "[]",
    "0",
    '"x"',
    "{",
    "\ufeff{}",
    "{}{}",
    '{"a":1,"a":2}',
    '{"__proto__":{"x":1}}',
    '{"constructor":{"prototype":1}}',
  ],
  ...[
    '{"name":"\\ud83d"}',
    '{"name":"a\\u0000b"}',
    '{"amount":1e400}',
    '{"amount":-0}',
    `{"amount":${"9".repeat(400)}}`,
  ],
  ...[
    deep("[", "]", 60),
    deep("[", "]", 5000),
    deep('{"a":', "}", 5000),
    `{"lines":[${Array(9000).fill("{}").join()}]}`,
  ],
  ...[
    `{"lines":[${Array(30_000).fill("1").join()}]}`,
    `{"${"n".repeat(60_000)}":1}`,
    `{"name":"${"é".repeat(60_000)}"}`,
  ],
  `{${Array.from({ length: 3000 }, (_, index) => `"k${index}":1`).join()}}`,
];

const anyRaw: fc.Arbitrary<Body> = fc.oneof(
  fc.constantFrom(...RAW).map((body): Body => ({ type: "application/json", body })),
  fc
    .uint8Array({ maxLength: 200 })
    .map((bytes): Body => ({ type: "application/json", body: new Uint8Array(bytes) })),
  fc.string({ unit: "binary" }).map((body): Body => ({ type: "text/plain", body: body.toWellFormed() })),
);

function bodyFor(
  { requestBody }: Operation,
  path: string,
  { body: rightBody }: RouteAccess,
  { ids, document }: { ids: Ids; document: Json },
): fc.Arbitrary<Body> {
  if (path.startsWith("/dashboard")) return fc.oneof({ arbitrary: anyForm, weight: 6 }, anyRaw);
  const schema = requestBody?.content["application/json"]?.schema;
  const right = Object(rightBody?.(ids) ?? {});
  const json = schema ? anyBody(whole(schema, document), right) : fc.constant(right);
  const written = json.map((body): Body => ({ type: "application/json", body: JSON.stringify(body) ?? "" }));
  return fc.oneof({ arbitrary: written, weight: 6 }, anyRaw);
}

// The fields of all forms.
const FIELDS = [
  ...[
    "token",
    "key",
    "amount",
    "reason",
    "method",
    "reference",
    "occurred_at",
    "since",
    "url",
    "event_types",
    "description",
  ],
  ...[
    "confirm",
    "force",
    "type",
    "received_before",
    "received_after",
    "status",
    "overlap_seconds",
    "invoice_id",
    "cursor",
  ],
];
const TYPED = [
  "12.50",
  "-1",
  "1e9",
  "9".repeat(30),
  "0,5",
  "2026-01-01T00:00",
  "9999-99-99T99:99",
  "on",
  "https://a.example/",
  "card",
  "yes",
];

const anyForm: fc.Arbitrary<Body> = fc
  .array(
    fc.tuple(
      fc.oneof({ arbitrary: fc.constantFrom(...FIELDS), weight: 9 }, anyText),
      fc.oneof(fc.constantFrom(...TYPED), anyText),
    ),
    { maxLength: 6 },
  )
  .map((pairs) => ({
    type: "application/x-www-form-urlencoded",
    body: new URLSearchParams(
      pairs.map(([name, value]) => [name.toWellFormed(), value.toWellFormed()]),
    ).toString(),
  }));
