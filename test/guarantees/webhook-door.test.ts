import { createExecutionContext, createMessageBatch, getQueueResult } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { beforeAll, expect, test, vi } from "vitest";
import worker from "../../src/index.ts";
import { receiveEvent } from "../../src/webhooks/receive-event.ts";
import { call, ORIGIN } from "../harness/api.ts";
import { sandbox } from "../harness/sandbox.ts";
import { deliver, deliverEvent, eventsOf, messageFor, signatureFor } from "../harness/stripe-delivery.ts";
import { createOpenInvoice, createWorld, eventually, type TestWorld, testDeps } from "../harness/world.ts";

// The sandbox keeps its deliveries back: these tests deliver by hand.
beforeAll(() => {
  sandbox.world.deliveryPolicy.withhold = true;
});

async function paidWorld() {
  const world = await createWorld();
  const invoice = await createOpenInvoice(world);
  const read = async () => (await world.api("GET", `/invoices/${invoice.id}`)).body;
  const linked = await eventually(read, (seen) => seen.payment_link.status === "active");
  await sandbox.pay(world.accountId, { paymentLinkId: linked.payment_link.id }, { card: "4242424242424242" });
  const events = eventsOf(world);
  const succeeded = events.find((event) => event.type === "payment_intent.succeeded");
  if (!succeeded) throw new Error("The sandbox made no payment.");
  return { world, invoiceId: invoice.id as string, events, succeeded, read };
}

async function countRows(table: string, world: TestWorld): Promise<number> {
  const row = await env.DB.prepare(`SELECT COUNT(*) AS n FROM ${table} WHERE environment_id = ?`)
    .bind(world.scope.environmentId)
    .first<{ n: number }>();
  return row?.n ?? -1;
}

test("the same event delivered 50 times at once makes one payment, and each delivery is counted", async () => {
  const { world, succeeded, invoiceId, read } = await paidWorld();
  const answers = await Promise.all(Array.from({ length: 50 }, () => deliverEvent(world, succeeded)));
  expect(answers.map((answer) => answer.status)).toEqual(Array(50).fill(200));

  const seen = await eventually(
    async () => (await world.api("GET", "/webhook_events")).body.data,
    (events) => events[0]?.deliveries === 50,
  );
  expect(seen).toHaveLength(1);
  expect(seen[0]).toMatchObject({ stripe_event_id: succeeded.id, status: "processed", deliveries: 50 });
  expect(await countRows("payments", world)).toBe(1);
  expect(await read()).toMatchObject({
    id: invoiceId,
    status: "paid",
    amount_paid: 12900,
    payment_status: "paid",
  });
});

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
    expect(await countRows("webhook_payloads", one)).toBe(0);
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

