import { expect, test } from "vitest";
import { ledgerSql } from "../harness/ledger-sql.ts";
import { createTenantWorld, eventually } from "../harness/world.ts";
import {
  createClockwork,
  createDestination,
  createReceiver,
  invoicePaid,
} from "../notifications/receiver.ts";
import { HOSTILE, hiddenOf } from "./action-fixture.ts";
import { linksOf, open, send, signIn, textOf } from "./browse.ts";

/** A destination that answered its first messages with an error, and has been given up on. */
async function deafWorld(messages = 1) {
  const world = await createTenantWorld();
  const receiver = createReceiver();
  receiver.answer = async () => new Response(`<h1>down</h1>${HOSTILE}`, { status: 500 });
  const destination = await createDestination(world, receiver);
  const clock = createClockwork();
  for (let index = 0; index < messages; index++)
    await clock.announce(world.scope, invoicePaid(`inv_${index}`));
  await clock.run(2);
  const database = ledgerSql(world.scope);
  await database.batch([
    database.prepare("UPDATE deliveries SET status = 'failed', next_attempt_at_ms = NULL"),
    database.prepare("DELETE FROM outbox"),
  ]);
  receiver.answer = async () => new Response("taken");
  receiver.received.length = 0;
  const page = `/dashboard/event-destinations/${destination.id}`;
  const cookie = await signIn(world.keys.admin);
  const [delivery = ""] = deliveriesIn((await open(page, cookie)).html);
  return { ...world, receiver, destination, page, cookie, delivery };
}

const deliveriesIn = (html: string) =>
  linksOf(html).filter((link) => link.startsWith("/dashboard/deliveries/"));

test("a delivery shows each try with status, duration and what came back, which is text and runs nothing", async () => {
  const world = await deafWorld();
  const { html } = await open(world.delivery, await signIn(world.keys.read));
  const text = textOf(html);
  expect(text).toMatch(/Try 2.*500.*after \d+ ms.*The destination answered 500\..*Try 1/);
  expect(text).toContain("&lt;h1&gt;down&lt;/h1&gt;&lt;script&gt;alert");
  expect(html).not.toMatch(/<script>alert|<img|<h1>down/);
  expect(text).toMatch(/Message.*invoice\.paid/);
  expect(html).not.toContain("/retry");
  const admins = await open(world.delivery, await signIn(world.keys.admin));
  expect(textOf(admins.html)).toMatch(/curl -X POST .*\/api\/v1\/deliveries\/[^/]+\/retry/);
});

test("a delivery is sent again once, however often its form is sent, under its own message id", async () => {
  const world = await deafWorld();
  const failed = (await open(world.delivery, world.cookie)).html;
  expect(failed).not.toContain("data-pending");
  const fields = hiddenOf(failed);
  const path = `${world.delivery}/retry`;
  const answers = await Promise.all([1, 2, 3].map(() => send(path, fields, { cookie: world.cookie })));
  for (const answer of answers) {
    expect(answer.headers.get("location")).toBe(`${world.delivery}?done=delivery_retried`);
  }
  await eventually(
    async () => textOf((await open(world.delivery, world.cookie)).html),
    (text) => text.includes("The destination has taken it."),
  );
  expect(world.receiver.received).toHaveLength(1);
  expect((await open(world.delivery, world.cookie)).html).toContain(world.receiver.received[0]?.id);
  const audit = await world.api("GET", "/audit_log?action=delivery.retried");
  expect(audit.body.data).toHaveLength(1);

  const later = hiddenOf((await open(world.delivery, world.cookie)).html);
  expect(later.token).not.toBe(fields.token);
});

test("a delivery that is about to be sent, or sent again, changes on its page by itself", async () => {
  const world = await createTenantWorld();
  await createDestination(world, createReceiver());
  await createClockwork().announce(world.scope, invoicePaid("inv_waits"));
  const cookie = await signIn(world.keys.read);
  const { data } = (await world.api("GET", "/event_destinations")).body;
  const [path = ""] = deliveriesIn((await open(`/dashboard/event-destinations/${data[0].id}`, cookie)).html);
  const { html } = await open(path, cookie);
  expect(html.match(/data-live="\w+"[^>]*data-pending/g)).toHaveLength(2);
});

test("a retry that is refused says why beside the delivery, and can be asked for again by the same form", async () => {
  const world = await deafWorld();
  const fields = hiddenOf((await open(world.delivery, world.cookie)).html);
  await world.api("PATCH", `/event_destinations/${world.destination.id}`, { is_active: false });
  const refused = await send(`${world.delivery}/retry`, fields, { cookie: world.cookie });
  expect(refused.status).toBe(409);
  expect(textOf(refused.html)).toMatch(/is switched off or deleted\. Switch it on first\..*Tries/);
  await world.api("PATCH", `/event_destinations/${world.destination.id}`, { is_active: true });
  expect((await send(`${world.delivery}/retry`, fields, { cookie: world.cookie })).status).toBe(303);
});

