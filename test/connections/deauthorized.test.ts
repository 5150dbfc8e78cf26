// A connection by Stripe Connect ends from either side: history stays, work that can no longer be done ends with words,
// the platform is told once, and the same account connected again goes on with its ids.

import { beforeAll, beforeEach, expect, test } from "vitest";
import { sandbox } from "../harness/sandbox.ts";
import { eventsOf } from "../harness/stripe-delivery.ts";
import { createOpenInvoice, createPayableInvoice, eventually, type TestWorld } from "../harness/world.ts";
import { createDestination, createReceiver } from "../notifications/receiver.ts";
import {
  createConnectedWorld,
  deliverToConnect,
  grant,
  listenAtConnect,
  PLATFORM_KEY,
} from "./connected-world.ts";

beforeAll(listenAtConnect);
beforeEach(() => {
  sandbox.world.faults.length = 0;
  sandbox.world.deliveryPolicy.withhold = false;
});

const pathOf = (world: TestWorld) => `/connections/${world.connectionId}`;
const connectionOf = async (world: TestWorld) => (await world.api("GET", pathOf(world))).body;
const invoiceOf = async (world: TestWorld, id: string) => (await world.api("GET", `/invoices/${id}`)).body;
const isConnectedAtStripe = (world: TestWorld) => world.accountId in sandbox.world.oauthGrants;
const ended = (world: TestWorld) =>
  eventually(
    () => connectionOf(world),
    ({ status }) => status === "disconnected",
  );

/** As the account's owner does it in Stripe's dashboard. */
async function takeBack({ accountId }: TestWorld): Promise<void> {
  const url = `http://stripe.sandbox/_sandbox/accounts/${accountId}/deauthorize`;
  expect((await sandbox.fetch(new Request(url, { method: "POST" }))).status).toBe(200);
}

/** Stripe's event of it, which the sandbox kept back, with the account that it is of. */
function eventOfTakingBack(world: TestWorld): object {
  const event = eventsOf(world).findLast(({ type }) => type === "account.application.deauthorized");
  if (!event) throw new Error("There was no such event.");
  return { ...event, account: world.accountId };
}

async function listening(): Promise<{ world: TestWorld; told: () => string[] }> {
  const world = await createConnectedWorld();
  const receiver = createReceiver();
  await createDestination(world, receiver, { event_types: ["connection.disconnected"] });
  return { world, told: () => receiver.received.map(({ body }) => JSON.parse(body).type) };
}

const late = {
  customer_id: "cus_late",
  currency: "eur",
  lines: [{ description: "Late", quantity: 1, unit_amount: 900 }],
};

async function paidInvoice(world: TestWorld) {
  const invoice = await createPayableInvoice(world);
  await sandbox.pay(
    world.accountId,
    { paymentLinkId: invoice.payment_link.id },
    { card: "4242424242424242" },
  );
  await sandbox.settle();
  await eventually(
    () => invoiceOf(world, invoice.id),
    ({ status }) => status === "paid",
  );
  const [payment] = (await world.api("GET", `/payments?invoice_id=${invoice.id}`)).body.data;
  return { invoice, payment };
}

test("DELETE switches the links off, gives the access back at Stripe, keeps history, and is told once though Stripe tells it too", async () => {
  const { world, told } = await listening();
  const { invoice: paid } = await paidInvoice(world);
  const open = await createPayableInvoice(world);
  const { status, body } = await world.api("DELETE", pathOf(world));
  expect([status, body.status, body.not_undone]).toEqual([200, "disconnected", []]);
  expect(isConnectedAtStripe(world)).toBe(false);
  expect(sandbox.world.accounts[world.accountId]?.paymentLinks[open.payment_link.id]?.active).toBe(false);
  await sandbox.settle();
  await eventually(
    async () => (await world.api("GET", "/webhook_events?type=account.application.deauthorized")).body.data,
    ([event]) => event?.status === "processed",
  );
  await eventually(
    async () => told(),
    (types) => types.length > 0,
  );
  expect(told()).toEqual(["connection.disconnected"]);
  expect((await invoiceOf(world, paid.id)).status).toBe("paid");
});

