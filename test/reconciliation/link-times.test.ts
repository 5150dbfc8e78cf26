import { env } from "cloudflare:workers";
import type Stripe from "stripe";
import { beforeEach, expect, test, vi } from "vitest";
import { atStripe } from "../../src/connections/at-stripe.ts";
import { failDeactivation } from "../../src/invoices/deactivate-payment-link.ts";
import { commit } from "../../src/platform/commit.ts";
import type { Deps } from "../../src/platform/deps.ts";
import { checkQuietLinks } from "../../src/webhooks/check-quiet-links.ts";
import { consumeEvent } from "../../src/webhooks/consume-event.ts";
import type { Json } from "../harness/api.ts";
import { sandbox } from "../harness/sandbox.ts";
import { eventsOf, messageFor } from "../harness/stripe-delivery.ts";
import { createOpenInvoice, createWorld, eventually, type TestWorld, testDeps } from "../harness/world.ts";
import { countingDatabase } from "./count-rows.ts";
import { notingDeps, quietDeps, reader } from "./reconcile-fixture.ts";

const HOUR = 3_600_000;
const DAY = 24 * HOUR;

// Nothing is delivered: the test hands each event over itself.
beforeEach(() => {
  sandbox.world.deliveryPolicy.withhold = true;
  sandbox.world.faults.length = 0;
});

type Link = {
  invoice_id: string;
  status: string;
  deactivation: string;
  next_check_at_ms: number | null;
  checked_at_ms: number | null;
};

async function linkOf(world: TestWorld, revision = 1): Promise<Link> {
  const link = await env.DB.prepare("SELECT * FROM payment_links WHERE environment_id = ? AND revision = ?")
    .bind(world.scope.environmentId, revision)
    .first<Link>();
  if (!link) throw new Error(`There is no link of revision ${revision}.`);
  return link;
}

async function setLinks(world: TestWorld, set: string): Promise<void> {
  await env.DB.prepare(`UPDATE payment_links SET ${set} WHERE environment_id = ?`)
    .bind(world.scope.environmentId)
    .run();
}

async function openWorld(): Promise<{ world: TestWorld; invoice: Json }> {
  const world = await createWorld();
  const { id } = await createOpenInvoice(world);
  const invoice = await eventually(reader(world, id), (seen) => seen.payment_link.status === "active");
  return { world, invoice };
}

/** One step, at this time. What Stripe tells is not taken in. */
async function check(world: TestWorld, nowMs: number, parts: Partial<Deps> = {}) {
  const deps = { ...notingDeps().deps, now: () => nowMs, ...parts };
  return checkQuietLinks(
    {
      deps,
      scope: world.scope,
      stripe: deps.stripe(world.secretKey),
      call: (run) => atStripe(deps, world.scope, world.connectionId, run),
      pause: async () => {},
    },
    { id: world.connectionId, accountId: world.accountId },
  );
}

/** Pays by a bank debit, which takes a while, and hands the events of its beginning over. */
async function beginDebit(world: TestWorld, invoice: Json): Promise<void> {
  await sandbox.pay(
    world.accountId,
    { paymentLinkId: invoice.payment_link.id },
    { card: "bank_debit_success" },
  );
  await hear(world);
  expect((await reader(world, invoice.id)()).payment_status).toBe("processing");
}

/** Hands every event over that Stripe has. */
async function hear(world: TestWorld, of: (event: Stripe.Event) => boolean = () => true): Promise<void> {
  for (const event of eventsOf(world).filter(of)) await consumeEvent(testDeps(), messageFor(world, event));
}

const off = (world: TestWorld, revision = 1) =>
  eventually(
    () => linkOf(world, revision),
    (link) => link.deactivation === "done",
  );

