// The master key is rotated over the Worker's own doors, while connections go on working.

import { createScheduledController } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { beforeAll, expect, test, vi } from "vitest";
import { openForCalls } from "../../src/connections/open-connection.ts";
import worker from "../../src/index.ts";
import { parseKeyring } from "../../src/platform/secret-box.ts";
import { callWith } from "../harness/call-with.ts";
import { sandbox } from "../harness/sandbox.ts";
import { signatureFor } from "../harness/stripe-delivery.ts";
import { createWorld, eventually, type TestWorld, testDeps } from "../harness/world.ts";

const OLD = env.ENCRYPTION_KEYS;
const FRESH = `t2:${btoa(String.fromCharCode(...crypto.getRandomValues(new Uint8Array(32))))}`;
const ROTATED = { ENCRYPTION_KEYS: `${FRESH},${OLD}` };
const FRESH_ALONE = { ENCRYPTION_KEYS: FRESH };

beforeAll(() => {
  sandbox.world.deliveryPolicy.withhold = true;
});

const asRoot = (settings: object, method: string, path: string) =>
  callWith(settings, method, `/api/v1${path}`, { key: env.ROOT_TOKEN });

async function keyringCheck(settings: object) {
  const { status, body } = await callWith(settings, "GET", "/readyz", { key: env.ROOT_TOKEN });
  return { status, ...body.checks.find(({ name }: { name: string }) => name === "keyring") };
}

/** Delivers a signed event to a Worker with these settings; a world of its own each time, for no cache to help. */
async function deliverTo(settings: object, world: TestWorld) {
  const body = JSON.stringify({
    id: `evt_${crypto.randomUUID()}`,
    object: "event",
    type: "charge.succeeded",
    created: Math.floor(Date.now() / 1000),
    livemode: false,
    data: { object: { id: "ch_1", object: "charge" } },
  });
  const headers = { "stripe-signature": await signatureFor(body, world.webhookSecret) };
  return callWith(settings, "POST", new URL(world.webhookUrl).pathname, { raw: body, headers });
}

test("after a rotation everything opens, root moves it to the new key, and the old one may go", async () => {
  const world = await createWorld();
  const other = await createWorld();
  expect((await deliverTo(ROTATED, world)).status).toBe(200);

  const before = (await asRoot(ROTATED, "GET", "/keyring")).body;
  expect(before.keys.map((key: { id: string; status: string }) => [key.id, key.status])).toEqual([
    ["t2", "seals"],
    ["t1", "opens"],
  ]);
  expect(before.keys[1]).toMatchObject({ secrets: 4, may_be_removed: false });
  expect((await keyringCheck(ROTATED)).detail).toContain("t2 (seals): 0; t1: 4");

  const moved = await asRoot(ROTATED, "POST", "/keyring/reseal");
  expect([moved.status, moved.body]).toEqual([
    200,
    { object: "keyring_reseal", resealed: 4, remaining: 0, unreadable: 0 },
  ]);
  const after = (await asRoot(ROTATED, "GET", "/keyring")).body;
  // Answers of the last day may still be under it.
  expect(after.keys[1]).toMatchObject({
    id: "t1",
    secrets: 0,
    may_be_removed: false,
  });
  const until = Date.parse(after.keys[1].idempotent_answers_until);
  vi.useFakeTimers({ toFake: ["Date"], now: until + 1 });
  const later = (await asRoot(ROTATED, "GET", "/keyring")).body;
  vi.useRealTimers();
  expect(later.keys[1]).toMatchObject({ id: "t1", idempotent_answers_until: null, may_be_removed: true });
  expect((await deliverTo(FRESH_ALONE, other)).status).toBe(200);
});

test("while secrets are moved signed events keep coming: none is refused, none is lost", async () => {
  const world = await createWorld();
  const deliveries = Array.from({ length: 25 }, () => deliverTo(ROTATED, world));
  const reseals = Array.from({ length: 3 }, () => asRoot(ROTATED, "POST", "/keyring/reseal"));
  const [answers] = await Promise.all([Promise.all(deliveries), Promise.all(reseals)]);
  answers.push(...(await Promise.all(Array.from({ length: 25 }, () => deliverTo(FRESH_ALONE, world)))));
  expect(answers.map(({ status }) => status)).toEqual(Array(50).fill(200));
  const stored = async () => (await world.api("GET", "/webhook_events?limit=100")).body.data.length;
  expect(await eventually(stored, (count) => count >= 50)).toBe(50);
});

test("cron moves them too", async () => {
  await createWorld();
  await worker.scheduled(createScheduledController(), { ...env, ...ROTATED });
  const { keys } = (await asRoot(ROTATED, "GET", "/keyring")).body;
  expect(keys.find((key: { id: string }) => key.id === "t1")).toMatchObject({ secrets: 0 });
});

test("a secret under a key that is gone is a 503 on that connection alone, and is told", async () => {
  const lost = await createWorld();
  const { keys } = (await asRoot(FRESH_ALONE, "GET", "/keyring")).body;
  expect(keys).toMatchObject([
    { id: "t2", status: "seals" },
    { id: "t1", status: "gone", secrets: 2, may_be_removed: false },
  ]);

  const refused = await deliverTo(FRESH_ALONE, lost);
  expect(refused.status).toBe(503);
  // The sender of a webhook is anybody: our keys' ids and objects are not for him.
  expect(JSON.stringify(refused.body)).not.toMatch(/t1|ENCRYPTION_KEYS|conn_/);

  const depsNow = testDeps({ keyring: parseKeyring(FRESH) });
  await expect(openForCalls(depsNow, lost.scope)).rejects.toMatchObject({
    code: "secret_unreadable",
    message: expect.stringMatching(/secret_key of conn_.* key 't1', which ENCRYPTION_KEYS no longer has/),
  });

  const fresh = await createWorld();
  await asRoot(ROTATED, "POST", "/keyring/reseal");
  await env.DB.prepare("UPDATE secrets SET key_id = 't1' WHERE environment_id = ?")
    .bind(lost.scope.environmentId)
    .run();
  expect((await deliverTo(FRESH_ALONE, lost)).status).toBe(503);
  expect((await deliverTo(FRESH_ALONE, fresh)).status).toBe(200);
  expect((await openForCalls(depsNow, fresh.scope)).connection.row.id).toBe(fresh.connectionId);

  const ready = await keyringCheck({ ENCRYPTION_KEYS: `${FRESH},${FRESH.replace("t2:", "t3:")}` });
  expect([ready.status, ready.ok]).toEqual([200, false]);
  expect(ready.detail).toContain("t1 is no longer in ENCRYPTION_KEYS, and 2 cannot be opened");
  expect((await asRoot(FRESH_ALONE, "POST", "/keyring/reseal")).body).toMatchObject({
    resealed: 0,
    unreadable: 2,
  });
});