test("with dry_run it is told what it would cost, and nothing is done", async () => {
  const world = await createConnectedWorld();
  const open = await createPayableInvoice(world);
  const { status, body } = await world.api("DELETE", `${pathOf(world)}?dry_run=true`);
  expect([status, body.status]).toEqual([200, "active"]);
  expect(body.open_ends.payment_links).toEqual([{ id: open.payment_link.id, invoice_id: open.id }]);
  expect(body.not_undone.join(" ")).toContain(open.payment_link.id);
  expect(body.not_undone.join(" ")).toContain("would be given back");
  expect(isConnectedAtStripe(world)).toBe(true);
  expect((await invoiceOf(world, open.id)).payment_link.status).toBe("active");
});

test("where Stripe is away, DELETE leaves the connection switched off and says so; the same call goes on", async () => {
  const world = await createConnectedWorld();
  sandbox.world.faults.push({ method: "POST", path: "/oauth/deauthorize", times: 1, kind: "server_error" });
  const first = await world.api("DELETE", pathOf(world));
  expect([first.status, first.body.code]).toEqual([503, "disconnect_unfinished"]);
  expect(first.body.detail).toContain("Make the same call again");
  expect(await connectionOf(world)).toMatchObject({ status: "disabled" });
  expect(isConnectedAtStripe(world)).toBe(true);
  expect((await world.api("DELETE", pathOf(world))).body).toMatchObject({
    status: "disconnected",
    not_undone: [],
  });
  expect(isConnectedAtStripe(world)).toBe(false);
});

test("where the owner took the access back and its event was lost, DELETE disconnects all the same", async () => {
  const world = await createConnectedWorld();
  sandbox.world.deliveryPolicy.withhold = true;
  await takeBack(world);
  expect((await world.api("DELETE", pathOf(world))).body).toMatchObject({
    status: "disconnected",
    not_undone: [],
  });
});

test("an owner who takes the access back disconnects at once; it is told, audited, makes no more links, and other accounts go on", async () => {
  const [{ world, told }, other] = [await listening(), await createConnectedWorld()];
  const { invoice } = await paidInvoice(world);
  await takeBack(world);
  await sandbox.settle();
  expect((await ended(world)).status_detail).toContain("taken the access back");
  await eventually(
    async () => told(),
    (types) => types.length > 0,
  );
  expect(told()).toEqual(["connection.disconnected"]);
  const log = (await world.api("GET", "/audit_log?limit=100")).body.data;
  expect(log.map(({ action }: { action: string }) => action)).toContain("connection.deauthorized");
  expect((await invoiceOf(world, invoice.id)).status).toBe("paid");
  await world.api("POST", "/customers", { id: "cus_late", name: "Late" });
  const draft = (await world.api("POST", "/invoices", late)).body;
  const refused = await world.api("POST", `/invoices/${draft.id}/finalize`);
  expect([refused.status, refused.body.code]).toEqual([409, "connection_missing"]);
  expect(Object.keys(sandbox.world.accounts[world.accountId]?.paymentLinks ?? {})).toHaveLength(1);
  expect((await connectionOf(other)).status).toBe("active");
});

test("taken back while a link is made, the work waits, ends with words once Stripe's event is there, and goes on with the same account", async () => {
  const world = await createConnectedWorld();
  sandbox.world.deliveryPolicy.withhold = true;
  await takeBack(world);
  const { id } = await createOpenInvoice(world);
  await eventually(
    () => connectionOf(world),
    ({ status }) => status === "error",
  );
  await deliverToConnect(eventOfTakingBack(world));
  await ended(world);
  const failed = await eventually(
    () => invoiceOf(world, id),
    ({ payment_link }) => payment_link?.status === "failed",
  );
  expect(failed.payment_link.error).toContain(`Connect the account ${world.accountId} again`);
  sandbox.world.deliveryPolicy.withhold = false;
  const again = await grant(world);
  expect(again).not.toBe(world.connectionId);
  const { payment_link } = await eventually(
    () => invoiceOf(world, id),
    (invoice) => invoice.payment_link?.status === "active",
  );
  await sandbox.pay(world.accountId, { paymentLinkId: payment_link.id }, { card: "4242424242424242" });
  await sandbox.settle();
  await eventually(
    () => invoiceOf(world, id),
    ({ status }) => status === "paid",
  );
});

