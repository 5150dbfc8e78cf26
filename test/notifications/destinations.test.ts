import { env } from "cloudflare:workers";
import { expect, test } from "vitest";
import { NOTIFICATION_TYPES } from "../../src/platform/notification-types.ts";
import { call, type Json } from "../harness/api.ts";
import { addresses } from "../harness/sandbox.ts";
import { createOpenInvoice, createTenantWorld, createWorld, eventually } from "../harness/world.ts";
import { createDestination, createReceiver, deliveriesOf, type Received, verify } from "./receiver.ts";

test("a destination is made, read, changed and deleted; its secret is shown once and lies sealed", async () => {
  const world = await createTenantWorld();
  const receiver = createReceiver();
  const made = await world.api("POST", "/event_destinations", {
    url: receiver.url,
    event_types: ["invoice.paid", "invoice.paid"],
    description: "Billing",
  });
  expect(made.status).toBe(201);
  expect(made.body).toMatchObject({
    object: "event_destination",
    url: receiver.url,
    event_types: ["invoice.paid"],
    description: "Billing",
    is_active: true,
    disabled_reason: null,
    failing_since: null,
  });
  const path = `/event_destinations/${made.body.id}`;
  const changed = await world.api("PATCH", path, { event_types: null, is_active: false });
  expect(changed.body).toMatchObject({ event_types: null, is_active: false });
  const listed = await world.api("GET", "/event_destinations");
  expect(listed.body.data).toHaveLength(1);
  const audit = await world.api("GET", "/audit_log?limit=100");
  for (const answer of [changed, listed, audit, await world.api("GET", path)])
    expect(JSON.stringify(answer.body)).not.toContain("whsec_");

  const rows = await env.DB.prepare("SELECT * FROM secrets WHERE owner_id = ?").bind(made.body.id).all();
  expect(rows.results).toHaveLength(1);
  expect(JSON.stringify(rows.results)).not.toContain(made.body.secret.slice(6));
  expect((await world.api("DELETE", path)).body).toMatchObject({ id: made.body.id, deleted: true });
  expect((await world.api("GET", path)).status).toBe(404);
  expect((await world.api("DELETE", path)).status).toBe(404);
  const left = await env.DB.prepare("SELECT * FROM secrets WHERE owner_id = ?").bind(made.body.id).all();
  expect(left.results).toHaveLength(0);
  const actions = (await world.api("GET", "/audit_log?limit=100")).body.data.map(
    (entry: Json) => entry.action,
  );
  expect(actions).toEqual(
    expect.arrayContaining([
      "event_destination.created",
      "event_destination.changed",
      "event_destination.deleted",
    ]),
  );
});

test("what does not fit is refused, and every failing field is named", async () => {
  const world = await createTenantWorld();
  const receiver = createReceiver();
  const refused: [Record<string, unknown>, string][] = [
    [{}, "url"],
    [{ url: "" }, "url"],
    [{ url: "https://127.0.0.1/" }, "url"],
    [{ url: "http://example.com/" }, "url"],
    [{ url: receiver.url, event_types: ["invoice.payed"] }, "event_types[0]"],
    [{ url: receiver.url, event_types: [] }, "event_types"],
    [{ url: receiver.url, secret: "whsec_mine" }, "secret"],
  ];
  for (const [body, path] of refused) {
    const answer = await world.api("POST", "/event_destinations", body);
    expect(answer).toMatchObject({ status: 422, body: { code: "validation_failed" } });
    expect(answer.body.errors.map((entry: Json) => entry.path)).toContain(path);
  }
  const destination = await createDestination(world, receiver);
  const path = `/event_destinations/${destination.id}`;
  expect((await world.api("PATCH", path, { url: "https://[::1]/" })).status).toBe(422);
  expect((await world.api("PATCH", path, {})).status).toBe(422);
  expect((await world.api("POST", `${path}/rotate_secret`, { overlap_seconds: 8 * 86400 })).status).toBe(422);
  expect((await world.api("POST", `${path}/test`, { type: "invoice.burnt" })).status).toBe(422);
});

test("a name that points to an address that is not public is refused when it is saved", async () => {
  const world = await createTenantWorld();
  const hosts = {
    "inside.attacker.dev": ["10.0.0.5"],
    "mixed.attacker.dev": ["93.184.215.14", "127.0.0.1"],
    "six.attacker.dev": ["::1"],
    "mapped.attacker.dev": ["::ffff:169.254.169.254"],
    "both.attacker.dev": ["93.184.215.14", "fd00::1"],
    "nat64.attacker.dev": ["93.184.215.14", "64:ff9b::7f00:1"],
    "zero.attacker.dev": ["0.0.0.0"],
    "shared.attacker.dev": ["100.64.0.1"],
    "nothing.attacker.dev": [],
  };
  for (const [host, found] of Object.entries(hosts)) {
    addresses.set(host, found);
    const answer = await world.api("POST", "/event_destinations", { url: `https://${host}/` });
    expect(answer).toMatchObject({ status: 422, body: { errors: [{ path: "url" }] } });
    expect(answer.body.detail).toContain(host);
  }
});

test("a name that is pointed inside after it was saved is not called", async () => {
  const world = await createTenantWorld();
  const receiver = createReceiver();
  const destination = await createDestination(world, receiver);
  addresses.set(receiver.host, ["169.254.169.254"]);
  const answer = await world.api("POST", `/event_destinations/${destination.id}/test`);
  expect(answer.body).toMatchObject({ ok: false, response_status: null, response: null });
  expect(answer.body.error).toContain("not public");
  expect(receiver.received).toHaveLength(0);
});

