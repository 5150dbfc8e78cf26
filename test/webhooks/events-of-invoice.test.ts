// An invoice's events are all found by it, whenever they came, in work that does not grow with the log; those that come
// together cost no row for it.

import { beforeAll, expect, test } from "vitest";
import { ROWS_LOOKED_AT } from "../../src/platform/paging.ts";
import { consumeEvent } from "../../src/webhooks/consume-events.ts";
import { forgetAll } from "../harness/forget.ts";
import { ledgerRows } from "../harness/ledger-rows.ts";
import { ledgerSql } from "../harness/ledger-sql.ts";
import { messageFor } from "../harness/stripe-delivery.ts";
import { createWorld, type TestWorld } from "../harness/world.ts";
import { putInvoice, quietDeps } from "./deliver.ts";
import { event } from "./payloads/event.ts";
import { newCharge } from "./payloads/payment.ts";

const HOUR = 60 * 60 * 1000;
// At the beginning of a stretch of ten seconds.
const PAID_AT = Math.floor(Date.now() / 10_000) * 10_000;
const OTHERS = 2_500;

/** When each came, from the moment on at which the first was taken in, ms. */
const CAME = {
  evt_paid: 0,
  evt_with_it: 9_999,
  evt_before: -9_999,
  evt_hour: HOUR,
  evt_hour_too: HOUR + 9_999,
  evt_day: 24 * HOUR,
  evt_parked: -24 * HOUR,
} as const;
const rows: Record<string, number> = {};
let world: TestWorld;

beforeAll(async () => {
  world = await createWorld();
  await putInvoice(world, "inv_1", { dueMinor: 12_900, currency: "EUR" });
  const metadata = {
    invoice_id: "inv_1",
    customer_id: "cus_1",
    quittance_tenant_id: world.scope.tenantId,
    quittance_environment_id: world.scope.environmentId,
  };
  const charge = newCharge({ id: "ch_1", payment_intent: "pi_1", metadata });
  for (const [id, afterMs] of Object.entries(CAME)) {
    const sent = { ...event("charge.succeeded", charge), id };
    const message = { ...messageFor(world, sent as never), receivedAtMs: PAID_AT + afterMs };
    const { written } = await ledgerRows(world.scope, () =>
      consumeEvent({ ...quietDeps, now: () => PAID_AT }, message),
    );
    rows[id] = written;
  }
  await insertOthers();
});

/** Somebody else's, in the midst of those of the first stretch. */
async function insertOthers(): Promise<void> {
  const numbers = `WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < ${OTHERS})`;
  await ledgerSql(world.scope)
    .prepare(
      `INSERT INTO webhook_events (seq, stripe_event_id, connection_id, type, livemode, status, source, delivery_ids,
         attempts, changes, created_at_ms, received_at_ms, updated_at_ms)
       ${numbers} SELECT (?1 + i) * 1000, 'evt_other' || i, 'conn_1', 'charge.succeeded', 0, 'processed', 'webhook',
         '[]', 1, '[]', ?1, ?1 + i, ?1 FROM n`,
    )
    .bind(PAID_AT)
    .run();
}

/** All that is listed, and the most that one of its pages read. */
async function list(query: string): Promise<{ ids: string[]; mostRead: number }> {
  const ids: string[] = [];
  let [cursor, mostRead]: [string | null, number] = [null, 0];
  do {
    const at: string = cursor === null ? "" : `&cursor=${cursor}`;
    const { read } = await ledgerRows(world.scope, async () => {
      const { body } = await world.api("GET", `/webhook_events?invoice_id=inv_1${query}${at}`);
      ids.push(...body.data.map((one: { stripe_event_id: string }) => one.stripe_event_id));
      cursor = body.next_cursor;
    });
    mostRead = Math.max(mostRead, read);
  } while (cursor !== null);
  return { ids, mostRead };
}

const NEWEST_FIRST = Object.entries(CAME)
  .sort(([, one], [, other]) => other - one)
  .map(([id]) => id);

test.each(["", "&limit=1", "&limit=2", "&status=processed"])(
  "all are listed, the newest first: %s",
  async (query) => {
    const { ids, mostRead } = await list(query);
    expect(ids).toEqual(NEWEST_FIRST);
    expect(mostRead).toBeLessThanOrEqual(ROWS_LOOKED_AT + 100);
  },
);

test("and those of a time alone, and none of another kind", async () => {
  const at = (ms: number) => encodeURIComponent(new Date(PAID_AT + ms).toISOString());
  const range = `&received_after=${at(0)}&received_before=${at(HOUR + 1)}`;
  expect((await list(range)).ids).toEqual(["evt_hour", "evt_with_it", "evt_paid"]);
  expect((await list("&type=charge.refunded")).ids).toEqual([]);
  expect((await world.api("GET", "/webhook_events?invoice_id=inv_2")).body.data).toEqual([]);
});

test("those that come around the making of a payment cost no row for it, others one for ten seconds", () => {
  // Its row and its id.
  const alone = rows.evt_with_it ?? Number.NaN;
  expect(alone).toBe(2);
  expect(rows).toMatchObject({
    evt_before: alone,
    evt_hour: alone + 1,
    evt_hour_too: alone,
    evt_day: alone + 1,
  });
});

test("what is kept of when they came goes with them", async () => {
  const times = () =>
    ledgerSql(world.scope).prepare("SELECT COUNT(*) AS n FROM invoice_event_times").first<number>("n");
  await forgetAll(world.scope, 398);
  expect(await times()).toBe(3);
  await forgetAll(world.scope, 402);
  expect(await times()).toBe(0);
});
