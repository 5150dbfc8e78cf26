// What the API answers is what its document says: every object and list that can be read, with data in it, and every
// refusal, each with no field, status or type that openapi.json does not name.

import { env } from "cloudflare:workers";
import { beforeAll, expect, test } from "vitest";
import { ROUTES } from "../access-table.ts";
import { type AccessWorld, ask, createAccessWorld, missingIds } from "../access-world.ts";
import { ORIGIN } from "../harness/api.ts";
import { checkAnswer } from "../harness/check-answer.ts";

let world: AccessWorld;
beforeAll(async () => {
  world = await createAccessWorld();
});

const API = Object.entries(ROUTES).filter(([route]) => route.includes(" /api/v1/"));
const READ = API.filter(([route]) => route.startsWith("GET "));

function check(route: string, answer: Awaited<ReturnType<typeof ask>>): void {
  const [method = "", path = ""] = route.split(" ");
  checkAnswer(method, `${ORIGIN}${path}`, answer, answer.text);
}

test("every call that reads answers what the document says", async () => {
  for (const [route, entry] of READ) {
    const key = entry.access === "root" ? env.ROOT_TOKEN : world.ours.keys.admin;
    const answer = await ask(world, route, entry, { key });
    expect([route, answer.status]).toEqual([route, 200]);
    check(route, answer);
  }
  expect(READ.length).toBeGreaterThan(40);
});

test("every refusal is a problem as the document has it", async () => {
  for (const [route, entry] of API) {
    check(route, await ask(world, route, entry, {}));
    const key = entry.access === "root" ? env.ROOT_TOKEN : world.ours.keys.admin;
    const body = route.startsWith("GET ") ? undefined : { no_such_parameter: true };
    check(route, await ask(world, route, entry, { key, ids: missingIds(world), body }));
  }
});

test.each([
  ["a field that is not named", 200, '{"received":true,"more":1}', "POST", "more"],
  ["a status that is not named", 204, "", "POST", "no such status"],
  ["a call that is not named", 200, '{"received":true}', "PUT", "no such call"],
])("%s is found", (_, status, text, method, words) => {
  const headers = new Headers({ "content-type": "application/json" });
  const url = `${ORIGIN}/api/v1/webhooks/stripe/connect`;
  expect(() => checkAnswer(method, url, { status, headers }, text)).toThrow(words);
});
