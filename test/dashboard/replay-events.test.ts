import { env } from "cloudflare:workers";
import { expect, test, vi } from "vitest";
import { ledgerSql } from "../harness/ledger-sql.ts";
import { untilAllTakenIn } from "../harness/stripe-delivery.ts";
import { createTenantWorld, createWorld, eventually } from "../harness/world.ts";
import { hiddenOf, paidWorld } from "./action-fixture.ts";
import { linksOf, open, send, signIn, textOf } from "./browse.ts";
import { insertEvent } from "./rows.ts";

const PAGE = "/dashboard/webhook-events/replay";

test("events are replayed by filter once they were counted and confirmed, and a form that is sent twice does it once", async () => {
  const world = await paidWorld();
  await untilAllTakenIn(world);
  const cookie = await signIn(world.keys.write);
  await ledgerSql(world.scope)
    .prepare(
      "UPDATE webhook_events SET status = 'dead', processed_at_ms = NULL, attempts = 5 WHERE status = 'processed'",
    )
    .run();
  const statusOf = async () =>
    (await world.api("GET", "/webhook_events?limit=100")).body.data as { status: string; attempts: number }[];
  const dead = (await statusOf()).filter(({ status }) => status === "dead").length;
  expect(dead).toBeGreaterThan(1);

  const list = await open("/dashboard/webhook-events?status=dead", cookie);
  expect(linksOf(list.html)).toContain(`${PAGE}?status=dead`);
  const confirm = await open(`${PAGE}?status=dead`, cookie);
  expect(textOf(confirm.html)).toContain(`${dead} events fit`);
  expect(textOf(confirm.html)).toContain(`Replay ${dead} events`);
  expect((await send(PAGE, hiddenOf(confirm.html), { cookie })).status).toBe(200);
  expect((await statusOf()).filter(({ status }) => status === "dead")).toHaveLength(dead);

  const fields = { ...hiddenOf(confirm.html), confirm: "yes" };
  const answers = await Promise.all([1, 2].map(() => send(PAGE, fields, { cookie })));
  for (const answer of answers) {
    expect(answer.headers.get("location")).toBe("/dashboard/webhook-events?done=replaying");
  }
  const after = await eventually(statusOf, (rows) => rows.every(({ status }) => status !== "dead"));
  // Each was worked on once more, not twice.
  expect(after.filter(({ attempts }) => attempts === 6)).toHaveLength(dead);
  expect((await world.api("GET", "/payments")).body.data).toHaveLength(1);
});

test("the count follows the filter: status, type, and a time that the browser sends without a zone", async () => {
  const world = await createTenantWorld();
  const cookie = await signIn(world.keys.write);
  const events = [
    ["evt_1", "dead", "charge.succeeded"],
    ["evt_2", "dead", "payment_intent.succeeded"],
    ["evt_3", "failed", "charge.succeeded"],
    ["evt_4", "processed", "charge.succeeded"],
  ] as const;
  for (const [id, status, type] of events)
    await insertEvent(world.scope, { id, status, type, invoiceId: "inv_1" });
  const ago = (minutes: number) => new Date(Date.now() - minutes * 60_000).toISOString().slice(0, 16);
  for (const [query, words] of [
    ["", "2 events fit"],
    ["?status=failed", "1 event fit"],
    ["?status=dead&type=charge.succeeded&received_after=", "1 event fit"],
    [`?received_after=${ago(5)}`, "2 events fit"],
    [`?received_after=${ago(-5)}`, "0 events fit"],
  ] as const) {
    expect([query, textOf((await open(`${PAGE}${query}`, cookie)).html)]).toEqual([
      query,
      expect.stringContaining(words),
    ]);
  }
  for (const query of ["?status=processed", "?received_after=yesterday", "?colour=red"]) {
    expect([query, (await open(`${PAGE}${query}`, cookie)).status]).toEqual([query, 422]);
  }
  // A payload that is gone cannot be done again.
  await ledgerSql(world.scope)
    .prepare("UPDATE webhook_events SET payload = NULL WHERE stripe_event_id = 'evt_1'")
    .run();
  expect(textOf((await open(PAGE, cookie)).html)).toContain("1 event fit");
});

test("more than one call takes are replayed thousand by thousand, each once", async () => {
  const world = await createTenantWorld();
  await ledgerSql(world.scope)
    .prepare(
      `WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 1200)
       INSERT INTO webhook_events (seq, stripe_event_id, connection_id, type, livemode, status, source,
         delivery_ids, attempts, changes, created_at_ms, received_at_ms, updated_at_ms, payload)
       SELECT i * 1000, 'evt_' || i, 'conn_1', 'charge.succeeded', 0, 'dead', 'webhook', '["d"]', 1, '[]', i, i, i, '{}'
       FROM n`,
    )
    .run();
  const queued: string[] = [];
  const queue = vi.spyOn(env.STRIPE_EVENTS, "sendBatch").mockImplementation(async (messages) => {
    for (const { body } of messages) queued.push(JSON.parse(String(body)).eventId);
    return { metadata: { metrics: { backlogCount: 0, backlogBytes: 0 } } };
  });
  const cookie = await signIn(world.keys.write);
  const first = await open(PAGE, cookie);
  expect(textOf(first.html)).toMatch(/1,000 events or more fit.*Replay 1,000 events/);
  const fields = { ...hiddenOf(first.html), confirm: "yes" };
  const done = await send(PAGE, fields, { cookie });
  // A browser shows the answer to the second click of two.
  const again = await send(PAGE, fields, { cookie });
  expect(again.headers.get("location")).toBe(done.headers.get("location"));
  const further = done.headers.get("location") ?? "";
  expect(further).toMatch(/replay\?status=dead&cursor=.*&done=replaying_some$/);
  const second = await open(further, cookie);
  expect(textOf(second.html)).toMatch(/these are the next.*200 events fit/);
  const last = await send(PAGE, { ...hiddenOf(second.html), confirm: "yes" }, { cookie });
  queue.mockRestore();
  expect(last.headers.get("location")).toBe("/dashboard/webhook-events?done=replaying");
  expect([queued.length, new Set(queued).size]).toEqual([1200, 1200]);
});

test("replaying is for role write and forms of our own; another tenant's events are neither counted nor touched", async () => {
  const [mine, theirs] = [await createWorld(), await createTenantWorld()];
  await insertEvent(mine.scope, { id: "evt_mine", status: "dead", invoiceId: "inv_1" });
  const reader = await signIn(mine.keys.read);
  expect((await open("/dashboard/webhook-events", reader)).html).not.toContain("/replay");
  const fields = { token: crypto.randomUUID(), status: "dead", confirm: "yes" };
  expect((await send(PAGE, fields, { cookie: reader })).status).toBe(403);
  const writer = await signIn(mine.keys.write);
  expect((await send(PAGE, fields, { cookie: writer, from: "https://evil.example" })).status).toBe(403);
  const stranger = await signIn(theirs.keys.admin);
  expect(textOf((await open(PAGE, stranger)).html)).toContain("0 events fit");
  expect((await send(PAGE, fields, { cookie: stranger })).status).toBe(303);
  const row = await ledgerSql(mine.scope).prepare("SELECT status, attempts FROM webhook_events").first();
  expect(row).toEqual({ status: "dead", attempts: 1 });
});