test("of 2,000 open links of which 3 are due, a step reads tens of rows", async () => {
  const { world, invoice } = await openWorld();
  const { environmentId } = world.scope;
  const numbers = "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 2000)";
  const later = Date.now() + 5 * HOUR;
  await env.DB.batch([
    env.DB.prepare(
      `${numbers} INSERT INTO payment_links (environment_id, invoice_id, revision, status, stripe_payment_link_id,
         next_check_at_ms, created_at_ms, updated_at_ms)
       SELECT ?1, 'inv_' || i, 1, 'active', 'plink_' || i, ?2, 1, 1 FROM n`,
    ).bind(environmentId, later),
    env.DB.prepare(
      `${numbers} INSERT INTO webhook_events (environment_id, stripe_event_id, connection_id, type, livemode, status,
         source, delivery_ids, attempts, changes, invoice_id, created_at_ms, received_at_ms, updated_at_ms)
       SELECT ?1, 'evt_' || i, 'conn_1', 'payment_intent.payment_failed', 0, 'processed', 'webhook', '["d"]', 1, '[]',
         'inv_' || i, 1, 1, 1 FROM n`,
    ).bind(environmentId),
    env.DB.prepare(
      "UPDATE payment_links SET next_check_at_ms = 2 WHERE environment_id = ? AND invoice_id IN ('inv_7', 'inv_8', ?)",
    ).bind(environmentId, invoice.id),
  ]);
  await setLinks(world, "created_at_ms = 1");
  const { database, rowsRead } = countingDatabase();
  const result = await check(world, Date.now(), { directory: database, database: () => database });
  expect(result).toMatchObject({ asked: 3, more: false });
  expect(rowsRead()).toBeGreaterThan(3);
  expect(rowsRead()).toBeLessThan(60);
  expect(await linkOf(world)).toMatchObject({ checked_at_ms: expect.any(Number) });
  const { count } = (await env.DB.prepare(
    "SELECT COUNT(*) AS count FROM payment_links WHERE environment_id = ? AND checked_at_ms IS NOT NULL",
  )
    .bind(environmentId)
    .first<{ count: number }>()) ?? { count: 0 };
  expect(count).toBe(3);
});

test("a link that stays unpaid is asked about after 6, 12 and 24 hours, then daily, and weekly after 30 days", async () => {
  const { world } = await openWorld();
  const begun = Date.now();
  let at = begun;
  const waits: number[] = [];
  while (at < begun + 60 * DAY) {
    const { next_check_at_ms: next } = await linkOf(world);
    if (next === null) throw new Error("It is forgotten.");
    waits.push(Math.round((next - at) / HOUR));
    at = next;
    expect(await check(world, at - 1)).toMatchObject({ asked: 0 });
    expect(await check(world, at)).toMatchObject({ asked: 1 });
  }
  expect(waits.slice(0, 4)).toEqual([6, 12, 24, 24]);
  expect(new Set(waits.slice(3, 30))).toEqual(new Set([24]));
  expect(new Set(waits.slice(-3))).toEqual(new Set([168]));
  expect(waits.length).toBeLessThan(40);
});

test("a link is looked at from when it can be paid, and not before", async () => {
  const world = await createWorld();
  sandbox.world.faults.push({ method: "POST", path: "/v1/payment_links", times: 1, kind: "rate_limit" });
  const { id } = await createOpenInvoice(world);
  expect((await linkOf(world)).next_check_at_ms).toBeNull();
  sandbox.world.faults.length = 0;
  await eventually(reader(world, id), (seen) => seen.payment_link.status === "active");
  const { next_check_at_ms: next } = await linkOf(world);
  expect(Math.abs(Number(next) - Date.now() - 6 * HOUR)).toBeLessThan(60_000);
});

test("what was heard of the invoice puts its link off, without a call to Stripe", async () => {
  const { world, invoice } = await openWorld();
  const now = Date.now() + 7 * HOUR;
  const heard = now - HOUR;
  await env.DB.prepare(
    `INSERT INTO webhook_events (environment_id, stripe_event_id, connection_id, type, livemode, status, source,
       delivery_ids, attempts, changes, invoice_id, created_at_ms, received_at_ms, updated_at_ms)
     VALUES (?, 'evt_1', 'conn_1', 'payment_intent.payment_failed', 0, 'processed', 'webhook', '["d"]', 1, '[]', ?, ?, ?, ?)`,
  )
    .bind(world.scope.environmentId, invoice.id, heard, heard, heard)
    .run();
  const calls = vi.spyOn(sandbox, "fetch");
  expect(await check(world, now)).toMatchObject({ asked: 0, more: false });
  expect(calls).not.toHaveBeenCalled();
  calls.mockRestore();
  expect(await linkOf(world)).toMatchObject({ next_check_at_ms: heard + 6 * HOUR, checked_at_ms: null });
});

