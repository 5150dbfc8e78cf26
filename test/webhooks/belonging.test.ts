import { beforeAll, describe, expect, test } from "vitest";
import { ledgerSql } from "../harness/ledger-sql.ts";
import { createWorld } from "../harness/world.ts";
import { deliver, deliverTogether, outcomeOf, type Place, putInvoice, rowsOf } from "./deliver.ts";
import { newSession } from "./payloads/checkout-session.ts";
import { event } from "./payloads/event.ts";
import { newCharge, newIntent } from "./payloads/payment.ts";
import { firstDispute, firstRefund, newDispute, newRefund } from "./payloads/refund-dispute.ts";

let place: Place;
let count = 0;

beforeAll(async () => {
  place = await createWorld();
});

/** An open invoice over 129.00 EUR with a link that is off, and the ids of everything around it. */
async function bill() {
  count += 1;
  const n = `b${count}`;
  const ids = {
    invoice: `inv_${n}`,
    pi: `pi_${n}`,
    ch: `ch_${n}`,
    cs: `cs_${n}`,
    plink: `plink_${n}`,
    re: `re_${n}`,
    du: `du_${n}`,
  };
  await putInvoice(place, ids.invoice, { dueMinor: 12_900, currency: "EUR" });
  await ledgerSql(place.scope)
    .prepare(
      `INSERT INTO payment_links (invoice_id, revision, status, stripe_payment_link_id, deactivation,
       switched_off_reason, created_at_ms, updated_at_ms) VALUES (?, 1, 'inactive', ?, 'done', 'replaced', 1, 1)`,
    )
    .bind(ids.invoice, ids.plink)
    .run();
  const metadata = {
    invoice_id: ids.invoice,
    customer_id: "cus_1",
    quittance_tenant_id: place.scope.tenantId,
    quittance_environment_id: place.scope.environmentId,
  };
  let events = 0;
  const send = async (type: string, object: unknown) => {
    events += 1;
    const sent = { ...event(type, object), id: `evt_${n}_${events}` };
    await deliver(place, sent);
    return { look: () => outcomeOf(place, sent.id) };
  };
  const look = async () => (await rowsOf(place, "invoices", `id = '${ids.invoice}'`))[0];
  const intent = (fields = {}) => newIntent({ id: ids.pi, latest_charge: ids.ch, metadata, ...fields });
  const charge = (fields = {}) => newCharge({ id: ids.ch, payment_intent: ids.pi, metadata, ...fields });
  const session = (fields = {}) =>
    newSession({ id: ids.cs, payment_intent: ids.pi, payment_link: ids.plink, metadata, ...fields });
  return { ids, metadata, send, look, intent, charge, session };
}

