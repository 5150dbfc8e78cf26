import { env } from "cloudflare:workers";
import { expect, test } from "vitest";
import { healRefusals } from "../../src/connections/heal-refusals.ts";
import { keepRefusals } from "../../src/connections/keep-refusals.ts";
import { openForWebhooks } from "../../src/connections/open-connection.ts";
import type { Json } from "../harness/api.ts";
import { ledgerSql } from "../harness/ledger-sql.ts";
import { sandbox } from "../harness/sandbox.ts";
import { deliver, signatureFor } from "../harness/stripe-delivery.ts";
import { createTenantWorld, createWorld, eventually, type TestWorld, testDeps } from "../harness/world.ts";
import { createDestination, createReceiver } from "../notifications/receiver.ts";
import { deliver as consume } from "../webhooks/deliver.ts";
import { connected, runTest } from "./connect-fixture.ts";

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
const WRONG = "whsec_of_somebody_else";

const event = () => ({
  id: `evt_${crypto.randomUUID().replaceAll("-", "")}`,
  object: "event",
  type: "customer.created",
  created: Math.floor(Date.now() / 1000),
  livemode: false,
  api_version: "2026-10-28.endive",
  data: { object: { id: "cus_1", object: "customer" } },
});

type Sent = { secret: string; atSeconds?: number };

async function send(world: Pick<TestWorld, "webhookUrl">, { secret, atSeconds }: Sent): Promise<number> {
  const body = JSON.stringify(event());
  return (await deliver(world, body, await signatureFor(body, secret, atSeconds))).status;
}

async function read(world: { api: TestWorld["api"]; id: string }): Promise<Json> {
  return (await world.api("GET", `/connections/${world.id}`)).body;
}

type Written = { refused: string | null; since: number | null };

/** What the directory has: not what the isolate still counts. */
async function written(id: string): Promise<Written | null> {
  const query = "SELECT refused, refused_since_ms AS since FROM connections WHERE id = ?";
  return env.DB.prepare(query).bind(id).first<Written>();
}

async function isWritten(id: string): Promise<Written> {
  const row = await eventually(
    () => written(id),
    (seen) => seen?.refused != null,
  );
  if (!row) throw new Error("no connection");
  return row;
}

/** The notifications about the connection, oldest first. */
async function told(world: Pick<TestWorld, "scope">): Promise<string[]> {
  const query = ledgerSql(world.scope).prepare("SELECT type FROM messages ORDER BY created_at_ms");
  return (await query.all<{ type: string }>()).results.map(({ type }) => type);
}

async function connectedWorld() {
  const world = await createWorld();
  return { ...world, id: world.connectionId };
}

test.each([
  ["wrong_secret", (world: TestWorld) => send(world, { secret: WRONG })],
  ["stale", (world: TestWorld) => send(world, { secret: world.webhookSecret, atSeconds: 1_000_000_000 })],
  ["not_an_event", async (world: TestWorld) => (await deliver(world, "{}", null)).status],
] as const)(
  "a webhook that is refused as %s is counted and shown with that reason",
  async (reason, sends) => {
    const world = await connectedWorld();
    expect((await read(world)).refused).toEqual({
      count_24h: 0,
      last_at: null,
      last_reason: null,
      since: null,
    });
    // Known in this isolate: of strangers' addresses one a second is looked up.
    await openForWebhooks(testDeps(), world.scope, { fresh: false });
    expect(await sends(world)).toBe(400);
    await isWritten(world.id);
    expect((await read(world)).refused).toMatchObject({
      count_24h: 1,
      last_at: expect.stringMatching(/^20/),
      last_reason: reason,
      since: expect.stringMatching(/^20/),
    });
    const { ok, checks } = await runTest(world);
    expect(ok).toBe(false);
    expect(checks.signatures).toMatchObject({ ok: false, detail: expect.stringContaining("1 webhook was") });
  },
);

test("where no signing secret is set, or the connection is off, that is the reason", async () => {
  const unset = await connected(() => ({ webhook_setup: "manual" }));
  expect(await send(unset, { secret: WRONG })).toBe(400);
  await isWritten(unset.id);
  expect((await read(unset)).refused.last_reason).toBe("no_secret");

  const off = await connectedWorld();
  await off.api("PATCH", `/connections/${off.id}`, { is_active: false });
  expect(await send(off, { secret: off.webhookSecret })).toBe(400);
  await isWritten(off.id);
  // It is as somebody wanted it: nothing that a person should look after.
  expect((await read(off)).refused).toMatchObject({ count_24h: 1, last_reason: "disabled", since: null });
});

test("a flood is counted in memory and written once a minute, however many isolates write", async () => {
  const world = await connectedWorld();
  for (let count = 0; count < 20; count += 1) await send(world, { secret: WRONG });
  const first = await isWritten(world.id);
  expect((await read(world)).refused.count_24h).toBe(20);
  const more = { count: 5, lastAtMs: Date.now(), lastReason: "wrong_secret" as const };
  expect(await keepRefusals(testDeps(), world.scope, more)).toBe(false);
  expect(await written(world.id)).toEqual(first);
  const later = testDeps({ now: () => Date.now() + MINUTE_MS });
  expect(await keepRefusals(later, world.scope, more)).toBe(true);
  expect(await written(world.id)).not.toEqual(first);
  expect((await read(world)).refused.count_24h).toBe(25);
});

