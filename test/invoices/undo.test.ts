import { describe, expect, test } from "vitest";
import { ledger } from "../../src/ledger/client.ts";
import type { Json } from "../harness/api.ts";
import { sandbox } from "../harness/sandbox.ts";
import { createWorld, eventually, type TestWorld, testDeps } from "../harness/world.ts";
import { createDestination, createReceiver } from "../notifications/receiver.ts";
import { deliver, rowsOf } from "../webhooks/deliver.ts";
import { event } from "../webhooks/payloads/event.ts";
import { newIntent } from "../webhooks/payloads/payment.ts";
import {
  createDraft,
  createLinkedInvoice,
  kindsOf,
  linkAtStripe,
  readInvoice,
  untilInvoice,
} from "./invoice-fixture.ts";

const auditOf = async (world: TestWorld, id: string) =>
  (await world.api("GET", "/audit_log?limit=100")).body.data
    .filter((entry: Json) => entry.target.id === id)
    .map((entry: Json) => entry.action);
const toldOf = async (world: TestWorld, id: string) =>
  (await rowsOf(world, "messages", `object_id = '${id}'`)).map(({ type }) => type).sort();
const countsOf = (world: TestWorld) => ledger(testDeps(), world.scope).countInvoices({});
const giveUp = async (world: TestWorld, id: string) =>
  expect((await world.api("POST", `/invoices/${id}/mark_uncollectible`)).status).toBe(200);

describe("an invoice that was given up", () => {
  test("is opened again: it asks for what is left by a new link, and all of it is told, noted and counted", async () => {
    const world = await createWorld();
    await createDestination(world, createReceiver());
    const { id, payment_link: first } = await createLinkedInvoice(world);
    await world.api("POST", `/invoices/${id}/payments`, { amount: 2900, method: "cash", reference: "r" });
    await giveUp(world, id);
    const opened = await world.api("POST", `/invoices/${id}/reopen`);
    expect(opened).toMatchObject({
      status: 200,
      body: { status: "open", payment_status: "partially_paid", amount_remaining: 10_000 },
    });
    const open = await untilInvoice(world, id, (seen) => seen.payment_link.status === "active");
    expect(open.payment_link.id).not.toBe(first.id);
    await eventually(
      async () => linkAtStripe(world, first.id).active,
      (isActive) => !isActive,
    );
    expect(await kindsOf(world, id)).toEqual(expect.arrayContaining(["marked_uncollectible", "reopened"]));
    expect(await auditOf(world, id)).toContain("invoice.reopened");
    expect(await toldOf(world, id)).toContain("invoice.reopened");
    expect(await countsOf(world)).toContainEqual(
      expect.objectContaining({ status: "open", count: 1, remainingMinor: 10_000 }),
    );

    await sandbox.pay(world.accountId, { paymentLinkId: open.payment_link.id }, { card: "4242424242424242" });
    await sandbox.settle();
    expect(await untilInvoice(world, id, (seen) => seen.status === "paid")).toMatchObject({
      payment_status: "paid",
    });
  });

  test("is open already for the second call, and may be given up and opened as often as one likes", async () => {
    const world = await createWorld();
    const { id } = await createLinkedInvoice(world);
    const reopen = () => world.api("POST", `/invoices/${id}/reopen`);
    expect((await reopen()).body.payment_link.revision).toBe(1);
    for (const times of [1, 2]) {
      await giveUp(world, id);
      const [one, other] = await Promise.all([reopen(), reopen()]);
      expect([one.status, other.status, one.body.payment_link.revision]).toEqual([200, 200, times + 1]);
      const kinds = await kindsOf(world, id);
      for (const kind of ["marked_uncollectible", "reopened"])
        expect([kind, kinds.filter((each) => each === kind).length]).toEqual([kind, times]);
    }
    expect((await auditOf(world, id)).filter((act: string) => act === "invoice.reopened")).toHaveLength(2);
  });

  test("is not opened where it is a draft, paid or void, without a connection, or its customer is gone", async () => {
    const world = await createWorld();
    const refused = async (id: string) => {
      const { status, body } = await world.api("POST", `/invoices/${id}/reopen`);
      expect([status, body.code]).toEqual([409, "conflict"]);
      return body.detail;
    };
    expect(await refused((await createDraft(world)).id)).toContain(
      "is draft. Only one that is uncollectible",
    );
    const paid = await createLinkedInvoice(world);
    await giveUp(world, paid.id);
    await world.api("POST", `/invoices/${paid.id}/payments`, {
      amount: 12900,
      method: "cash",
      reference: "r",
    });
    expect(await refused(paid.id)).toContain("is paid");
    const gone = await createLinkedInvoice(world);
    await giveUp(world, gone.id);
    expect((await world.api("DELETE", `/customers/${gone.customer_id}`)).status).toBe(200);
    expect(await refused(gone.id)).toContain("was deleted");
    expect((await world.api("POST", "/invoices/inv_nobody/reopen")).status).toBe(404);
    const kept = await createLinkedInvoice(world);
    await giveUp(world, kept.id);
    await world.api("DELETE", `/connections/${world.connectionId}`);
    const { body } = await world.api("POST", `/invoices/${kept.id}/reopen`);
    expect(body.code).toBe("connection_missing");
    expect((await readInvoice(world, kept.id)).status).toBe("uncollectible");
  });
});

