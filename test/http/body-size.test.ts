// Whatever a caller sends, what it costs and what it is answered is bounded: too many values or levels are refused by
// counting them, before anything is made of them.

import { beforeAll, expect, test } from "vitest";
import { MOST_LEVELS, MOST_VALUES } from "../../src/platform/bounds.ts";
import { jsonSizeProblem } from "../../src/platform/json-size.ts";
import { call } from "../harness/api.ts";
import { createTenantWorld } from "../harness/world.ts";

let world: Awaited<ReturnType<typeof createTenantWorld>>;
beforeAll(async () => {
  world = await createTenantWorld();
});

const listOf = (item: string, count: number) => `[${Array(count).fill(item).join(",")}]`;
const numbered = (count: number) => Array.from({ length: count }, (_, index) => `"k${index}":1`).join(",");

/** An answer is at most so large, whatever was sent. */
const MOST_ANSWER = 64 * 1024;

test.each([
  ["340,000 empty lines", "/checkout_sessions", `{"mode":"payment","line_items":${listOf("{}", 340_000)}}`],
  ["130,000 numbers", "/checkout_sessions", `{"mode":"payment","line_items":${listOf("1", 130_000)}}`],
  ["60,000 unknown fields", "/customers", `{"name":"Ada",${numbered(60_000)}}`],
  ["lists within lists", "/customers", `{"name":"Ada","metadata":${"[".repeat(500_000)}`],
  ["objects within objects", "/customers", `{"name":"Ada","metadata":${'{"a":'.repeat(150_000)}`],
])("%s are refused for their number alone, in a short answer", async (_, path, raw) => {
  const answer = await call("POST", path, { key: world.keys.admin, raw });
  expect([answer.status, answer.body.code, answer.body.errors]).toEqual([
    422,
    "validation_failed",
    [{ path: "", message: expect.stringMatching(/holds more than|is nested more than/) }],
  ]);
});

test("of many faults a hundred are named, and how many there are is said", async () => {
  const raw = `{"name":"Ada",${numbered(1000)}}`;
  const { status, body } = await call("POST", "/customers", { key: world.keys.admin, raw });
  expect([status, body.errors.length]).toEqual([422, 100]);
  expect(body.detail).toMatch(/\(and 999 more, of which 99 are named\)$/);
});

test.each([
  ["a name as long as a body", `{"${"n".repeat(1_000_000)}":1}`],
  ["a text as long as a body", `{"name":"${"n".repeat(1_000_000)}","email":"${"x".repeat(40_000)}"}`],
  ["a hundred long names", `{${Array.from({ length: 100 }, (_, at) => `"${"n".repeat(9000)}${at}":1`)}}`],
  ["an address that is a domain without end", `{"name":"Ada","email":"a@${"x.".repeat(100)}"}`],
])("%s is not answered at such length", async (_, raw) => {
  const { status, body } = await call("POST", "/customers", { key: world.keys.admin, raw });
  expect(status).toBe(422);
  expect(JSON.stringify(body).length).toBeLessThan(MOST_ANSWER);
});

test("values are counted in lists and objects, and not in texts", () => {
  const problem = (text: string) => jsonSizeProblem(text, 4);
  expect(problem("[1,2,3]")).toBeNull();
  expect(problem('{"a":1,"b":2,"c":3}')).toBeNull();
  expect(problem('["a,b,c,d,e,[{\\",,,,\\\\",2]')).toBeNull();
  expect(problem("[1,2,3,4]")).toBe("It holds more than 4 values.");
  expect(problem("[[],[],[]]")).toBe("It holds more than 4 values.");
  expect(jsonSizeProblem("[".repeat(MOST_LEVELS) + "]".repeat(MOST_LEVELS), MOST_VALUES)).toBeNull();
  expect(jsonSizeProblem("[".repeat(MOST_LEVELS + 1), MOST_VALUES)).toMatch(/nested more than 64 levels/);
});