describe("what comes before its payment is not lost:", () => {
  test("a refund, told by its intent", async () => {
    const { ids, send, look, intent } = await bill();
    const refund = newRefund({ id: ids.re, charge: ids.ch, payment_intent: ids.pi, metadata: {} });
    const early = await send("refund.created", refund);
    expect(await early.look()).toMatchObject({
      status: "ignored",
      reason: "foreign_object",
      waits_for: ids.pi,
    });
    expect(await rowsOf(place, "refunds", `payment_id = 'pay_${ids.pi.slice(3)}'`)).toEqual([]);
    await send("payment_intent.succeeded", intent());
    expect(await early.look()).toMatchObject({ status: "processed", reason: null, waits_for: null });
    expect(await look()).toMatchObject({ payment_status: "partially_refunded", amount_refunded_minor: 2900 });
  });

  test("a refund that stands before its payment in the same batch of the queue", async () => {
    const { ids, look, intent } = await bill();
    const refund = newRefund({ id: ids.re, charge: ids.ch, payment_intent: ids.pi, metadata: {} });
    const early = { ...event("refund.created", refund), id: `evt_${ids.re}` };
    const late = { ...event("payment_intent.succeeded", intent()), id: `evt_${ids.pi}` };
    await deliverTogether(place, [early, late]);
    expect(await outcomeOf(place, early.id)).toMatchObject({ status: "processed", waits_for: null });
    expect(await look()).toMatchObject({ payment_status: "partially_refunded", amount_refunded_minor: 2900 });
  });

  test.each([
    [
      "dispute",
      "charge.dispute.created",
      (ids: { du: string; ch: string }) => firstDispute({ id: ids.du, charge: ids.ch }),
    ],
    [
      "refund of 2015",
      "charge.refund.updated",
      (ids: { re: string; ch: string }) => firstRefund({ id: ids.re, charge: ids.ch }),
    ],
  ])("a %s, which names the charge alone", async (_, type, make) => {
    const { ids, send, look, session, charge } = await bill();
    const early = await send(type, make(ids));
    // The session knows the intent, but not the charge.
    await send("checkout.session.completed", session());
    expect((await early.look())?.status).toBe("ignored");
    await send("charge.succeeded", charge());
    expect((await early.look())?.status).toBe("processed");
    expect((await look())?.payment_status).toMatch(/disputed|partially_refunded/);
  });

  test("one with our metadata says that it waits", async () => {
    const { ids, metadata, send } = await bill();
    const early = await send(
      "refund.created",
      newRefund({ id: ids.re, charge: ids.ch, payment_intent: ids.pi, metadata }),
    );
    expect(await early.look()).toMatchObject({ status: "ignored", reason: "payment_not_known" });
  });

  test("even if the payment becomes known in the same moment", async () => {
    for (let round = 0; round < 20; round += 1) {
      const { ids, send, look, intent } = await bill();
      const refund = newRefund({ id: ids.re, charge: ids.ch, payment_intent: ids.pi, metadata: {} });
      await Promise.all([send("refund.created", refund), send("payment_intent.succeeded", intent())]);
      expect((await look())?.amount_refunded_minor).toBe(2900);
    }
  });
});

describe("without our metadata", () => {
  test("a session is matched by the stored link, and its intent and charge by the session, in any order", async () => {
    const orders = [
      [0, 1, 2],
      [1, 2, 0],
      [2, 1, 0],
    ];
    for (const order of orders) {
      const { ids, send, look, session, intent, charge } = await bill();
      const events: [string, unknown][] = [
        ["checkout.session.completed", session({ metadata: {} })],
        ["payment_intent.succeeded", intent({ metadata: {} })],
        ["charge.succeeded", charge({ metadata: {} })],
      ];
      const sent = [];
      for (const index of order) sent.push(await send(...(events[index] ?? ["", null])));
      for (const each of sent) expect(await each.look()).toMatchObject({ status: "processed" });
      expect(await look()).toMatchObject({ status: "paid", amount_paid_minor: 12_900 });
      expect(await rowsOf(place, "payments", `invoice_id = '${ids.invoice}'`)).toMatchObject([
        { stripe_charge_id: ids.ch, payment_method_type: "card", checkout_session_id: ids.cs },
      ]);
    }
  });

  test("a session is matched by its intent, once it names no link", async () => {
    const { ids, send, session } = await bill();
    await send("checkout.session.completed", session({ payment_status: "unpaid" }));
    const bare = session({ metadata: {}, payment_link: null, payment_status: "unpaid" });
    const later = await send("checkout.session.expired", bare);
    expect(await later.look()).toMatchObject({ status: "processed", invoice_id: ids.invoice });
  });

  test("and without anything of ours it changes nothing and says so", async () => {
    const { ids, send, session, look } = await bill();
    const before = await look();
    const foreign = session({
      metadata: {},
      payment_link: "plink_foreign",
      client_reference_id: ids.invoice,
    });
    const sent = await send("checkout.session.completed", foreign);
    expect(await sent.look()).toMatchObject({ status: "ignored", reason: "foreign_object" });
    expect(await look()).toEqual(before);
  });
});

