// What comes of a due date: reminders, and that an invoice is overdue; when, how often, and when not.

import { evictDurableObject } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { ledger, ledgerName } from "../../src/ledger/client.ts";
import { watchDueDates } from "../../src/ledger/due-dates/watch-due-dates.ts";
import type { Json } from "../harness/api.ts";
import { inLedger } from "../harness/in-ledger.ts";
import { ledgerSql } from "../harness/ledger-sql.ts";
import { ringAlarm, tryWork, whileQueueIsDown } from "../harness/outbox.ts";
import { receivers } from "../harness/sandbox.ts";
import { createWorld, type TestWorld, testDeps } from "../harness/world.ts";
import { createDestination, createReceiver } from "../notifications/receiver.ts";
import { createLinkedInvoice, DEVELOPMENT, depsWith, readMail, timelineOf } from "./mail-fixture.ts";

const HOUR = 60 * 60 * 1000;
const DAY = 24 * HOUR;
const YEAR = new Date().getUTCFullYear() + 1;
/** A moment of next year's July, in Berlin's summer time. */
const july = (day: number, clock = "09:00:00") =>
  Date.parse(`${YEAR}-07-${String(day).padStart(2, "0")}T${clock}+02:00`);
const DUE = july(15, "16:00:00");
const REMINDERS = { before_days: [3], after_days: [1, 7] };

beforeEach(() => {
  receivers.clear();
  Object.assign(env, { EMAIL_PROVIDER: "development" });
});
afterEach(() => Reflect.deleteProperty(env, "EMAIL_PROVIDER"));

async function createRemindedWorld(settings: object = {}): Promise<TestWorld> {
  const world = await createWorld();
  await world.api("PATCH", "/settings", { time_zone: "Europe/Berlin", reminders: REMINDERS, ...settings });
  return world;
}

/** An invoice whose own mail went long before. */
const createDue = (world: TestWorld, fields: object = {}) =>
  createLinkedInvoice(world, { send_email: true, due_at: new Date(DUE).toISOString(), ...fields });

/** The alarm at these moments; mails that it wants lie there. */
async function ring(world: TestWorld, ...moments: number[]): Promise<void> {
  for (const atMs of moments) await whileQueueIsDown(() => ringAlarm(world.scope, atMs));
}

async function remindersOf(
  world: TestWorld,
  invoice: Json,
): Promise<{ at: number; status: string; id: string }[]> {
  const query =
    "SELECT created_at_ms AS at, status, id FROM mails WHERE kind = 'reminder' AND invoice_id = ? ORDER BY at";
  return (
    await ledgerSql(world.scope)
      .prepare(query)
      .bind(invoice.id)
      .all<{ at: number; status: string; id: string }>()
  ).results;
}

/** A payment that takes its days; again with another status it is that one. */
const putPayment = (world: TestWorld, invoice: Json, status: "processing" | "failed") =>
  ledgerSql(world.scope)
    .prepare(
      `INSERT INTO payments (id, source, invoice_id, customer_id, amount_minor, currency, status, state_order, occurred_at_ms,
         created_at_ms, updated_at_ms) VALUES ('pay_1', 'invoice', ?1, 'cus', 12900, 'EUR', ?2, 0, 1, 1, 1)
       ON CONFLICT DO UPDATE SET status = ?2`,
    )
    .bind(invoice.id, status)
    .run();

const timesOf = async (world: TestWorld, invoice: Json) =>
  (await remindersOf(world, invoice)).map(({ at }) => at);
const overdueOf = async (world: TestWorld, invoice: Json) =>
  (await timelineOf(world, invoice.id)).filter(({ kind }) => kind === "overdue");

// The day before each reminder, the minute before, the moment itself and a little later, and so until it is over.
const ALL = [12, 16, 22].flatMap((day) => [july(day - 1), july(day) - 60_000, july(day), july(day) + 5_000]);
const RIGHT = [july(12), july(16), july(22)];

