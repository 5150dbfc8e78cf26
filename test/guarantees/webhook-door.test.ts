import { env } from "cloudflare:workers";
import { expect, test, vi } from "vitest";
import { receiveEvent } from "../../src/webhooks/receive-event.ts";
import { call, ORIGIN } from "../harness/api.ts";
import { guardedDatabase } from "../harness/guarded-database.ts";
import { guardedLedgers } from "../harness/guarded-ledgers.ts";
import { deliver, deliverEvent, signatureFor } from "../harness/stripe-delivery.ts";
import { createWorld, eventually, testDeps } from "../harness/world.ts";
import { countRows, paidWorld } from "./paid-world.ts";

test("a wrong, stale, future, missing, re-spaced or cross-tenant signature is refused with the same words and nothing stored", async () => {
  const { world, succeeded } = await paidWorld();
  const other = await createWorld();
  const body = JSON.stringify(succeeded, null, 2);
  const now = Math.floor(Date.now() / 1000);
  const right = await signatureFor(body, world.webhookSecret);
  const nowhere = { webhookUrl: `${ORIGIN}/api/v1/webhooks/stripe/${world.scope.tenantId}/env_none` };
  const refused = {
    "another secret": await deliver(world, body, await signatureFor(body, "whsec_wrongwrongwrong")),
    "a changed digit": await deliver(
      world,
      body,
      right.replace(/.$/, (last) => (last === "0" ? "1" : "0")),
    ),
    "301 s old": await deliver(world, body, await signatureFor(body, world.webhookSecret, now - 301)),
    "302 s ahead": await deliver(world, body, await signatureFor(body, world.webhookSecret, now + 302)),
    "a year ahead": await deliver(
      world,
      body,
      await signatureFor(body, world.webhookSecret, now + 31_536_000),
    ),
    "two timestamps": await deliver(world, body, `t=${now},${right}`),
    "no timestamp": await deliver(world, body, right.replace(/t=\d+,/, "")),
    "no header": await deliver(world, body, null),
    "an empty header": await deliver(world, body, ""),
    "a body with other spaces": await deliver(world, JSON.stringify(succeeded), right),
    "a body with one space more": await deliver(world, `${body} `, right),
    "another tenant's door": await deliver(other, body, right),
    "another tenant's secret": await deliver(world, body, await signatureFor(body, other.webhookSecret)),
    "an unknown environment": await deliver(nowhere, body, right),
  };
  for (const [how, answer] of Object.entries(refused)) {
    expect({ how, status: answer.status, detail: answer.body.detail, code: answer.body.code }).toEqual({
      how,
      status: 400,
      detail: "The webhook was refused: its signature could not be verified for this address.",
      code: "signature_refused",
    });
  }
  for (const one of [world, other]) {
    expect(await countRows("webhook_events", one)).toBe(0);
    expect(await countRows("large_payloads", one)).toBe(0);
    expect(await countRows("payments", one)).toBe(0);
  }
  expect((await deliver(world, body, right)).status).toBe(200);
});

test("a signature stamped up to 300 s away either way is taken", async () => {
  const { world, succeeded } = await paidWorld();
  const body = JSON.stringify(succeeded);
  const now = Math.floor(Date.now() / 1000);
  for (const stamp of [now - 295, now + 295]) {
    expect((await deliver(world, body, await signatureFor(body, world.webhookSecret, stamp))).status).toBe(
      200,
    );
  }
});

test("a connection without a signing secret, or with it blank, verifies nothing", async () => {
  const { world, succeeded } = await paidWorld();
  const body = JSON.stringify(succeeded);
  await env.DB.prepare("DELETE FROM secrets WHERE environment_id = ? AND field = 'webhook_secret'")
    .bind(world.scope.environmentId)
    .run();
  vi.useFakeTimers({ toFake: ["Date"], now: Date.now() + 6_000 });
  try {
    for (const secret of ["", " ", world.webhookSecret]) {
      const forged = await deliver(
        world,
        body,
        secret.trim() ? await signatureFor(body, secret) : "t=1,v1=00",
      );
      expect(forged.status).toBe(400);
    }
  } finally {
    vi.useRealTimers();
  }
});

test("an event that the queue does not take is answered 503, and taken when Stripe sends it again", async () => {
  const { world, succeeded, read } = await paidWorld();
  const body = JSON.stringify(succeeded, null, 2);
  const signature = await signatureFor(body, world.webhookSecret);
  const broken = vi.spyOn(env.STRIPE_EVENTS, "send").mockRejectedValue(new Error("queue down"));
  const refused = await deliver(world, body, signature);
  expect(broken).toHaveBeenCalled();
  broken.mockRestore();
  expect(refused.status).toBe(503);
  expect(refused.body.code).toBe("queue_unavailable");
  expect(refused.headers.get("retry-after")).not.toBeNull();
  expect(await countRows("webhook_events", world)).toBe(0);

  expect((await deliver(world, body, signature)).status).toBe(200);
  await eventually(read, (invoice) => invoice.status === "paid");
});

