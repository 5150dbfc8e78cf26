// The webhook door under a flood: bad signatures are told to slow down and cost next to nothing, and no good
// one is refused because of them.

import { beforeAll, expect, test } from "vitest";
import type { Scope } from "../../src/platform/deps.ts";
import type { StripeEventMessage } from "../../src/platform/event-message.ts";
import { receiveEvent } from "../../src/webhooks/receive-event.ts";
import { call } from "../harness/api.ts";
import { callWith, fakeLimiter } from "../harness/call-with.ts";
import { sandbox } from "../harness/sandbox.ts";
import { signatureFor } from "../harness/stripe-delivery.ts";
import { createWorld, type TestWorld, testDeps } from "../harness/world.ts";

let world: TestWorld;
beforeAll(async () => {
  sandbox.world.deliveryPolicy.withhold = true;
  world = await createWorld();
});

const EVENT = JSON.stringify({
  id: "evt_1flood",
  object: "event",
  type: "charge.succeeded",
  created: Math.floor(Date.now() / 1000),
  livemode: false,
  data: { object: { id: "ch_1", object: "charge" } },
});

/** A door with its own limits, a counted database and a queue that only collects; `later` moves its clock. */
function openDoor(limits: { refused?: number; webhook?: number }) {
  const reads = { count: 0 };
  const taken: StripeEventMessage[] = [];
  const usual = testDeps();
  const directory = new Proxy(usual.directory, {
    get(target, name, receiver) {
      // The one statement of the door is D1's own.
      if (name === "$client") reads.count++;
      return Reflect.get(target, name, receiver);
    },
  });
  const fakes = { refused: fakeLimiter(limits.refused ?? 1e6), webhook: fakeLimiter(limits.webhook ?? 1e6) };
  const openedAtMs = Date.now();
  let laterMs = 0;
  const receive = (signature: string, ip: string, scope: Scope = world.scope) =>
    receiveEvent(
      {
        ...usual,
        directory,
        limits: fakes,
        actor: { kind: "stripe", id: null, ip },
        now: () => openedAtMs + laterMs,
        queues: { ...usual.queues, enqueueStripeEvent: async (message) => void taken.push(message) },
      },
      scope,
      EVENT,
      signature,
    ).then(
      () => 200,
      (error: { status: number }) => error.status,
    );
  return { receive, reads, taken, fakes, later: (ms: number) => (laterMs += ms) };
}

const good = () => signatureFor(EVENT, world.webhookSecret);
const bad = () => signatureFor(EVENT, "whsec_somebody_elses");

test("bad signatures of one address are 400 and then 429; other addresses are not counted with it", async () => {
  const door = openDoor({ refused: 3 });
  const flood: number[] = [];
  for (let sent = 0; sent < 6; sent++) flood.push(await door.receive(await bad(), "192.0.2.66"));
  expect(flood).toEqual([400, 400, 400, 429, 429, 429]);
  expect(await door.receive(await bad(), "192.0.2.67")).toBe(400);
  expect(door.taken).toEqual([]);
});

test("a good signature is taken in whatever bad ones came before, even from its own address", async () => {
  const door = openDoor({ refused: 0 });
  for (let sent = 0; sent < 5; sent++) expect(await door.receive(await bad(), "192.0.2.66")).toBe(429);
  expect(await door.receive(await good(), "192.0.2.66")).toBe(200);
  expect(await door.receive(await good(), "198.51.100.1")).toBe(200);
  expect(door.taken.map(({ body }) => JSON.parse(body ?? "").id)).toEqual(["evt_1flood", "evt_1flood"]);
});

test("bad signatures cost a query a second at most, and a good one none", async () => {
  const beyond = openDoor({ refused: 0 });
  beyond.reads.count = 0;
  for (let sent = 0; sent < 50; sent++) await beyond.receive(await bad(), "192.0.2.66");
  expect(beyond.reads.count).toBeLessThanOrEqual(1);
  beyond.later(1_001);
  beyond.reads.count = 0;
  for (let sent = 0; sent < 50; sent++) await beyond.receive(await bad(), "192.0.2.66");
  expect(beyond.reads.count).toBe(1);
});

test("good signatures are counted by environment, in fifties; beyond that they are 429 and not queued, for Stripe to send again", async () => {
  const door = openDoor({ webhook: 2 });
  const statuses: number[] = [];
  // The first fifty are let in unasked.
  for (let sent = 0; sent < 152; sent++)
    statuses.push(await door.receive(await good(), `198.51.100.${sent}`));
  expect(statuses).toEqual([...Array(150).fill(200), 429, 429]);
  expect(door.taken).toHaveLength(150);
  expect(new Set(door.fakes.webhook.keys)).toEqual(
    new Set([`${world.scope.tenantId}/${world.scope.environmentId}`]),
  );
});

test("bad signatures use nothing up of the limit of good ones", async () => {
  const door = openDoor({ webhook: 1 });
  for (let sent = 0; sent < 5; sent++) await door.receive(await bad(), "192.0.2.66");
  expect(door.fakes.webhook.keys).toEqual([]);
  expect(await door.receive(await good(), "198.51.100.1")).toBe(200);
});

test("over the real door a flood gets 429 with Retry-After and the words tell nothing", async () => {
  const path = new URL(world.webhookUrl).pathname;
  const limited = await callWith({ REFUSED_LIMIT: fakeLimiter(0) }, "POST", path, {
    body: {},
    ip: "192.0.2.66",
  });
  expect([limited.status, limited.body.code]).toEqual([429, "rate_limited"]);
  expect(limited.headers.get("retry-after")).toBe("60");
  expect((await call("POST", path, { body: {} })).status).toBe(400);
});

test("a header that nobody can have signed costs no query, whatever address it names", async () => {
  const door = openDoor({});
  const stamp = Math.floor(Date.now() / 1000);
  const signature = "0".repeat(64);
  for (const header of [
    "",
    "nonsense",
    `t=${stamp}`,
    `t=${stamp},v1=short`,
    `t=${stamp},v0=${signature}`,
    `t=${stamp - 301},v1=${signature}`,
    `t=${stamp + 302},v1=${signature}`,
  ])
    expect(await door.receive(header, "192.0.2.66")).toBe(400);
  expect(door.reads.count).toBe(0);
});

test("webhooks to addresses that are nobody's are soon refused unread, and crowd out no connection", async () => {
  const door = openDoor({ refused: 20 });
  const ip = "192.0.2.99";
  expect(await door.receive(await good(), ip)).toBe(200);
  door.reads.count = 0;
  const statuses: number[] = [];
  for (let sent = 0; sent < 200; sent++) {
    const nobody = { tenantId: `tenant_${sent}`, environmentId: "env_1" };
    statuses.push(await door.receive(await bad(), ip, nobody));
  }
  expect(statuses.slice(0, 20)).toEqual(Array(20).fill(400));
  expect(statuses.slice(20).every((status) => status === 429)).toBe(true);
  // Twenty, the one that was too many, and ten in each second that it took.
  expect(door.reads.count).toBeLessThan(100);
  // What is known here needs no look-up, from that address either.
  door.reads.count = 0;
  expect(await door.receive(await good(), ip)).toBe(200);
  expect(door.reads.count).toBe(0);
  expect(await door.receive(await good(), "198.51.100.7")).toBe(200);
});