test("what was refused over a day ago is counted no more", async () => {
  const world = await connectedWorld();
  const at = (hours: number) => ({ now: () => Date.now() - hours * HOUR_MS });
  const refusedAt = (hours: number) => ({
    count: 3,
    lastAtMs: Date.now() - hours * HOUR_MS,
    lastReason: "wrong_secret" as const,
  });
  await keepRefusals(testDeps(at(26)), world.scope, refusedAt(26));
  await keepRefusals(testDeps(at(2)), world.scope, refusedAt(2));
  expect((await read(world)).refused.count_24h).toBe(3);
});

test("refusals at an address that is nobody's are written nowhere", async () => {
  const world = await createTenantWorld();
  const before = await env.DB.prepare("SELECT COUNT(*) AS count FROM connections").first();
  expect(await send(world, { secret: WRONG })).toBe(400);
  expect((await deliver(world, "{}", null)).status).toBe(400);
  const more = { count: 1, lastAtMs: Date.now(), lastReason: "wrong_secret" as const };
  expect(await keepRefusals(testDeps(), world.scope, more)).toBe(true);
  expect(await env.DB.prepare("SELECT COUNT(*) AS count FROM connections").first()).toEqual(before);
  expect((await world.api("GET", "/connections")).body.data).toEqual([]);
});

test("the platform is told once that webhooks are refused, and once that they arrive again; then anew", async () => {
  const world = await connectedWorld();
  const event_types = ["connection.webhooks_refused", "connection.updated"];
  await createDestination(world, createReceiver(), { event_types });
  for (let count = 0; count < 3; count += 1) await send(world, { secret: WRONG });
  await isWritten(world.id);
  await eventually(
    () => told(world),
    (types) => types.length > 0,
  );
  const soon = { now: () => Date.now() + 11 * MINUTE_MS };
  // Nothing good has come since.
  await healRefusals(testDeps(soon));
  expect(await told(world)).toEqual(["connection.webhooks_refused"]);

  expect(await send(world, { secret: world.webhookSecret })).toBe(200);
  await eventually(
    () => read(world),
    ({ last_webhook_at }) => last_webhook_at !== null,
  );
  await healRefusals(testDeps());
  expect(await told(world)).toEqual(["connection.webhooks_refused"]);
  await healRefusals(testDeps(soon));
  await healRefusals(testDeps(soon));
  expect(await told(world)).toEqual(["connection.webhooks_refused", "connection.updated"]);
  expect((await read(world)).refused).toMatchObject({ count_24h: 3, since: null });
  expect((await runTest(world)).checks.signatures).toMatchObject({ ok: true });

  const again = { count: 1, lastAtMs: Date.now() + HOUR_MS, lastReason: "wrong_secret" as const };
  await keepRefusals(testDeps({ now: () => Date.now() + HOUR_MS }), world.scope, again);
  expect(await told(world)).toEqual([
    "connection.webhooks_refused",
    "connection.updated",
    "connection.webhooks_refused",
  ]);
});

test("what was fetched does not make the webhooks look healthy: the test fails until one arrives", async () => {
  const world = await connectedWorld();
  expect((await runTest(world)).checks.last_webhook).toMatchObject({ ok: true });
  const fetched = event();
  await consume(world, fetched, "reconciliation");
  expect(await read(world)).toMatchObject({
    last_webhook_at: null,
    last_event_at: expect.stringMatching(/^20/),
  });
  const { ok, checks } = await runTest(world);
  expect(ok).toBe(false);
  expect(checks.last_webhook).toMatchObject({
    ok: false,
    detail: expect.stringContaining("never sent an event here"),
  });
  // The same event, delivered after all.
  await consume(world, fetched, "webhook");
  expect((await read(world)).last_webhook_at).toMatch(/^20/);
  expect((await runTest(world)).checks.last_webhook).toMatchObject({ ok: true });
});

test("that Stripe has events which never arrived is found out by asking it, where nothing was fetched yet", async () => {
  const world = await connectedWorld();
  await env.DB.prepare("UPDATE connections SET created_at_ms = created_at_ms - ? WHERE id = ?")
    .bind(HOUR_MS, world.id)
    .run();
  const account = sandbox.world.accounts[world.accountId];
  if (!account) throw new Error("no account");
  const unheard = { ...event(), id: "evt_unheard", created: Math.floor(Date.now() / 1000) - 1_800 };
  account.events[unheard.id] = unheard as never;
  account.eventOrder.push(unheard.id);
  const { checks } = await runTest(world);
  expect(checks.last_webhook).toMatchObject({ ok: false, detail: expect.stringContaining("evt_unheard") });
});

test("the last webhook is known after its event was summed up with others and forgotten", async () => {
  const world = await connectedWorld();
  await consume(world, event(), "webhook");
  const before = (await read(world)).last_webhook_at;
  expect(before).toMatch(/^20/);
  // An hour later the events of before are summed up.
  await consume(world, event(), "reconciliation", testDeps({ now: () => Date.now() + 2 * HOUR_MS }));
  await ledgerSql(world.scope).prepare("DELETE FROM webhook_events").run();
  expect((await read(world)).last_webhook_at).toBe(before);
});
