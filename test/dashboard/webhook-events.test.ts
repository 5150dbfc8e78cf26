// Webhook events in the dashboard: what needs nobody is hidden and counted, one is found by what it is about, and what
// became of it is said as it is.

import { expect, test } from "vitest";
import { nextTryMs } from "../../src/dashboard/event-view.ts";
import { webhookEventIdFor } from "../../src/platform/ids.ts";
import { ledgersAskedByPage } from "../harness/count-asked.ts";
import { ledgerSql } from "../harness/ledger-sql.ts";
import { createTenantWorld, createWorld, eventually } from "../harness/world.ts";
import { HOSTILE, hiddenOf } from "./action-fixture.ts";
import { linksOf, open, send, signIn, textOf } from "./browse.ts";
import { insertEvent } from "./rows.ts";

const LIST = "/dashboard/webhook-events";
const pageOf = (stripeEventId: string) => `${LIST}/${webhookEventIdFor(stripeEventId)}`;
const eventsIn = (html: string) => [
  ...new Set(linksOf(html).flatMap((link) => /\/webhook-events\/(whe_[^/?]+)$/.exec(link)?.[1] ?? [])),
];

async function filledWorld() {
  const world = await createTenantWorld();
  const object = (id: string) => JSON.stringify({ data: { object: { id, object: "charge" } } });
  const at = Date.parse("2026-11-20T10:00:00Z");
  const of = [
    { id: "evt_done", status: "processed", payload: object("ch_1"), receivedAtMs: at },
    { id: "evt_idle", status: "ignored", payload: object("ch_2"), receivedAtMs: at + 3_600_000 },
    { id: "evt_late", status: "failed", error: "Stripe was down.", payload: object("ch_3") },
    { id: "evt_dead", status: "dead", error: HOSTILE, invoiceId: "inv_1", payload: object("ch_4") },
  ];
  for (const event of of) await insertEvent(world.scope, event);
  return { ...world, cookie: await signIn(world.keys.read) };
}

test("ignored events are hidden until they are asked for, or one thing is looked for", async () => {
  const { cookie } = await filledWorld();
  const shown = async (query: string) => eventsIn((await open(`${LIST}${query}`, cookie)).html).sort();
  expect(await shown("")).toEqual(["whe_dead", "whe_done", "whe_late"]);
  expect(await shown("?status=everything")).toEqual(["whe_dead", "whe_done", "whe_idle", "whe_late"]);
  expect(await shown("?status=ignored")).toEqual(["whe_idle"]);
  expect(await shown("?object_id=ch_2")).toEqual(["whe_idle"]);
  expect(await shown("?object_id=inv_1")).toEqual(["whe_dead"]);
  for (const id of ["evt_idle", "whe_idle"])
    expect(await shown(`?stripe_event_id=${id}`)).toEqual(["whe_idle"]);
  expect(await shown("?status=everything&received_before=2026-11-20T10:30:00Z")).toEqual(["whe_done"]);
  expect(
    await shown("?status=everything&received_after=2026-11-20T10:30&received_before=2026-11-20T11:30"),
  ).toEqual(["whe_idle"]);
  expect(await shown("?object_id=ch_")).toEqual([]);
});