test("a body over 1 MiB is 413 before anything is verified", async () => {
  const { world } = await paidWorld();
  expect((await deliver(world, "x".repeat(1024 * 1024 + 1), "t=1,v1=00")).status).toBe(413);
});

test("an event too large for a queue message is kept in the ledger first and goes by its id", async () => {
  const { world, succeeded, read } = await paidWorld();
  const filler = Object.fromEntries(
    Array.from({ length: 400 }, (_, index) => [`padding_${index}`, "é".repeat(300)]),
  );
  const large = { ...succeeded, data: { object: { ...succeeded.data.object, filler } } };
  expect(new TextEncoder().encode(JSON.stringify(large)).byteLength).toBeGreaterThan(128_000);
  const send = vi.spyOn(env.STRIPE_EVENTS, "send");
  expect((await deliverEvent(world, large)).status).toBe(200);
  const [message] = send.mock.calls[0] ?? [];
  send.mockRestore();
  expect(String(message).length).toBeLessThan(1_000);
  await eventually(read, (invoice) => invoice.status === "paid");
  const [event] = (await world.api("GET", "/webhook_events")).body.data;
  const detail = (await world.api("GET", `/webhook_events/${event.id}`)).body;
  expect(Object.keys(detail.payload.data.object.filler)).toHaveLength(400);
});

test("with a warm cache the door asks neither the directory nor a ledger, and writes nothing", async () => {
  const { world, succeeded } = await paidWorld();
  const body = JSON.stringify(succeeded);
  const signature = await signatureFor(body, world.webhookSecret);
  const deps = testDeps();
  await receiveEvent(deps, world.scope, body, signature);
  const refusing = async () => {
    throw new Error("The hot path asked.");
  };
  const cold = { DB: guardedDatabase(refusing), LEDGER: guardedLedgers(refusing) };
  await receiveEvent(testDeps({}, cold), world.scope, body, signature);
});

test("while the directory is away, secrets read in the last ten minutes verify; nothing is refused then, only put off", async () => {
  const { world, succeeded } = await paidWorld();
  const body = JSON.stringify(succeeded);
  await receiveEvent(testDeps(), world.scope, body, await signatureFor(body, world.webhookSecret));
  const readAtMs = Date.now();
  const away = async () => {
    throw new Error("Network connection lost.");
  };
  const come = async (afterMs: number, secret: string) => {
    const now = readAtMs + afterMs;
    const deps = testDeps({ now: () => now }, { DB: guardedDatabase(away) });
    await receiveEvent(deps, world.scope, body, await signatureFor(body, secret, Math.floor(now / 1000)));
  };
  await come(9 * 60_000, world.webhookSecret);
  await expect(come(9 * 60_000, "whsec_another")).rejects.toMatchObject({ code: "database_unavailable" });
  await expect(come(11 * 60_000, world.webhookSecret)).rejects.toMatchObject({
    code: "database_unavailable",
  });
});

test("what is rightly signed and cannot be read is taken in and kept as ignored, never refused as a forgery", async () => {
  const { world } = await paidWorld();
  const bodies = [
    '{"object":"v2.core.event","id":"evt_1"}',
    '{"id":"evt_1"}',
    "[]",
    "null",
    "no json",
    '{"id":"evt_2","type":"charge.succeeded","created":1000000000000000,"livemode":false,"data":{"object":{}}}',
  ];
  for (const body of bodies)
    expect((await deliver(world, body, await signatureFor(body, world.webhookSecret))).status).toBe(200);
  const kept = await eventually(
    async () => (await world.api("GET", "/webhook_events?type=unreadable")).body.data,
    (data) => data.length === bodies.length,
  );
  for (const event of kept) {
    expect(event).toMatchObject({
      status: "ignored",
      reason: "unreadable",
      stripe_event_id: expect.any(String),
    });
    const one = await world.api("GET", `/webhook_events/${event.id}`);
    expect(one.status).toBe(200);
    const { payload } = one.body;
    expect(bodies).toContain(payload.text ?? JSON.stringify(payload));
  }
});

test("GET on the door is 404 with a request id", async () => {
  const { world } = await paidWorld();
  const answer = await call("GET", world.webhookUrl);
  expect(answer.status).toBe(404);
  expect(answer.headers.get("x-request-id")).toBe(answer.body.request_id);
});