test("taken back before a refund is asked for, the refund is refused in Stripe's words, and nothing went back", async () => {
  const world = await createConnectedWorld();
  const { invoice, payment } = await paidInvoice(world);
  sandbox.world.deliveryPolicy.withhold = true;
  await takeBack(world);
  const refused = await world.api("POST", `/payments/${payment.id}/refunds`, {});
  expect([refused.status, refused.body.code]).toEqual([422, "stripe_authentication_failed"]);
  await deliverToConnect(eventOfTakingBack(world));
  await ended(world);
  expect(await invoiceOf(world, invoice.id)).toMatchObject({ status: "paid", amount_refunded: 0 });
  expect(Object.values(sandbox.accountFor(PLATFORM_KEY).refunds)).toEqual([]);
  expect(Object.values(sandbox.world.accounts[world.accountId]?.refunds ?? {})).toEqual([]);
});

test("taken back while a refund is made of which Stripe had not answered, asking again is refused with words, and nothing went back", async () => {
  const world = await createConnectedWorld();
  const { payment } = await paidInvoice(world);
  sandbox.world.faults.push({ method: "POST", path: "/v1/refunds", times: 1, kind: "cut_before" });
  sandbox.world.deliveryPolicy.withhold = true;
  const ask = async () => {
    const { status, body } = await world.api("POST", `/payments/${payment.id}/refunds`, {});
    return [status, body.code];
  };
  expect(await ask()).toEqual([502, "stripe_timeout"]);
  await takeBack(world);
  expect(await ask()).toEqual([422, "stripe_authentication_failed"]);
  await deliverToConnect(eventOfTakingBack(world));
  await ended(world);
  expect(await ask()).toEqual([409, "connection_missing"]);
  expect(Object.values(sandbox.world.accounts[world.accountId]?.refunds ?? {})).toEqual([]);
});

test("a connection that is switched off is disconnected by its owner as well", async () => {
  const world = await createConnectedWorld();
  await world.api("PATCH", pathOf(world), { is_active: false });
  await takeBack(world);
  await sandbox.settle();
  await ended(world);
});

test("the event of a former access, sent again, does not end the one that was given since", async () => {
  const world = await createConnectedWorld();
  await takeBack(world);
  await sandbox.settle();
  await ended(world);
  const event = eventOfTakingBack(world);
  const connectionId = await grant(world);
  await deliverToConnect({ ...event, id: "evt_toldlater" });
  const [told] = await eventually(
    async () =>
      (await world.api("GET", "/webhook_events?type=account.application.deauthorized")).body.data.filter(
        ({ stripe_event_id }: { stripe_event_id: string }) => stripe_event_id === "evt_toldlater",
      ),
    (found) => found.length === 1,
  );
  expect(told).toMatchObject({ status: "ignored", reason: "before_connection" });
  expect((await world.api("GET", `/connections/${connectionId}`)).body.status).toBe("active");
});

test("an event that names another account than it came from disconnects neither", async () => {
  const [world, other] = [await createConnectedWorld(), await createConnectedWorld()];
  sandbox.world.deliveryPolicy.withhold = true;
  await takeBack(world);
  await grant(world).catch(() => {});
  sandbox.world.oauthGrants[world.accountId] = sandbox.accountFor(PLATFORM_KEY).account.id;
  await deliverToConnect({ ...eventOfTakingBack(world), context: other.accountId });
  await eventually(
    async () => (await world.api("GET", "/webhook_events?type=account.application.deauthorized")).body.data,
    ([event]) => event?.reason === "other_account",
  );
  for (const one of [world, other]) expect((await connectionOf(one)).status).toBe("active");
});