test("reminders go at nine in the morning of the environment's zone on their days, each once however the alarm rings", async () => {
  const world = await createRemindedWorld();
  const invoice = await createDue(world);
  for (const atMs of ALL) {
    await ring(world, atMs, atMs);
    await evictDurableObject(env.LEDGER.getByName(ledgerName(world.scope)));
    await ring(world, atMs);
  }
  await ring(world, july(30), july(31));
  expect(await timesOf(world, invoice)).toEqual(RIGHT);
});

test("each look plans the next one, and the last one none", async () => {
  const world = await createRemindedWorld();
  const invoice = await createDue(world);
  const next = async () =>
    (
      await ledgerSql(world.scope)
        .prepare("SELECT due_check_at_ms AS at FROM invoices WHERE id = ?")
        .bind(invoice.id)
        .first<{ at: number | null }>()
    )?.at;
  expect(await next()).toBe(july(12));
  await ring(world, july(12));
  expect(await next()).toBe(july(16, "00:00:00"));
  await ring(world, july(16, "00:00:00"));
  expect(await next()).toBe(july(16));
  await ring(world, july(16), july(22));
  expect(await next()).toBeNull();
});

describe("no reminder goes", () => {
  const cases: Record<string, (world: TestWorld, invoice: Json) => Promise<unknown>> = {
    "once money is under way": (world, invoice) => putPayment(world, invoice, "processing"),
    "once it is paid": (world, invoice) =>
      world.api("POST", `/invoices/${invoice.id}/payments`, {
        amount: 12900,
        method: "cash",
        reference: "1",
      }),
    "once it is void": (world, invoice) => world.api("POST", `/invoices/${invoice.id}/void`),
    "once it is uncollectible": (world, invoice) =>
      world.api("POST", `/invoices/${invoice.id}/mark_uncollectible`),
    "once the connection is gone": (world) => world.api("DELETE", `/connections/${world.connectionId}`),
    "while the connection is switched off": (world) =>
      world.api("PATCH", `/connections/${world.connectionId}`, { is_active: false }),
    "where the customer has no address any more": (world, invoice) =>
      world.api("PATCH", `/customers/${invoice.customer_id}`, { email: null }),
    "where mail to its address came back": (world) =>
      ledgerSql(world.scope)
        .prepare("INSERT INTO held_addresses VALUES ('ada@example.com', 'bounced', 'No such user.', 'm', 1)")
        .run(),
    "where the settings want none": (world) => world.api("PATCH", "/settings", { reminders: null }),
    "where no provider is set": async () => Object.assign(env, { EMAIL_PROVIDER: "off" }),
  };
  test.each(Object.entries(cases))("%s", async (_, act) => {
    const world = await createRemindedWorld();
    const invoice = await createDue(world);
    await act(world, invoice);
    await ring(world, Date.now(), ...ALL);
    expect(await timesOf(world, invoice)).toEqual([]);
  });

  test("where the invoice says that it is not mailed", async () => {
    const world = await createRemindedWorld();
    const invoice = await createDue(world, { send_email: false });
    await ring(world, ...ALL);
    expect(await timesOf(world, invoice)).toEqual([]);
  });

  test("on a day on which the payer has had a mail of the invoice", async () => {
    const world = await createRemindedWorld();
    const invoice = await createDue(world);
    const early = depsWith(DEVELOPMENT, { now: () => july(12, "00:30:00") });
    await ledger(early, world.scope).requestMail({ invoiceId: invoice.id, call: "by hand" });
    await ring(world, ...ALL);
    expect(await timesOf(world, invoice)).toEqual(RIGHT.slice(1));
  });

  test("a day late or later, as after an outage; of those that came due meanwhile none is caught up on", async () => {
    const world = await createRemindedWorld();
    const invoice = await createDue(world);
    await ring(world, july(20));
    expect(await timesOf(world, invoice)).toEqual([]);
    await ring(world, july(22) + 20 * HOUR);
    expect(await timesOf(world, invoice)).toEqual([july(22) + 20 * HOUR]);
  });

  test("for the past of an invoice that is finalised late", async () => {
    const world = await createRemindedWorld({ reminders: { before_days: [3, 1], after_days: [1, 3, 90] } });
    const dueMs = Date.now() - 10 * DAY;
    const invoice = await createDue(world, { due_at: new Date(dueMs).toISOString() });
    await ring(world, Date.now(), Date.now() + DAY, Date.now() + 2 * DAY, Date.now() + 79 * DAY);
    expect(await timesOf(world, invoice)).toEqual([]);
    expect(await overdueOf(world, invoice)).toHaveLength(1);
  });
});