describe("metadata that names another tenant", () => {
  test("is never followed, and is recorded", async () => {
    const { metadata, send, intent, look } = await bill();
    for (const wrong of [{ quittance_tenant_id: "tenant_x" }, { quittance_environment_id: "env_x" }]) {
      const sent = await send("payment_intent.succeeded", intent({ metadata: { ...metadata, ...wrong } }));
      expect(await sent.look()).toMatchObject({ status: "ignored", reason: "other_tenant", waits_for: null });
    }
    expect((await look())?.amount_paid_minor).toBe(0);
  });

  test("does not keep a refund from the payment that it was taken from", async () => {
    const { ids, metadata, send, intent, look } = await bill();
    await send("payment_intent.succeeded", intent());
    const wrong = { ...metadata, quittance_tenant_id: "tenant_x" };
    await send(
      "refund.created",
      newRefund({ id: ids.re, payment_intent: ids.pi, charge: ids.ch, metadata: wrong }),
    );
    expect((await look())?.amount_refunded_minor).toBe(2900);
  });

  test("and metadata of an invoice that does not exist is told apart", async () => {
    const { metadata, send, intent } = await bill();
    const sent = await send(
      "payment_intent.succeeded",
      intent({ metadata: { ...metadata, invoice_id: "inv_none" } }),
    );
    expect(await sent.look()).toMatchObject({ status: "ignored", reason: "unknown_invoice" });
  });
});

describe("where somebody at Stripe has written over our metadata", () => {
  test.each([
    ["a number of their own", { invoice_id: "2026-77" }],
    ["no tenant", { quittance_tenant_id: undefined }],
    ["no environment", { quittance_environment_id: undefined }],
  ])(
    "with %s, a session on a stored link pays the link's invoice, and its intent and charge with it",
    async (_, over) => {
      const { ids, metadata, send, look, session, intent, charge } = await bill();
      const written = { metadata: { ...metadata, ...over } };
      const early = await send("charge.succeeded", charge(written));
      expect(await early.look()).toMatchObject({ status: "ignored", waits_for: ids.pi });
      await send("checkout.session.completed", session(written));
      expect(await early.look()).toMatchObject({ status: "processed" });
      await send("payment_intent.succeeded", intent(written));
      expect(await look()).toMatchObject({ status: "paid", amount_paid_minor: 12_900 });
      const payments = await rowsOf(place, "payments", `invoice_id = '${ids.invoice}'`);
      expect(payments).toMatchObject([{ stripe_charge_id: ids.ch, payment_method_type: "card" }]);
    },
  );
});

test("a dispute takes the money off and gives it back, by its own status, whatever event brings it", async () => {
  const { ids, send, intent, look } = await bill();
  await send("payment_intent.succeeded", intent());
  const dispute = (status: string) =>
    newDispute({ id: ids.du, charge: ids.ch, payment_intent: ids.pi, status, metadata: {} });
  await send("charge.dispute.created", dispute("warning_needs_response"));
  expect(await look()).toMatchObject({ payment_status: "paid", amount_disputed_minor: 0 });
  await send("charge.dispute.updated", dispute("needs_response"));
  expect(await look()).toMatchObject({
    payment_status: "disputed",
    amount_disputed_minor: 12_900,
    status: "paid",
  });
  await send("charge.dispute.closed", dispute("won"));
  expect(await look()).toMatchObject({ payment_status: "paid", amount_disputed_minor: 0 });
});

test("a timeline tells each thing once, however many events tell of it", async () => {
  const { ids, send, intent, charge, session } = await bill();
  for (let round = 0; round < 2; round += 1) {
    await send(
      "payment_intent.payment_failed",
      intent({ amount_received: 0, last_payment_error: { decline_code: "insufficient_funds" } }),
    );
  }
  await send("checkout.session.completed", session());
  await send("payment_intent.succeeded", intent());
  await send("charge.succeeded", charge());
  const refund = newRefund({ id: ids.re, charge: ids.ch, payment_intent: ids.pi, metadata: {} });
  await send("refund.created", refund);
  await send("charge.refund.updated", refund);
  const rows = await rowsOf(place, "invoice_timeline", `invoice_id = '${ids.invoice}' ORDER BY id`);
  expect(rows.map(({ kind }) => kind)).toEqual(["payment_failed", "paid", "refund_created", "refunded"]);
  expect(rows.map(({ cause_kind }) => cause_kind)).toEqual(["stripe", "stripe", "stripe", "stripe"]);
});
