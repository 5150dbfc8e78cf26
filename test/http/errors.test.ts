// What a client gets when a call is refused, before any verb runs.

import { beforeAll, expect, test } from "vitest";
import { call } from "../harness/api.ts";
import { createTenantWorld } from "../harness/world.ts";

let world: Awaited<ReturnType<typeof createTenantWorld>>;
beforeAll(async () => {
  world = await createTenantWorld();
});

const post = (raw: string, headers: Record<string, string> = {}) =>
  call("POST", "/customers", { key: world.keys.write, raw, headers });

test("every error is problem+json with a stable code and the request's id, in the body and as a header", async () => {
  const { headers, body } = await post("{}");
  expect(headers.get("content-type")).toBe("application/problem+json");
  expect(body).toMatchObject({
    type: "/docs/errors#error-validation_failed",
    title: "Validation failed",
    status: 422,
    code: "validation_failed",
    request_id: expect.stringMatching(/^req_[0-9a-f]{32}$/),
  });
  expect(headers.get("x-request-id")).toBe(body.request_id);
});

test("a field that is missing is said to be missing, and what it has to be", async () => {
  const { body } = await call("POST", "/invoices", { key: world.keys.write, body: { currency: "EUR" } });
  expect(body.errors).toEqual([
    { path: "customer_id", message: "It is missing. Give a string." },
    { path: "lines", message: "It is missing. Give a list." },
  ]);
});

test("a success has its request id as a header too, a new one each time", async () => {
  const [one, two] = [await world.api("GET", "/customers"), await world.api("GET", "/customers")];
  expect(one.headers.get("x-request-id")).toMatch(/^req_[0-9a-f]{32}$/);
  expect(one.headers.get("x-request-id")).not.toBe(two.headers.get("x-request-id"));
});

test.each(['{"name": ', "name=Ada", '{"name": "Ada"} {"name": "Bob"}'])(
  "%s is malformed JSON: 400",
  async (raw) => {
    const { status, body } = await post(raw);
    expect([status, body.code]).toEqual([400, "malformed_json"]);
  },
);

test("bytes that are not UTF-8 are malformed: 400, not a name with holes", async () => {
  const bytes = new Uint8Array([...new TextEncoder().encode('{"name":"'), 0xff, 0xfe, 0x22, 0x7d]);
  const raw = bytes as unknown as string;
  const { status, body } = await post(raw);
  expect([status, body.code]).toEqual([400, "malformed_json"]);
});

test("a body of another media type is 415; a charset does no harm", async () => {
  const asType = (type: string) => post('{"name":"Ada"}', { "content-type": type });
  for (const type of ["text/plain", "application/x-www-form-urlencoded", "application/jsonp"]) {
    const { status, body } = await asType(type);
    expect([type, status, body.code]).toEqual([type, 415, "unsupported_media_type"]);
  }
  expect((await asType("application/json; charset=utf-8")).status).toBe(201);
});

test("no body at all is 422 where one is needed, and fine where none is, with and without a media type", async () => {
  const withAndWithout: Record<string, string>[] = [{}, { "content-type": "application/json" }];
  for (const headers of withAndWithout) {
    const needed = await call("POST", "/customers", { key: world.keys.write, raw: "", headers });
    expect([needed.status, needed.body.code]).toEqual([422, "validation_failed"]);
    const optional = await call("POST", "/event_destinations/x/test", {
      key: world.keys.admin,
      raw: "",
      headers,
    });
    expect([optional.status, optional.body.code]).toEqual([404, "not_found"]);
    const none = await call("POST", "/invoices/x/finalize", { key: world.keys.write, raw: "", headers });
    expect([none.status, none.body.code]).toEqual([404, "not_found"]);
  }
});

test("a body over 1 MiB is 413, whatever Content-Length claims; one of exactly 1 MiB is read", async () => {
  const bodyOf = (bytes: number) => `{"name":"${"a".repeat(bytes - 11)}"}`;
  const over = await post(bodyOf(1024 * 1024 + 1));
  expect([over.status, over.body.code]).toEqual([413, "body_too_large"]);
  const exactly = await post(bodyOf(1024 * 1024));
  expect([exactly.status, exactly.body.errors[0].path]).toEqual([422, "name"]);
});

test("a 422 names every failing path, in lists and objects too, and unknown parameters by name", async () => {
  const body = {
    customer_id: 7,
    currency: "euro",
    lines: [
      { description: "ok", quantity: 1, unit_amount: 1 },
      { description: "", quantity: 0.5, unit_amount: "12", colour: "red" },
    ],
    metadata: { order: 12 },
    surprise: true,
  };
  const answer = await world.api("POST", "/invoices", body);
  expect(answer.status).toBe(422);
  const paths = answer.body.errors.map((error: { path: string }) => error.path);
  for (const path of [
    "customer_id",
    "lines[1].description",
    "lines[1].quantity",
    "lines[1].unit_amount",
    "lines[1].colour",
    "metadata.order",
    "surprise",
  ]) {
    expect(paths).toContain(path);
  }
  expect(paths.filter((path: string) => path.startsWith("lines[0]"))).toEqual([]);
});

test("unknown query parameters and limits out of range are refused by name", async () => {
  for (const [query, path] of [
    ["limt=5", "limt"],
    ["limit=0", "limit"],
    ["limit=101", "limit"],
    ["limit=many", "limit"],
  ]) {
    const { status, body } = await world.api("GET", `/customers?${query}`);
    expect([status, body.errors.map((error: { path: string }) => error.path)]).toEqual([422, [path]]);
  }
});

test("what is nowhere is a 404 problem, and another tenant's object has the same words as none", async () => {
  const nowhere = await world.api("GET", "/no_such_thing");
  expect([nowhere.status, nowhere.body.code]).toEqual([404, "not_found"]);

  const other = await createTenantWorld();
  const theirs = (await other.api("POST", "/customers", { name: "Ada" })).body.id;
  const [foreign, missing] = [
    await world.api("GET", `/customers/${theirs}`),
    await world.api("GET", "/customers/x"),
  ];
  expect([foreign.status, missing.status]).toEqual([404, 404]);
  expect(foreign.body.detail.replace(theirs, "x")).toBe(missing.body.detail);
});

test("an unexpected failure says nothing of itself: no stack, no SQL, a request id to quote", async () => {
  const { problemResponse } = await import("../../src/http/problem.ts");
  const said: unknown[] = [];
  const log = {
    info: () => {},
    warn: () => {},
    error: (...line: unknown[]) => said.push(line),
    with: () => log,
  };
  const failure = new Error("SELECT secret FROM api_keys: near sk_test_51Habcdef");
  const answer = problemResponse(failure, "req_1", log);
  const text = await answer.text();
  expect([answer.status, JSON.parse(text).code]).toEqual([500, "internal_error"]);
  expect(text).not.toMatch(/SELECT|sk_test|at .*\.ts/);
  expect(JSON.stringify(said)).toContain("SELECT secret");
  expect(JSON.stringify(said)).not.toContain("51Habcdef");
});