test("when the resolver cannot be reached, saving says so and can be tried again", async () => {
  const world = await createTenantWorld();
  const receiver = createReceiver();
  const fetch = globalThis.fetch;
  globalThis.fetch = async () => new Response("down", { status: 502 });
  const answer = await world.api("POST", "/event_destinations", { url: receiver.url });
  globalThis.fetch = fetch;
  expect(answer).toMatchObject({ status: 503, body: { code: "resolver_unavailable" } });
  expect(answer.headers.get("retry-after")).not.toBeNull();
  expect((await world.api("POST", "/event_destinations", { url: receiver.url })).status).toBe(201);
});

test("only an admin key changes destinations; every key may look", async () => {
  const world = await createTenantWorld();
  const receiver = createReceiver();
  const destination = await createDestination(world, receiver);
  const path = `/event_destinations/${destination.id}`;
  const writes: [string, string, unknown][] = [
    ["POST", "/event_destinations", { url: receiver.url }],
    ["PATCH", path, { is_active: false }],
    ["DELETE", path, undefined],
    ["POST", `${path}/rotate_secret`, {}],
    ["POST", `${path}/test`, {}],
    ["POST", "/deliveries/dlv_any/retry", undefined],
  ];
  for (const key of [world.keys.write, world.keys.read]) {
    for (const [method, at, body] of writes) expect((await call(method, at, { key, body })).status).toBe(403);
    for (const at of ["/event_destinations", path, `${path}/deliveries`])
      expect((await call("GET", at, { key })).status).toBe(200);
  }
  for (const [method, at, body] of writes) expect((await call(method, at, { body })).status).toBe(401);
});

test("the test door sends a signed example of each type, marked as a test, and says what came back", async () => {
  const world = await createTenantWorld();
  const receiver = createReceiver();
  const destination = await createDestination(world, receiver, { event_types: ["invoice.voided"] });
  receiver.answer = async () => new Response("x".repeat(3000), { status: 201 });
  const path = `/event_destinations/${destination.id}/test`;
  const first = await world.api("POST", path);
  expect(first).toMatchObject({
    status: 200,
    body: { ok: true, type: "invoice.paid", response_status: 201 },
  });
  expect(first.body.response).toBe("x".repeat(1024));
  for (const type of NOTIFICATION_TYPES) {
    const answer = await world.api("POST", path, { type });
    expect(answer.body).toMatchObject({ ok: true, type });
    const message = receiver.received.at(-1) as Received;
    expect(verify(destination.secret, message)).toMatchObject({
      type,
      id: answer.body.message_id,
      test: true,
    });
    expect(message.id).toMatch(/^msg_test_[0-9a-f]{32}$/);
    const { object } = JSON.parse(message.body).data;
    expect(object.id).toContain("example");
    expect(type.startsWith(`${object.object}.`)).toBe(true);
  }
  receiver.answer = async () => new Response("no", { status: 410 });
  expect((await world.api("POST", path)).body).toMatchObject({ ok: false, response_status: 410 });
  const seen = (await world.api("GET", `/event_destinations/${destination.id}`)).body;
  expect(seen).toMatchObject({ is_active: true, failing_since: null });
  expect(await deliveriesOf(world, destination.id)).toHaveLength(0);
});

test("deliveries are listed newest first, by status and in pages", async () => {
  const world = await createWorld();
  const receiver = createReceiver();
  const destination = await createDestination(world, receiver, { event_types: ["invoice.finalized"] });
  for (let index = 0; index < 3; index++) await createOpenInvoice(world);
  const path = `/event_destinations/${destination.id}/deliveries`;
  await eventually(
    async () => (await world.api("GET", `${path}?status=succeeded`)).body.data,
    (seen) => seen.length === 3,
  );
  expect((await world.api("GET", `${path}?status=failed`)).body.data).toHaveLength(0);
  const page = (await world.api("GET", `${path}?limit=2`)).body;
  expect(page).toMatchObject({ has_more: true });
  const rest = (await world.api("GET", `${path}?limit=2&cursor=${page.next_cursor}`)).body;
  const all: Json[] = [...page.data, ...rest.data];
  expect(new Set(all.map((delivery) => delivery.id)).size).toBe(3);
  expect(all.map((delivery) => delivery.created_at)).toEqual(
    all
      .map((delivery) => delivery.created_at)
      .sort()
      .reverse(),
  );
  expect((await world.api("GET", `${path}?state=failed`)).status).toBe(422);
});

test("an environment has at most 20 destinations", async () => {
  const world = await createTenantWorld();
  const receiver = createReceiver();
  for (let index = 0; index < 20; index++) await createDestination(world, receiver);
  const answer = await world.api("POST", "/event_destinations", { url: receiver.url });
  expect(answer).toMatchObject({ status: 409, body: { code: "conflict" } });
});

test("two rotations at once leave secrets that both callers can tell apart: one of them is refused or comes after", async () => {
  const world = await createTenantWorld();
  const receiver = createReceiver();
  const destination = await createDestination(world, receiver);
  const path = `/event_destinations/${destination.id}`;
  const answers = await Promise.all(
    Array.from({ length: 4 }, () => world.api("POST", `${path}/rotate_secret`)),
  );
  const done = answers.filter((answer) => answer.status === 200);
  expect(done.length).toBeGreaterThan(0);
  for (const answer of answers) expect([200, 409]).toContain(answer.status);
  await world.api("POST", `${path}/test`);
  const [message] = receiver.received as [Received];
  for (const { body } of done) verify(body.secret, message);
});
