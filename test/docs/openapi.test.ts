// The OpenAPI document is committed, so that a change of the API shows in a diff: `npm run openapi` writes it.

import { Validator } from "@cfworker/json-schema";
import { beforeAll, expect, test } from "vitest";
import { TAGS } from "../../src/docs/tags.ts";
import { call, type Json, ORIGIN } from "../harness/api.ts";

let document: Json;
beforeAll(async () => {
  document = (await call("GET", `${ORIGIN}/openapi.json`)).body;
});

function operations(): [name: string, operation: Json][] {
  return Object.entries(document.paths as Record<string, Record<string, Json>>).flatMap(([path, item]) =>
    Object.entries(item).map(([method, operation]): [string, Json] => [
      `${method.toUpperCase()} ${path}`,
      operation,
    ]),
  );
}

test("openapi.json in the repository is the document that is served", async () => {
  await expect(`${JSON.stringify(document, null, 2)}\n`).toMatchFileSnapshot("../../openapi.json");
});

test("every call has a name of its own, a group of the list, and an answer to what goes wrong", () => {
  const names = operations().map(([, { operationId }]) => operationId);
  expect(new Set(names).size).toBe(names.length);
  for (const [name, { operationId, tags, responses }] of operations()) {
    expect([name, operationId]).toEqual([name, expect.stringMatching(/^[a-z][A-Za-z]+$/)]);
    expect([name, tags.every((tag: string) => tag in TAGS)]).toEqual([name, true]);
    expect([name, Object.keys(responses).slice(1)]).toEqual([name, ["4XX", "5XX"]]);
  }
  expect(document.tags.map((tag: Json) => tag.name)).toEqual(Object.keys(TAGS));
});

test("every body and every answer has an example that fits its schema", () => {
  let examples = 0;
  for (const [name, { requestBody, responses }] of operations()) {
    for (const { content = {} } of [requestBody ?? {}, ...Object.values<Json>(responses)]) {
      for (const [type, { schema, example }] of Object.entries<Json>(content)) {
        const whole = { ...schema, components: document.components };
        const { valid, errors } = new Validator(whole, "2020-12", false).validate(example);
        expect([name, type, valid, errors]).toEqual([name, type, true, []]);
        examples++;
      }
    }
  }
  expect(examples).toBeGreaterThan(300);
});

test("an example shows every field of its answer", () => {
  const [, { responses }] = operations().find(([name]) => name === "GET /api/v1/invoices/{id}") ?? ["", {}];
  const { example } = responses["200"].content["application/json"];
  expect(Object.keys(example).sort()).toEqual(
    Object.keys(document.components.schemas.Invoice.properties).sort(),
  );
  expect(example).toMatchObject({
    object: "invoice",
    status: "paid",
    amount_due: 12900,
    amount_due_decimal: "129.00",
  });
});
