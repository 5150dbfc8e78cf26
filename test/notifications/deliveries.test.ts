import { expect, test, vi } from "vitest";
import { createOpenInvoice, createTenantWorld, createWorld, eventually } from "../harness/world.ts";
import {
  createClockwork,
  createDestination,
  createReceiver,
  deliveriesOf,
  invoicePaid,
  type Received,
  verify,
} from "./receiver.ts";

const SECOND = 1000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;

test("a message is signed as Standard Webhooks says, and carries the object as the API shows it", async () => {
  const world = await createWorld();
  const invoice = await createOpenInvoice(world);
  const receiver = createReceiver();
  const destination = await createDestination(world, receiver, { event_types: ["invoice.paid"] });
  const clock = createClockwork();
  await clock.announce(world.scope, invoicePaid(invoice.id));
  await clock.run(1);

  expect(receiver.received).toHaveLength(1);
  const [message] = receiver.received as [Received];
  expect(destination.secret).toMatch(/^whsec_[A-Za-z0-9+/]{43}=$/);
  const body = verify(destination.secret, message);
  expect(body).toMatchObject({
    id: message.id,
    type: "invoice.paid",
    tenant_id: world.scope.tenantId,
    environment_id: world.scope.environmentId,
    data: { object: { id: invoice.id, object: "invoice", amount_due_decimal: "129.00" } },
  });
  expect(Object.keys(body as object)).toEqual([
    "id",
    "type",
    "created_at",
    "tenant_id",
    "environment_id",
    "data",
  ]);
  expect(message.id).toMatch(/^msg_[0-9a-f]{32}$/);
  expect(message.headers.get("user-agent")).toBe("Quittance");
  expect(message.headers.get("content-type")).toBe("application/json");
  expect(() => verify(destination.secret, { ...message, body: `${message.body} ` })).toThrow();
  expect(() => verify(destination.secret, { ...message, id: "msg_other" })).toThrow();
  expect(() => verify("whsec_b3RoZXJvdGhlcm90aGVyb3RoZXI=", message)).toThrow();
});

test("id and body are the same at each try, and only the time and its signature differ", async () => {
  const world = await createWorld();
  const invoice = await createOpenInvoice(world);
  const receiver = createReceiver();
  const destination = await createDestination(world, receiver, { event_types: ["invoice.paid"] });
  receiver.answer = async () => new Response("no", { status: 500 });
  const clock = createClockwork();
  await clock.announce(world.scope, invoicePaid(invoice.id));
  await clock.run(1);
  // What the object becomes in the meantime does not change the message.
  await world.api("PATCH", `/invoices/${invoice.id}`, { memo: "changed meanwhile" });
  await clock.run(40);

  expect(receiver.received.length).toBeGreaterThan(3);
  expect(new Set(receiver.received.map((message) => message.id)).size).toBe(1);
  expect(new Set(receiver.received.map((message) => message.body)).size).toBe(1);
  expect(new Set(receiver.received.map((message) => message.timestamp)).size).toBeGreaterThan(3);
  for (const message of receiver.received) verify(destination.secret, message);
});

test("tries come at once and after about 5 s, 1 m, 5 m, 30 m, 2 h, 5 h, 10 h and 10 h; then it has failed, and can be retried", async () => {
  const world = await createTenantWorld();
  const receiver = createReceiver();
  const destination = await createDestination(world, receiver);
  const tries: number[] = [];
  const clock = createClockwork();
  receiver.answer = async () => {
    tries.push(clock.now());
    return new Response("down", { status: 503 });
  };
  await clock.announce(world.scope, invoicePaid("inv_schedule"));
  await clock.run(1);
  for (let step = 0; step < 200 && tries.length < 3; step++) {
    clock.pass(SECOND);
    await clock.ring();
    await clock.drain();
  }
  await clock.run(60);
  await clock.run(33 * 60, 5);

  const waits = tries.slice(1).map((at, index) => at - (tries[index] ?? 0));
  const wanted = [5 * SECOND, MINUTE, 5 * MINUTE, 30 * MINUTE, 2 * HOUR, 5 * HOUR, 10 * HOUR, 10 * HOUR];
  expect(waits).toHaveLength(wanted.length);
  for (const [index, wait] of waits.entries()) {
    const least = wanted[index] ?? 0;
    expect(wait).toBeGreaterThanOrEqual(least - SECOND);
    // A tenth of jitter, and at most one step of the clock late.
    expect(wait).toBeLessThanOrEqual(least * 1.1 + 5 * MINUTE + SECOND);
  }

  const [failed] = await deliveriesOf(world, destination.id);
  expect(failed).toMatchObject({
    status: "failed",
    attempts: 9,
    next_attempt_at: null,
    response_status: 503,
    error: "The destination answered 503.",
  });
  expect(failed.attempt_log).toHaveLength(9);

  receiver.answer = async () => new Response("back");
  const retried = await world.api("POST", `/deliveries/${failed.id}/retry`);
  expect(retried).toMatchObject({ status: 202, body: { status: "pending", message_id: failed.message_id } });
  const [done] = await eventually(
    () => deliveriesOf(world, destination.id),
    ([delivery]) => delivery.status === "succeeded",
  );
  expect(done.attempts).toBe(10);
  expect(receiver.received.at(-1)?.id).toBe(failed.message_id);
});