test("the API takes the same filters", async () => {
  const { api } = await filledWorld();
  const ids = async (query: string) =>
    (await api("GET", `/webhook_events?${query}`)).body.data.map(({ id }: { id: string }) => id);
  expect(await ids("object_id=ch_3")).toEqual(["whe_late"]);
  expect(await ids("stripe_event_id=evt_dead")).toEqual(["whe_dead"]);
  expect(await ids(`object_id=${encodeURIComponent(`"`)}`)).toEqual([]);
  const dismissed = await api("POST", "/webhook_events/dismiss", { status: "dead", object_id: "ch_9" });
  expect(dismissed.body).toMatchObject({ dismissed: 0 });
});

test("how many were ignored in a day is said, with the way to them", async () => {
  const world = await createTenantWorld();
  await insertEvent(world.scope, { id: "evt_idle", status: "ignored" });
  const page = await open(LIST, await signIn(world.keys.read));
  expect(textOf(page.html)).toContain("1 event ignored in the last 24 hours");
  expect(linksOf(page.html)).toContain(`${LIST}?status=ignored`);
});

test("webhooks that were refused are counted where events are looked for, with the way to why", async () => {
  const world = await createWorld();
  const cookie = await signIn(world.keys.read);
  expect(textOf((await open(LIST, cookie)).html)).not.toContain("refused in the last");
  const refused = JSON.stringify({
    hours: [{ hour: Math.floor(Date.now() / 3_600_000), count: 3 }],
    lastAtMs: Date.now(),
    lastReason: "wrong_secret",
    sinceMs: Date.now(),
  });
  const { env } = await import("cloudflare:workers");
  await env.DB.prepare("UPDATE connections SET refused = ? WHERE id = ?")
    .bind(refused, world.connectionId)
    .run();
  const page = await open(LIST, cookie);
  expect(textOf(page.html)).toContain("3 webhooks refused in the last 24 hours");
});

test("each outcome is a sentence that says what follows; when it is tried next, and Stripe's own object, are there", async () => {
  const { cookie, scope } = await filledWorld();
  const said = async (id: string) => (await open(pageOf(id), cookie)).html;
  expect(textOf(await said("evt_done"))).toContain("was known already");
  const late = await said("evt_late");
  expect(textOf(late)).toMatch(/It failed once and is tried again by itself.*Next try/);
  expect(late).toMatch(/data-live="[a-z]+"[^>]* data-pending=""/);
  const dead = await said("evt_dead");
  expect(textOf(dead)).toContain("is not tried again by itself");
  expect(dead).not.toContain("<script>alert");
  expect(linksOf(dead)).toContain("/dashboard/invoices/inv_1");
  expect(
    linksOf(dead).some((link) => link.includes("dashboard.stripe.com") && link.includes("evt_dead")),
  ).toBe(true);
  expect(linksOf(dead).some((link) => link.includes("/payments/ch_4"))).toBe(true);
  expect(dead).toMatch(/<details class="payload">/);
  expect(dead).toMatch(/data-copy="\{&quot;data&quot;/);
  const list = textOf((await open(LIST, cookie)).html);
  expect(list).toMatch(/Retrying Next try/);
  await ledgerSql(scope)
    .prepare("UPDATE webhook_events SET payload = 'not json' WHERE status = 'dead'")
    .run();
  expect((await open(pageOf("evt_dead"), cookie)).status).toBe(200);
});

test("a page of an event asks its ledger once", async () => {
  const { cookie } = await filledWorld();
  const asked = await ledgersAskedByPage(async () => {
    expect((await open(pageOf("evt_dead"), cookie)).status).toBe(200);
  });
  expect(asked).toBe(1);
});

test("when it is tried next is known for what failed alone, and grows with its tries", () => {
  const of = (status: "failed" | "dead", attempts: number) => nextTryMs({ status, attempts, updatedAtMs: 0 });
  expect(of("dead", 3)).toBeNull();
  expect([of("failed", 1), of("failed", 2), of("failed", 30)]).toEqual([7_000, 13_000, 4_500_000]);
});

test("a replay that fails is not green, and says so", async () => {
  const world = await createTenantWorld();
  const cookie = await signIn(world.keys.write);
  for (const [done, tone] of [
    ["replayed", "good"],
    ["replay_ignored", "info"],
    ["replay_failed", "bad"],
    ["replay_dead", "bad"],
  ]) {
    const { html } = await open(`${LIST}?done=${done}`, cookie);
    expect(html).toContain(`notice ${tone} page-note`);
  }
  await insertEvent(world.scope, {
    id: "evt_odd",
    status: "dead",
    type: "charge.succeeded",
    payload: JSON.stringify({ id: "evt_odd", object: "event" }),
  });
  const page = pageOf("evt_odd");
  const sent = await send(`${page}/replay`, hiddenOf((await open(page, cookie)).html), { cookie });
  const event = (await world.api("GET", `/webhook_events/${webhookEventIdFor("evt_odd")}`)).body;
  const expected = {
    processed: "replayed",
    ignored: "replay_ignored",
    failed: "replay_failed",
    dead: "replay_dead",
  };
  expect(sent.headers.get("location")).toBe(
    `${page}?done=${expected[event.status as keyof typeof expected]}`,
  );
});

test("what matches the list is replayed and dismissed by the same filters", async () => {
  const world = await createTenantWorld();
  const cookie = await signIn(world.keys.write);
  for (const [id, object] of [
    ["evt_1", "ch_1"],
    ["evt_2", "ch_2"],
  ] as const)
    await insertEvent(world.scope, {
      id,
      status: "dead",
      payload: JSON.stringify({ data: { object: { id: object } } }),
    });
  const list = await open(`${LIST}?status=dead&object_id=ch_2`, cookie);
  expect(linksOf(list.html)).toEqual(
    expect.arrayContaining([`${LIST}/replay?status=dead&object_id=ch_2`, `${LIST}/dismiss?object_id=ch_2`]),
  );
  const replay = await open(`${LIST}/replay?status=dead&object_id=ch_2`, cookie);
  expect(textOf(replay.html)).toContain("1 event fit");
  const confirm = await open(`${LIST}/dismiss?object_id=ch_2`, cookie);
  await send(`${LIST}/dismiss`, { ...hiddenOf(confirm.html), confirm: "yes" }, { cookie });
  const dead = async () => (await world.api("GET", "/webhook_events?status=dead")).body.data;
  expect((await eventually(dead, (rows) => rows.length === 1))[0]).toMatchObject({
    stripe_event_id: "evt_1",
  });
});

test("nothing is offered to be done with events where none is listed; ignored ones alone are not taken for none", async () => {
  const world = await createTenantWorld();
  const cookie = await signIn(world.keys.write);
  const offered = async (query: string) =>
    linksOf((await open(`${LIST}${query}`, cookie)).html).filter((link) =>
      /\/(?:replay|dismiss)\b/.test(link),
    );
  for (const query of ["", "?status=dead", "?status=ignored", "?object_id=ch_1"])
    expect([query, await offered(query)]).toEqual([query, []]);
  expect(textOf((await open(LIST, cookie)).html)).toContain("Stripe has sent nothing yet.");
  await insertEvent(world.scope, { id: "evt_idle", status: "ignored" });
  expect(await offered("")).toEqual([]);
  expect(await offered("?status=ignored")).toEqual([`${LIST}/replay?status=ignored`]);
  const { html } = await open(LIST, cookie);
  expect(textOf(html)).toContain("None but ignored ones.");
  expect(linksOf(html)).toContain(`${LIST}?status=ignored`);
});