test("a bank debit brings a long quiet link back, and it is asked about daily until the debit is decided", async () => {
  const { world, invoice } = await openWorld();
  const now = Date.now();
  await setLinks(world, `created_at_ms = ${now - 90 * DAY}, next_check_at_ms = ${now + 7 * DAY}`);
  await beginDebit(world, invoice);
  const begun = Number((await linkOf(world)).next_check_at_ms);
  expect(begun).toBeLessThanOrEqual(Date.now() + 6 * HOUR);
  let at = begun + 60 * DAY;
  for (let day = 0; day < 3; day++) {
    expect(await check(world, at)).toMatchObject({ asked: 1 });
    const next = Number((await linkOf(world)).next_check_at_ms);
    expect(next - at).toBe(DAY);
    at = next;
  }
  await sandbox.advance(60_000);
  await hear(world);
  expect((await reader(world, invoice.id)()).status).toBe("paid");
  await off(world);
  expect((await linkOf(world)).next_check_at_ms).toBeNull();
});

test("a debit that begins while its link is being asked about is not put off by that", async () => {
  const { world, invoice } = await openWorld();
  const now = Date.now() + 90 * DAY;
  const usual = quietDeps();
  const queues = { ...usual.queues, enqueueStripeEvents: () => beginDebit(world, invoice) };
  await check(world, now, { queues });
  const next = Number((await linkOf(world)).next_check_at_ms);
  expect(next).toBeLessThanOrEqual(now + DAY);
});

test("a link that was replaced while its debit is on its way is asked about until that is decided", async () => {
  const { world, invoice } = await openWorld();
  await beginDebit(world, invoice);
  await world.api("POST", `/invoices/${invoice.id}/payment_link`);
  await off(world);
  const first = Number((await linkOf(world)).next_check_at_ms);
  expect(first).toBeGreaterThan(Date.now());
  expect((await check(world, first + 7 * HOUR)).asked).toBeGreaterThan(0);
  expect((await linkOf(world)).checked_at_ms).toBe(first + 7 * HOUR);
  await sandbox.advance(60_000);
  await hear(world);
  await off(world, 2);
  // It is off for good: the next look costs no call.
  const { next_check_at_ms: next } = await linkOf(world);
  const later = Number(next) + 3 * DAY;
  await check(world, later);
  expect((await linkOf(world)).next_check_at_ms).toBeNull();
});

test("that a debit is on its way changes nothing when it is heard after it was decided", async () => {
  const { world, invoice } = await openWorld();
  await sandbox.pay(
    world.accountId,
    { paymentLinkId: invoice.payment_link.id },
    { card: "bank_debit_success" },
  );
  await sandbox.advance(60_000);
  await hear(world, ({ type }) => type === "payment_intent.succeeded");
  await off(world);
  await hear(world, ({ type }) => type === "payment_intent.processing");
  expect((await linkOf(world)).next_check_at_ms).toBeNull();
});

test("a debit on a page of a link that is off already is asked about all the same", async () => {
  const { world, invoice } = await openWorld();
  await sandbox.pay(
    world.accountId,
    { paymentLinkId: invoice.payment_link.id },
    { card: "bank_debit_success" },
  );
  await world.api("POST", `/invoices/${invoice.id}/payment_link`);
  expect((await off(world)).next_check_at_ms).toBeNull();
  await hear(world, ({ type }) => type === "payment_intent.processing");
  expect((await linkOf(world)).next_check_at_ms).toBeLessThanOrEqual(Date.now() + 6 * HOUR);
});

test.each(["paid", "void", "uncollectible", "replaced"])(
  "a link of an invoice that is %s is looked at until Stripe has confirmed that it is off, and then no more",
  async (how) => {
    const { world, invoice } = await openWorld();
    sandbox.world.faults.push({
      method: "POST",
      path: `/v1/payment_links/${invoice.payment_link.id}`,
      times: 1,
      kind: "rate_limit",
    });
    if (how === "paid") {
      await sandbox.pay(
        world.accountId,
        { paymentLinkId: invoice.payment_link.id },
        { card: "4242424242424242" },
      );
      await hear(world, ({ type }) => type === "payment_intent.succeeded");
    } else {
      const act = { void: "void", uncollectible: "mark_uncollectible", replaced: "payment_link" }[how];
      expect((await world.api("POST", `/invoices/${invoice.id}/${act}`)).status).toBeLessThan(300);
    }
    expect(await linkOf(world)).toMatchObject({
      deactivation: "pending",
      next_check_at_ms: expect.any(Number),
    });
    sandbox.world.faults.length = 0;
    expect((await off(world)).next_check_at_ms).toBeNull();
  },
);