describe("a draft", () => {
  test("is deleted: nothing of it stays but what the audit log and the message say, and its id can be used again", async () => {
    const world = await createWorld();
    await createDestination(world, createReceiver());
    for (const _ of [1, 2]) {
      const { id, customer_id } = await createDraft(world, { id: "inv_again" });
      await world.api("PATCH", `/invoices/${id}`, { memo: "soon" });
      expect(await world.api("DELETE", `/invoices/${id}`)).toMatchObject({
        status: 200,
        body: { id, object: "invoice", deleted: true },
      });
      for (const path of ["", "/timeline"])
        expect((await world.api("GET", `/invoices/${id}${path}`)).status).toBe(404);
      expect((await world.api("DELETE", `/invoices/${id}`)).status).toBe(404);
      expect(await rowsOf(world, "invoice_timeline")).toEqual([]);
      expect((await world.api("GET", "/invoices")).body.data).toEqual([]);
      expect((await countsOf(world)).filter(({ count }) => count !== 0)).toEqual([]);
      // Nothing holds its customer any more.
      expect((await world.api("DELETE", `/customers/${customer_id}`)).status).toBe(200);
    }
    expect(await toldOf(world, "inv_again")).toEqual(["invoice.deleted", "invoice.deleted"]);
    const [message] = await rowsOf(world, "messages", "type = 'invoice.deleted'");
    expect(JSON.parse(String(message?.snapshot)).invoice).toMatchObject({ id: "inv_again", memo: "soon" });
    expect(await auditOf(world, "inv_again")).toEqual(
      expect.arrayContaining(["invoice.created", "invoice.deleted"]),
    );
  });

  test("is all that can be deleted, and not one that Stripe has told of money for", async () => {
    const world = await createWorld();
    const { id } = await createLinkedInvoice(world);
    const refused = await world.api("DELETE", `/invoices/${id}`);
    expect(refused).toMatchObject({ status: 409, body: { code: "conflict" } });
    expect(refused.body.detail).toContain("can be voided");
    expect((await readInvoice(world, id)).status).toBe("open");
    const draft = await createDraft(world);
    const { tenantId, environmentId } = world.scope;
    const metadata = {
      ...{ invoice_id: draft.id, quittance_tenant_id: tenantId, quittance_environment_id: environmentId },
    };
    await deliver(world, event("payment_intent.succeeded", newIntent({ id: "pi_early", metadata })));
    const kept = await world.api("DELETE", `/invoices/${draft.id}`);
    expect(kept).toMatchObject({ status: 409, body: { code: "conflict" } });
    expect(kept.body.detail).toContain("Finalise it");
  });
});
