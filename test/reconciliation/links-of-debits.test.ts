import { beforeEach, expect, test } from "vitest";
import { sandbox } from "../harness/sandbox.ts";
import {
  beginDebit,
  check,
  DAY,
  HOUR,
  hear,
  linkOf,
  off,
  openWorld,
  pay,
  setLinks,
} from "./quiet-links-fixture.ts";
import { quietDeps, reader } from "./reconcile-fixture.ts";

// Nothing is delivered: the test hands each event over itself.
beforeEach(() => {
  sandbox.world.deliveryPolicy.withhold = true;
  sandbox.world.faults.length = 0;
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
  await world.api("POST", `/invoices/${invoice.id}/payment_link`, { force: true });
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
  await pay(world, invoice, "bank_debit_success");
  await sandbox.advance(60_000);
  await hear(world, ({ type }) => type === "payment_intent.succeeded");
  await off(world);
  await hear(world, ({ type }) => type === "payment_intent.processing");
  expect((await linkOf(world)).next_check_at_ms).toBeNull();
});

test("a debit on a page of a link that is off already is asked about all the same", async () => {
  const { world, invoice } = await openWorld();
  await pay(world, invoice, "bank_debit_success");
  await world.api("POST", `/invoices/${invoice.id}/payment_link`, { force: true });
  expect((await off(world)).next_check_at_ms).toBeNull();
  await hear(world, ({ type }) => type === "payment_intent.processing");
  expect((await linkOf(world)).next_check_at_ms).toBeLessThanOrEqual(Date.now() + 6 * HOUR);
});