test("a link whose switching off was given up can be paid, and is asked about", async () => {
  const { world, invoice } = await openWorld();
  const scope = { ...world.scope, kind: "deactivate_payment_link" as const, jobId: "x" };
  const job = { ...scope, invoiceId: invoice.id, revision: 1 };
  await setLinks(world, "status = 'inactive', switched_off_reason = 'replaced', deactivation = 'pending'");
  await commit(testDeps().database(world.scope), failDeactivation(testDeps(), job, "Stripe refused."));
  expect(await check(world, Date.now() + 7 * HOUR)).toMatchObject({ asked: 1 });
  expect(await linkOf(world)).toMatchObject({
    deactivation: "failed",
    next_check_at_ms: expect.any(Number),
  });
});

test("a link that was switched off in Stripe's dashboard is asked about once its open pages have expired", async () => {
  const { world, invoice } = await openWorld();
  const now = Date.now();
  await setLinks(world, `created_at_ms = ${now - 90 * DAY}, next_check_at_ms = ${now + 7 * DAY}`);
  const [sample] = eventsOf(world);
  if (!sample) throw new Error("no events");
  const object = { id: invoice.payment_link.id, object: "payment_link", active: false, metadata: {} };
  const created = Math.floor(now / 1000);
  const event = { ...sample, id: "evt_off", created, type: "payment_link.updated", data: { object } };
  await consumeEvent(testDeps(), messageFor(world, event as never));
  expect((await linkOf(world)).status).toBe("inactive");
  const next = Number((await linkOf(world)).next_check_at_ms);
  expect(Math.abs(next - now - DAY)).toBeLessThan(60_000);
  expect(await check(world, next + HOUR)).toMatchObject({ asked: 1 });
  expect(await check(world, next + 3 * DAY)).toMatchObject({ asked: 0 });
  expect((await linkOf(world)).next_check_at_ms).toBeNull();
});

test("a link that is gone at Stripe, or was made in another account, does not hold up the others", async () => {
  const { world } = await openWorld();
  await createOpenInvoice(world);
  await createOpenInvoice(world);
  await eventually(
    async () => (await world.api("GET", "/invoices")).body.data,
    (seen: Json[]) => seen.every((one) => one.payment_link.status === "active"),
  );
  const ids = (await world.api("GET", "/invoices")).body.data.map((one: Json) => one.id);
  const set = (what: string, id: string) =>
    env.DB.prepare(`UPDATE payment_links SET ${what} WHERE environment_id = ? AND invoice_id = ?`)
      .bind(world.scope.environmentId, id)
      .run();
  await set("account_id = 'acct_other'", ids[0]);
  await set("stripe_payment_link_id = 'plink_gone'", ids[1]);
  const gone = sandbox.fetch;
  vi.spyOn(sandbox, "fetch").mockImplementation(async (request) =>
    request.url.includes("plink_gone")
      ? Response.json(
          { error: { type: "invalid_request_error", code: "resource_missing", param: "payment_link" } },
          { status: 400 },
        )
      : gone(request),
  );
  const at = Date.now() + 7 * HOUR;
  expect(await check(world, at)).toMatchObject({ asked: 2, more: false });
  vi.restoreAllMocks();
  const { results } = await env.DB.prepare(
    "SELECT next_check_at_ms AS next FROM payment_links WHERE environment_id = ?",
  )
    .bind(world.scope.environmentId)
    .all<{ next: number }>();
  for (const { next } of results) expect(next).toBeGreaterThan(at);
});

test("links that were there before there were times to ask about them are asked about", async () => {
  const { world, invoice } = await openWorld();
  const update = env.TEST_MIGRATIONS.flatMap(({ queries }) => queries).find((query) =>
    query.includes("UPDATE `payment_links`"),
  );
  if (!update) throw new Error("The migration gives them no time.");
  const timeAfter = async (set: string): Promise<number | null> => {
    await setLinks(world, `next_check_at_ms = NULL, created_at_ms = 1000, ${set}`);
    await env.DB.prepare(update).run();
    return (await linkOf(world)).next_check_at_ms;
  };
  expect(await timeAfter("checked_at_ms = NULL")).toBe(1000 + 6 * HOUR);
  expect(await timeAfter("checked_at_ms = 5000")).toBe(5000 + 6 * HOUR);
  expect(await timeAfter("status = 'inactive', deactivation = 'failed'")).toBe(5000 + 6 * HOUR);
  expect(await timeAfter("status = 'used', deactivation = 'done'")).toBeNull();
  await setLinks(world, "status = 'active', deactivation = 'none'");
  await beginDebit(world, invoice);
  expect(await timeAfter("status = 'inactive', deactivation = 'done'")).toBe(5000 + 6 * HOUR);
});