test("an event too large for a queue message is kept in D1 first and goes by its id", async () => {
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

test("with a warm cache the door asks D1 nothing and writes nothing", async () => {
  const { world, succeeded } = await paidWorld();
  const body = JSON.stringify(succeeded);
  const signature = await signatureFor(body, world.webhookSecret);
  const deps = testDeps();
  await receiveEvent(deps, world.scope, body, signature);
  const cold = new Proxy(deps.directory, {
    get() {
      throw new Error("The hot path used D1.");
    },
  });
  await receiveEvent({ ...deps, directory: cold, database: () => cold }, world.scope, body, signature);
});

test("one poisoned message does not touch its neighbours, and is kept where it can be seen", async () => {
  const { world, events, read } = await paidWorld();
  const good = events.filter((event) =>
    ["charge.succeeded", "payment_intent.succeeded"].includes(event.type),
  );
  const bodies = [
    "{ this is not JSON",
    JSON.stringify(messageFor(world, good[0] as never)),
    JSON.stringify({ hello: "world" }),
    JSON.stringify({ ...messageFor(world, good[1] as never), eventId: "evt_gone", event: null }),
    JSON.stringify(messageFor(world, good[1] as never)),
  ];
  const messages = bodies.map((body, index) => ({
    id: `m${index}`,
    timestamp: Date.now(),
    attempts: 1,
    body,
  }));
  const batch = createMessageBatch("quittance-stripe-events", messages);
  const context = createExecutionContext();
  await worker.queue(batch, env);
  const result = await getQueueResult(batch, context);
  // Gone payload: retried, since the message cannot even be marked; the others are done with.
  expect(result.explicitAcks.sort()).toEqual(["m0", "m1", "m2", "m4"]);
  expect(result.retryMessages.map((retry) => retry.msgId)).toEqual(["m3"]);
  expect((await read()).status).toBe("paid");
  const kept = await env.DB.prepare("SELECT id, message FROM jobs WHERE environment_id = 'unreadable'").all();
  expect(kept.results.map((row) => row.message)).toEqual(expect.arrayContaining([bodies[0], bodies[2]]));
});

test("an event that failed at every try is dead, with its payload, and not lost", async () => {
  const { world, succeeded } = await paidWorld();
  const message = {
    id: "d1",
    timestamp: Date.now(),
    attempts: 1,
    body: JSON.stringify(messageFor(world, succeeded)),
  };
  const batch = createMessageBatch("quittance-stripe-events-dead", [message]);
  await worker.queue(batch, env);
  expect((await getQueueResult(batch, createExecutionContext())).explicitAcks).toEqual(["d1"]);
  const [dead] = (await world.api("GET", "/webhook_events?status=dead")).body.data;
  expect(dead).toMatchObject({ stripe_event_id: succeeded.id, status: "dead" });
  expect((await world.api("GET", `/webhook_events/${dead.id}`)).body.payload.id).toBe(succeeded.id);
});

test("the events of one payment in every order end in the same rows", async () => {
  const { world, events, invoiceId } = await paidWorld();
  const types = [
    "charge.succeeded",
    "payment_intent.succeeded",
    "checkout.session.completed",
    "payment_link.updated",
  ];
  const told = events.filter((event) => types.includes(event.type));
  expect(told).toHaveLength(4);
  const { processEvent } = await import("../../src/webhooks/process-event.ts");
  // Nothing is enqueued: a link that is switched off meanwhile would be another story.
  const still = { ...testDeps().queues, enqueueJobs: async () => {}, enqueueNotifications: async () => {} };
  const deps = testDeps({ now: () => 1_800_000_000_000, queues: still });
  const own = [world.scope.environmentId];
  const before = await env.DB.prepare("SELECT * FROM invoices WHERE environment_id = ?")
    .bind(...own)
    .first();
  expect(before).toMatchObject({ id: invoiceId, status: "open" });

  const ends = new Set<string>();
  for (const order of permutations(told)) {
    await env.DB.batch([
      env.DB.prepare("DELETE FROM payments WHERE environment_id = ?").bind(...own),
      env.DB.prepare("DELETE FROM webhook_events WHERE environment_id = ?").bind(...own),
      env.DB.prepare("DELETE FROM jobs WHERE environment_id = ?").bind(...own),
      env.DB.prepare(
        "UPDATE payment_links SET status = 'active', deactivation = 'none', switched_off_reason = NULL WHERE environment_id = ?",
      ).bind(...own),
      env.DB.prepare(
        `UPDATE invoices SET status = 'open', payment_status = 'unpaid', amount_paid_minor = 0, paid_at_ms = NULL,
         updated_at_ms = 0 WHERE environment_id = ?`,
      ).bind(...own),
    ]);
    for (const event of order) await processEvent(deps, messageFor(world, event, `first-${event.id}`));
    for (const event of order) await processEvent(deps, messageFor(world, event, `again-${event.id}`));
    const rows = await env.DB.batch(
      ["payments", "invoices", "payment_links"].map((table) =>
        env.DB.prepare(`SELECT * FROM ${table} WHERE environment_id = ?`).bind(...own),
      ),
    );
    ends.add(JSON.stringify(rows.map((result) => result.results)));
  }
  expect(ends.size).toBe(1);
  const [payments, invoices] = JSON.parse([...ends][0] ?? "[]");
  expect(payments).toHaveLength(1);
  expect(payments[0]).toMatchObject({
    status: "succeeded",
    amount_minor: 12900,
    payment_method_type: "card",
  });
  expect(payments[0].receipt_url).not.toBeNull();
  expect(payments[0].checkout_session_id).not.toBeNull();
  expect(invoices[0]).toMatchObject({ status: "paid", amount_paid_minor: 12900 });
});

function permutations<T>(items: readonly T[]): T[][] {
  if (items.length <= 1) return [[...items]];
  return items.flatMap((item, index) =>
    permutations([...items.slice(0, index), ...items.slice(index + 1)]).map((rest) => [item, ...rest]),
  );
}

test("an event of a type that is not used is stored as ignored with its reason", async () => {
  const { world, succeeded } = await paidWorld();
  expect((await deliverEvent(world, { ...succeeded, id: "evt_other", type: "product.created" })).status).toBe(
    200,
  );
  const [event] = await eventually(
    async () => (await world.api("GET", "/webhook_events")).body.data,
    (seen) => seen.length === 1,
  );
  expect(event).toMatchObject({ type: "product.created", status: "ignored", reason: "event_type_not_used" });
});

test("a thin event, or JSON that is no event, is refused although it is signed", async () => {
  const { world } = await paidWorld();
  for (const body of ['{"object":"v2.core.event","id":"evt_1"}', '{"id":"evt_1"}', "[]", "null", "no json"]) {
    expect((await deliver(world, body, await signatureFor(body, world.webhookSecret))).status).toBe(400);
  }
});

test("GET on the door is 404 with a request id", async () => {
  const { world } = await paidWorld();
  const answer = await call("GET", world.webhookUrl);
  expect(answer.status).toBe(404);
  expect(answer.headers.get("x-request-id")).toBe(answer.body.request_id);
});

test("an intent's client secret is never kept", async () => {
  const { world, succeeded } = await paidWorld();
  const object = { ...succeeded.data.object, client_secret: "pi_1_secret_abc" };
  await deliverEvent(world, { ...succeeded, data: { object } });
  const [event] = await eventually(
    async () => (await world.api("GET", "/webhook_events")).body.data,
    (seen) => seen.length === 1,
  );
  const { payload } = (await world.api("GET", `/webhook_events/${event.id}`)).body;
  expect(payload.data.object.id).toBe(
    succeeded.data.object && "id" in succeeded.data.object ? succeeded.data.object.id : null,
  );
  expect(payload.data.object.client_secret).toBeNull();
});