test("one that waited while money came under way is not sent", async () => {
  const world = await createRemindedWorld();
  const invoice = await createDue(world);
  await ring(world, july(12));
  const [reminder] = await remindersOf(world, invoice);
  await putPayment(world, invoice, "processing");
  await tryWork(world.scope, `send_mail/${reminder?.id}`, depsWith(DEVELOPMENT));
  expect(await readMail(world, reminder?.id ?? "")).toMatchObject({
    status: "canceled",
    error: "A payment is on its way.",
  });
});

test("a reminder says when it is due, and shows on the timeline as one", async () => {
  const world = await createRemindedWorld();
  const invoice = await createDue(world, { number: "2027-1" });
  for (const [day, subject, words] of [
    [12, "Reminder: invoice 2027-1 from Acme, €129.00", `is due in 3 days, on July 15, ${YEAR}.`],
    [
      22,
      "Overdue: invoice 2027-1 from Acme, €129.00",
      `was due on July 15, ${YEAR}, 7 days ago, and is still open.`,
    ],
  ] as const) {
    await ring(world, july(day));
    const reminder = (await remindersOf(world, invoice)).at(-1);
    const deps = depsWith(DEVELOPMENT, { now: () => july(day) });
    await tryWork(world.scope, `send_mail/${reminder?.id}`, deps);
    const mail = await readMail(world, reminder?.id ?? "");
    expect(mail).toMatchObject({ kind: "reminder", status: "sent", subject });
    for (const part of [mail.text, mail.html]) expect(part).toContain(words);
    expect(mail.text).toContain(invoice.payment_url);
  }
  const kinds = (await timelineOf(world, invoice.id)).map(({ kind }) => kind);
  expect(kinds.filter((kind) => kind === "reminder_mailed")).toHaveLength(2);
});

test("a due date that is changed moves its reminders, and one that waits for the former date is not sent", async () => {
  const world = await createRemindedWorld();
  const invoice = await createDue(world);
  await ring(world, july(12));
  const [waiting] = await remindersOf(world, invoice);
  await world.api("PATCH", `/invoices/${invoice.id}`, { due_at: new Date(july(25)).toISOString() });
  await tryWork(world.scope, `send_mail/${waiting?.id}`, depsWith(DEVELOPMENT));
  expect(await readMail(world, waiting?.id ?? "")).toMatchObject({
    status: "canceled",
    error: "The due date was changed.",
  });
  await ring(world, july(16), july(22), july(26));
  expect((await timesOf(world, invoice)).slice(1)).toEqual([july(22), july(26)]);
  await world.api("PATCH", `/invoices/${invoice.id}`, { due_at: null });
  await ring(world, july(31) + DAY);
  expect(await timesOf(world, invoice)).toHaveLength(3);
});

test("open invoices follow settings that are changed: the days and the time zone", async () => {
  const world = await createRemindedWorld({ reminders: null });
  const invoices = [await createDue(world), await createDue(world)];
  await ring(world, Date.now());
  await world.api("PATCH", "/settings", {
    reminders: { before_days: [1], after_days: [] },
    time_zone: "America/New_York",
  });
  await ring(world, Date.now());
  // Nine in New York is three in the afternoon in Berlin.
  await ring(world, july(14), july(14, "14:59:00"), july(14, "15:00:00"));
  for (const invoice of invoices) expect(await timesOf(world, invoice)).toEqual([july(14, "15:00:00")]);
});

