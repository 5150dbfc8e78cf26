import { expect, test } from "vitest";
import { curlExample } from "../../src/docs/curl-example.ts";
import type { ApiCall } from "../../src/docs/read-openapi.ts";

const get: ApiCall = {
  anchor: "get-invoices-id",
  method: "GET",
  path: "/api/v1/invoices/{id}/timeline",
  tag: "Invoices",
  summary: "",
  description: null,
  caller: "read",
  parameters: [],
  body: null,
  answers: [],
};

test("ids and credentials come from shell variables, and the origin is the one that is asked", () => {
  expect(curlExample(get, "https://pay.example.com", {})).toBe(
    'curl "https://pay.example.com/api/v1/invoices/$ID/timeline" \\\n  -H "Authorization: Bearer $QUITTANCE_KEY"',
  );
  expect(curlExample({ ...get, caller: "root" }, "https://pay.example.com", {})).toContain(
    "Bearer $ROOT_TOKEN",
  );
  expect(curlExample({ ...get, caller: "nobody" }, "https://pay.example.com", {})).toBeNull();
});

test("a quote in an example does not end the shell's text", () => {
  const schema = {
    type: "object" as const,
    required: ["a"],
    properties: { a: { type: "string" as const, example: "it's" } },
  };
  const text = curlExample(
    { ...get, method: "POST", body: { schema, required: true } },
    "https://x.example",
    {},
  );
  expect(text).toContain(`"a": "it'\\''s"`);
});