test("no answer within 15 s is a failure that says so", async () => {
  const world = await createTenantWorld();
  const receiver = createReceiver();
  const destination = await createDestination(world, receiver);
  // A hundredth of the time that was asked for, so that the test need not wait it out.
  const timeout = AbortSignal.timeout.bind(AbortSignal);
  const asked = vi.spyOn(AbortSignal, "timeout").mockImplementation((ms) => timeout(ms / 100));
  receiver.answer = () => new Promise(() => {});
  const clock = createClockwork();
  await clock.announce(world.scope, invoicePaid("inv_slow"));
  await clock.run(1);

  expect(asked).toHaveBeenLastCalledWith(15_000);
  asked.mockRestore();
  const [delivery] = await deliveriesOf(world, destination.id);
  expect(delivery).toMatchObject({
    status: "pending",
    response_status: null,
    error: "No answer within 15 s.",
  });
});

test("410 switches the destination off at once: nothing more is sent to it, and the others are told", async () => {
  const world = await createTenantWorld();
  const [gone, other] = [createReceiver(), createReceiver()];
  const destination = await createDestination(world, gone, { event_types: ["invoice.paid"] });
  const watching = await createDestination(world, other, { event_types: ["event_destination.disabled"] });
  gone.answer = async () => new Response("gone", { status: 410 });
  const clock = createClockwork();
  await clock.announce(world.scope, invoicePaid("inv_gone"));
  await clock.run(1);
  await clock.announce(world.scope, invoicePaid("inv_later"));
  await clock.run(10);

  expect(gone.received).toHaveLength(1);
  const seen = (await world.api("GET", `/event_destinations/${destination.id}`)).body;
  expect(seen).toMatchObject({ is_active: false, disabled_reason: "It answered 410 Gone." });
  const [word] = other.received as [Received];
  expect(verify(watching.secret, word)).toMatchObject({
    type: "event_destination.disabled",
    data: { object: { id: destination.id, is_active: false } },
  });
  const audit = (await world.api("GET", "/audit_log?limit=100")).body.data;
  expect(audit.map((entry: { action: string }) => entry.action)).toContain("event_destination.disabled");

  const [delivery] = await deliveriesOf(world, destination.id);
  expect((await world.api("POST", `/deliveries/${delivery.id}/retry`)).status).toBe(409);
  const on = await world.api("PATCH", `/event_destinations/${destination.id}`, { is_active: true });
  expect(on.body).toMatchObject({ is_active: true, disabled_reason: null, failing_since: null });
});

test("a destination that took nothing for 5 days is switched off, with the reason, an audit entry and word to the others", async () => {
  const world = await createTenantWorld();
  const [down, other] = [createReceiver(), createReceiver()];
  const destination = await createDestination(world, down, { event_types: ["invoice.paid"] });
  await createDestination(world, other, { event_types: ["event_destination.disabled"] });
  down.answer = async () => new Response("down", { status: 500 });
  const clock = createClockwork();
  for (let day = 0; day < 5; day++) {
    await clock.announce(world.scope, invoicePaid(`inv_day_${day}`));
    const seen = (await world.api("GET", `/event_destinations/${destination.id}`)).body;
    expect(seen.is_active).toBe(true);
    await clock.run(24 * 60, 30);
  }
  await clock.announce(world.scope, invoicePaid("inv_day_5"));
  // The message of the day before comes to its last try.
  await clock.run(12 * 60, 30);

  const seen = (await world.api("GET", `/event_destinations/${destination.id}`)).body;
  expect(seen).toMatchObject({ is_active: false, disabled_reason: "It took nothing for 5 days." });
  expect(other.received).toHaveLength(1);
  const deliveries = await deliveriesOf(world, destination.id);
  expect(deliveries.every((delivery) => delivery.status === "failed")).toBe(true);
  const audit = (await world.api("GET", "/audit_log?limit=100")).body.data;
  const entries = audit.filter((entry: { action: string }) => entry.action === "event_destination.disabled");
  expect(entries).toHaveLength(1);
});

test("one success in between starts the 5 days anew", async () => {
  const world = await createTenantWorld();
  const receiver = createReceiver();
  const destination = await createDestination(world, receiver, { event_types: ["invoice.paid"] });
  const clock = createClockwork();
  for (let day = 0; day < 8; day++) {
    receiver.answer = async () => new Response(null, { status: day === 3 ? 204 : 500 });
    await clock.announce(world.scope, invoicePaid(`inv_${day}`));
    await clock.run(24 * 60, 60);
  }
  const seen = (await world.api("GET", `/event_destinations/${destination.id}`)).body;
  expect(seen.is_active).toBe(true);
  expect(seen.failing_since).not.toBeNull();
});

test("each try is logged with status, duration and the first 1,024 bytes of the answer", async () => {
  const world = await createTenantWorld();
  const receiver = createReceiver();
  const destination = await createDestination(world, receiver);
  const clock = createClockwork();
  receiver.answer = async () => {
    clock.pass(700);
    return new Response("é".repeat(5000), { status: 500 });
  };
  await clock.announce(world.scope, invoicePaid("inv_log"));
  await clock.run(1);
  receiver.answer = async () => new Response("taken", { status: 202 });
  clock.pass(10 * SECOND);
  await clock.ring();
  await clock.drain();

  const [delivery] = await deliveriesOf(world, destination.id);
  expect(delivery).toMatchObject({ status: "succeeded", attempts: 2, response_status: 202, error: null });
  expect(delivery.attempt_log).toMatchObject([
    { attempt: 1, response_status: 500, duration_ms: 700, response: "é".repeat(512) },
    { attempt: 2, response_status: 202, response: "taken", error: null },
  ]);
});