describe("invoice.overdue", () => {
  test("is told once a due date, when the day is over in the environment's zone, on the timeline too", async () => {
    const world = await createRemindedWorld({ reminders: null });
    const receiver = createReceiver();
    await createDestination(world, receiver, { event_types: ["invoice.overdue"] });
    const invoice = await createDue(world, { send_email: false });
    const messages = async () =>
      (
        await ledgerSql(world.scope)
          .prepare("SELECT key FROM messages WHERE type = 'invoice.overdue'")
          .all<{ key: string }>()
      ).results;
    await ring(world, july(15, "23:59:59"));
    expect(await messages()).toEqual([]);
    const midnight = july(16, "00:00:00");
    await ring(world, midnight, midnight, midnight + 5_000, midnight + DAY);
    expect(await messages()).toEqual([{ key: `${invoice.id}/${DUE}` }]);
    expect(await overdueOf(world, invoice)).toMatchObject([{ detail: { amount: 12900, currency: "EUR" } }]);

    await world.api("PATCH", `/invoices/${invoice.id}`, { due_at: new Date(july(20)).toISOString() });
    await ring(world, july(20), july(21), july(22));
    expect(await messages()).toHaveLength(2);
    // Back to the first date, of which it was told.
    await world.api("PATCH", `/invoices/${invoice.id}`, { due_at: new Date(DUE).toISOString() });
    await ring(world, july(23), july(24));
    expect(await messages()).toHaveLength(2);
  });

  test("waits for a payment that is on its way, and comes when that has failed", async () => {
    const world = await createRemindedWorld();
    const invoice = await createDue(world);
    await putPayment(world, invoice, "processing");
    await ring(world, july(16, "00:00:00"), july(16), july(18));
    expect(await overdueOf(world, invoice)).toEqual([]);
    await putPayment(world, invoice, "failed");
    await ring(world, july(19));
    expect(await overdueOf(world, invoice)).toHaveLength(1);
  });

  test("is not told of an invoice that is paid, void or has no due date", async () => {
    const world = await createRemindedWorld();
    const [paid, gone, never] = [
      await createDue(world),
      await createDue(world),
      await createDue(world, { due_at: null }),
    ];
    await world.api("POST", `/invoices/${paid.id}/payments`, {
      amount: 12900,
      method: "cash",
      reference: "1",
    });
    await world.api("POST", `/invoices/${gone.id}/void`);
    await ring(world, july(16), july(17));
    for (const invoice of [paid, gone, never]) expect(await overdueOf(world, invoice)).toEqual([]);
  });

  test("is told of an invoice that is open again after its payment was reversed", async () => {
    const world = await createRemindedWorld({ reminders: null });
    const invoice = await createDue(world);
    const paying = { amount: 12900, method: "cash", reference: "1" };
    const payment = (await world.api("POST", `/invoices/${invoice.id}/payments`, paying)).body;
    await ring(world, july(16));
    expect(await overdueOf(world, invoice)).toEqual([]);
    const late: Parameters<typeof testDeps>[0] = { now: () => july(17) };
    await ledger(testDeps(late), world.scope).reversePayment({ id: payment.id });
    await ring(world, july(17));
    expect(await overdueOf(world, invoice)).toHaveLength(1);
  });
});

test("an uncollectible invoice that is opened again is reminded of, and overdue, as any open one", async () => {
  const world = await createRemindedWorld();
  const invoice = await createDue(world);
  await world.api("POST", `/invoices/${invoice.id}/mark_uncollectible`);
  await ring(world, july(12));
  await ledger(testDeps({ now: () => july(13) }), world.scope).reopenInvoice({ id: invoice.id });
  await tryWork(world.scope, `create_payment_link/${invoice.id}/2`);
  await ring(world, july(16, "00:00:00"), july(16));
  expect(await timesOf(world, invoice)).toEqual([july(16)]);
  expect(await overdueOf(world, invoice)).toHaveLength(1);
});

test("what is due is found along its index, however many invoices are open", async () => {
  const world = await createRemindedWorld();
  await createDue(world);
  await ledgerSql(world.scope)
    .prepare(
      `WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 2000)
       INSERT INTO invoices (id, number, customer_id, currency, lines, amount_due_minor, status, payment_status, send_email,
         metadata, created_at_ms, updated_at_ms)
       SELECT 'inv_many_' || i, i, 'cus', 'EUR', '[]', 100, 'open', 'unpaid', 1, '{}', i, i FROM n`,
    )
    .run();
  const { rows } = await inLedger(world.scope, (book) => watchDueDates.run(book, 500), july(12));
  expect(rows.read).toBeLessThan(100);
});
