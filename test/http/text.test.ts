// Text as it comes in: what no database, form or person can read is refused once, before any door.

import fc from "fast-check";
import { beforeAll, expect, test } from "vitest";
import { findTextIssues, parseJsonMended } from "../../src/platform/parse-json.ts";
import { countCharacters, cutText, textProblem } from "../../src/platform/text.ts";
import { call } from "../harness/api.ts";
import { createTenantWorld } from "../harness/world.ts";

let world: Awaited<ReturnType<typeof createTenantWorld>>;
beforeAll(async () => {
  world = await createTenantWorld();
});

const raw = (method: string, path: string, text: string) =>
  call(method, path, { key: world.keys.admin, raw: text });
const pathsOf = (answer: { body: { errors: { path: string }[] } }) =>
  answer.body.errors.map(({ path }) => path);

test.each([
  ["PATCH", "/settings", '{"success_message":"Danke \\ud83d"}', "success_message"],
  ["PATCH", "/settings", '{"email_from_name":"\\udc00 Acme"}', "email_from_name"],
  ["POST", "/customers", '{"name":"Ada\\u0000"}', "name"],
  ["POST", "/customers", '{"name":"Ada","metadata":{"plan":"\\ud83d"}}', "metadata.plan"],
  ["POST", "/customers", '{"name":"Ada","metadata":{"a\\u0007":"b"}}', "metadata.a\u0007"],
  ["POST", "/customers", '{"name":"Ada","metadata":{"__proto__":"b"}}', "metadata.__proto__"],
  ["POST", "/customers", '{"name":"Ada","address":{"city":"\\udfff"}}', "address.city"],
  ["POST", "/event_destinations", '{"url":"https://a.example/","description":"\\ud800"}', "description"],
  [
    "POST",
    "/invoices",
    '{"lines":[{"description":"Pro"},{"description":"\\ud83d"}]}',
    "lines[1].description",
  ],
  ["POST", "/checkout_sessions", '{"line_items":[{"price":"\\u009f"}]}', "line_items[0].price"],
  ["POST", "/invoices/inv_none/payments", '{"amount":1,"method":"cash","reference":"\\ud83d"}', "reference"],
  ["POST", "/webhook_events/replay", '{"status":"dead","type":"\\ud83d"}', "type"],
])("%s %s with %s is refused with the path", async (method, path, text, at) => {
  const answer = await raw(method, path, text);
  expect([answer.status, answer.body.code, pathsOf(answer)]).toEqual([422, "validation_failed", [at]]);
});

test("a query is held to the same", async () => {
  for (const [path, at] of [
    ["/customers?cursor=%00", "cursor"],
    ["/webhook_events?type=a%1bb", "type"],
    ["/payments?invoice_id=%C2%9F", "invoice_id"],
  ] as const) {
    const answer = await world.api("GET", path);
    expect([answer.status, pathsOf(answer)]).toEqual([422, [at]]);
  }
});

test("whole emoji, every script, tabs and line breaks are text", async () => {
  const name = "Ada 👩‍👩‍👧‍👦 \u{1f1e9}\u{1f1ea} αβγ 漢字 עברית";
  const made = await world.api("POST", "/customers", { name, metadata: { note: "a\tb\r\nc" } });
  expect([made.status, made.body.name, made.body.metadata]).toEqual([201, name, { note: "a\tb\r\nc" }]);
});

test("a body that is nested without end is refused, and breaks nothing", async () => {
  const deep = `${"[".repeat(200_000)}${"]".repeat(200_000)}`;
  const answer = await raw("POST", "/customers", `{"name":"Ada","metadata":${deep}}`);
  expect(answer.status).toBe(422);
});

test("of any JSON value exactly the strings and names that are no text are named", () => {
  const anyText = fc.string({ unit: "binary" });
  const anyHalf = fc.constantFrom("\ud83d", "a\udc00", "\0", "\u001b[1m", "x\u0085");
  fc.assert(
    fc.property(fc.array(fc.oneof(anyText, anyHalf), { maxLength: 20 }), (texts) => {
      const paths = findTextIssues({ in: texts }).map(({ path }) => path);
      const wrong = texts.flatMap((text, index) => (textProblem(text) === null ? [] : [["in", index]]));
      expect(paths.toSorted()).toEqual(wrong.toSorted());
    }),
  );
});

test("what Stripe signed is read all the same: half a character becomes the sign for one that is unknown", () => {
  const mended = parseJsonMended('{"a":"x\\ud83d","b":"\\u0000y","c":"\\ud83d\\ude00","d":[1]}');
  expect(mended).toEqual({ a: "x\ufffd", b: "\ufffdy", c: "😀", d: [1] });
});

test("a text is cut by characters, and never within one that is shown as a whole", () => {
  expect(cutText("abc😀def", 4)).toBe("abc😀");
  expect(cutText("abc😀", 3)).toBe("abc");
  expect(cutText("ab\u{1f1e9}\u{1f1ea}", 3)).toBe("ab");
  expect(cutText("a👩‍👩‍👧‍👦b", 5)).toBe("a");
  expect(cutText("a\u0301b", 1)).toBe("a");
  fc.assert(
    fc.property(fc.string({ unit: "grapheme", maxLength: 60 }), fc.nat(50), (text, most) => {
      const cut = cutText(text, most);
      expect(text.startsWith(cut)).toBe(true);
      expect(cut.isWellFormed()).toBe(true);
      expect(countCharacters(cut)).toBeLessThanOrEqual(most);
    }),
  );
});
