// What the API answers is what its document says: every object and list that can be read, with data in it, and every
// refusal, each with no field, status or type that openapi.json does not name.

import { env } from "cloudflare:workers";
import { beforeAll, expect, test } from "vitest";
import { ROUTES } from "../access-table.ts";
import { type AccessWorld, ask, createAccessWorld, missingIds } from "../access-world.ts";
import { ORIGIN, toWorker } from "../harness/api.ts";
import { checkAnswer } from "../harness/check-answer.ts";

let world: AccessWorld;
beforeAll(async () => {
  world = await createAccessWorld();
});

const API = Object.entries(ROUTES).filter(([route]) => route.includes(" /api/v1/"));
const READ = API.filter(([route]) => route.startsWith("GET "));

test("every call that reads answers what the document says", async () => {
  for (const [route, entry] of READ) {
    const key = entry.access === "root" ? env.ROOT_TOKEN : world.ours.keys.admin;
    const answer = await ask(world, route, entry, { key });
    expect([route, answer.status]).toEqual([route, 200]);
  }
  expect(READ.length).toBeGreaterThan(40);
});

test("every refusal is a problem as the document has it", async () => {
  for (const [route, entry] of API) {
    const stranger = await ask(world, route, entry, {});
    expect([route, stranger.status >= 400]).toEqual([route, true]);
    const key = entry.access === "root" ? env.ROOT_TOKEN : world.ours.keys.admin;
    const body = route.startsWith("GET ") ? undefined : { no_such_parameter: true };
    await ask(world, route, entry, { key, ids: missingIds(world), body });
  }
});

test("an answer that the document does not have fails the test that asked for it", async () => {
  const headers = { authorization: `Bearer ${world.ours.keys.read}` };
  const asked = toWorker(new Request(`${ORIGIN}/api/v1/customers`, { method: "HEAD", headers }));
  await expect(asked).rejects.toThrow("The document has no such call.");
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