test("what failed since a moment is counted, confirmed, and then sent again once", async () => {
  const world = await deafWorld(3);
  const recovery = `${world.page}/recover`;
  expect(linksOf((await open(world.page, world.cookie)).html)).toContain(recovery);
  const confirm = await open(recovery, world.cookie);
  expect(textOf(confirm.html)).toMatch(/3 deliveries since \S+ \S+ UTC gave up.*Send 3 deliveries again/);
  // As a browser sends the field: without a zone, and meant as UTC.
  const later = new Date(Date.now() + 3 * 60 * 60_000).toISOString().slice(0, 16);
  const none = await open(`${recovery}?since=${encodeURIComponent(later)}`, world.cookie);
  expect(textOf(none.html)).toContain(`0 deliveries since ${later.replace("T", " ")}:00 UTC gave up`);
  expect(none.html).not.toContain('value="yes"');

  expect((await send(recovery, hiddenOf(confirm.html), { cookie: world.cookie })).status).toBe(200);
  const fields = { ...hiddenOf(confirm.html), confirm: "yes" };
  for (const _ of [1, 2]) {
    const done = await send(recovery, fields, { cookie: world.cookie });
    expect(done.headers.get("location")).toBe(`${world.page}?done=recovering`);
  }
  await eventually(
    async () => deliveriesIn((await open(`${world.page}?status=succeeded`, world.cookie)).html).length,
    (count) => count === 3,
  );
  expect(new Set(world.receiver.received.map(({ id }) => id)).size).toBe(3);
  expect(world.receiver.received).toHaveLength(3);
  const audit = await world.api("GET", "/audit_log?action=event_destination.recovered");
  expect(audit.body.data).toHaveLength(1);
});

test("sending again is for role admin, as by API, and for forms of our own", async () => {
  const world = await deafWorld();
  const writer = await signIn(world.keys.write);
  expect((await open(world.page, writer)).html).not.toContain("/recover");
  const token = crypto.randomUUID();
  const fields = { token, confirm: "yes", since: "2026-01-01T00:00:00Z" };
  for (const path of [`${world.delivery}/retry`, `${world.page}/recover`]) {
    expect([path, (await send(path, fields, { cookie: writer })).status]).toEqual([path, 403]);
    const forged = await send(path, fields, { cookie: world.cookie, from: "https://evil.example" });
    expect([path, forged.status]).toEqual([path, 403]);
  }
  expect(world.receiver.received).toHaveLength(0);
});

test("deliveries and destinations are walked page by page, each once", async () => {
  const world = await deafWorld(53);
  for (let index = 0; index < 52; index++) {
    await ledgerSql(world.scope)
      .prepare(
        `INSERT INTO event_destinations (id, tenant_id, url, is_active, created_at_ms, updated_at_ms)
       VALUES (?, ?, 'https://203.0.113.9/in', 0, ?, ?)`,
      )
      .bind(`dest_${index}`, world.scope.tenantId, Date.now(), Date.now())
      .run();
  }
  for (const [path, prefix] of [
    [`${world.page}?status=failed`, "/dashboard/deliveries/"],
    ["/dashboard/event-destinations", "/dashboard/event-destinations/"],
  ] as const) {
    const first = await open(path, world.cookie);
    const older =
      /<a\b[^>]*href="([^"]*)"[^>]*rel="next"/.exec(first.html)?.[1]?.replaceAll("&amp;", "&") ?? "";
    const rows = [first, await open(older, world.cookie)].flatMap(({ html }) =>
      linksOf(html).filter((link) => link.startsWith(prefix) && !/\/(new|recover)$/.test(link)),
    );
    expect([path, rows.length, new Set(rows).size]).toEqual([path, 53, 53]);
  }
});

test("a destination that fails, or was switched off for it, is a warning on the overview; one that a person switched off is not", async () => {
  const world = await deafWorld();
  const warning = "Your platform is not told of everything";
  const overview = async () => textOf((await open("/dashboard", world.cookie)).html);
  expect(await overview()).toContain(warning);
  await world.api("PATCH", `/event_destinations/${world.destination.id}`, { is_active: false });
  expect(await overview()).not.toContain(warning);
  await ledgerSql(world.scope)
    .prepare("UPDATE event_destinations SET disabled_reason = 'It answered 410 Gone.' WHERE id = ?")
    .bind(world.destination.id)
    .run();
  expect(await overview()).toMatch(/was switched off\. It answered 410 Gone\./);
});
