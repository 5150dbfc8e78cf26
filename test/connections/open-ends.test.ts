// Whoever disconnects is told before and after, by id, what goes on at Stripe unheard of; and work for Stripe that
// was outstanding ends with words and goes on once the same account is connected again.

import { beforeEach, expect, test } from "vitest";
import { root } from "../harness/api.ts";
import { ledgerSql } from "../harness/ledger-sql.ts";
import { outboxOf, tryWork, whileQueueIsDown } from "../harness/outbox.ts";
import { sandbox } from "../harness/sandbox.ts";
import { createWorld, eventually, type TestWorld } from "../harness/world.ts";
import { createLinkedInvoice, linksAtStripe, readInvoice } from "../invoices/invoice-fixture.ts";

beforeEach(() => {
  sandbox.world.faults.length = 0;
  sandbox.world.revokedKeys.length = 0;
});

const pathOf = (world: TestWorld) => `/connections/${world.connectionId}`;

async function connectAgain(world: Pick<TestWorld, "api" | "secretKey">): Promise<void> {
  const body = { name: "Again", provider: "stripe", secret_key: world.secretKey };
  expect((await world.api("POST", "/connections", body)).status).toBe(201);
}

const sessionBody = {
  mode: "payment",
  line_items: [
    { quantity: 1, price_data: { currency: "eur", unit_amount: 900, product_data: { name: "Mug" } } },
  ],
  success_url: "https://shop.example/thanks",
  cancel_url: "https://shop.example/cart",
};

test("links, payments on their way, checkout sessions and subscriptions are named before and after", async () => {
  const world = await createWorld();
  const open = await createLinkedInvoice(world);
  const debited = await createLinkedInvoice(world);
  await sandbox.pay(
    world.accountId,
    { paymentLinkId: debited.payment_link.id },
    { card: "bank_debit_success" },
  );
  await sandbox.settle();
  const [payment] = await eventually(
    async () => (await world.api("GET", `/payments?invoice_id=${debited.id}`)).body.data,
    (seen) => seen.length === 1,
  );
  expect(payment.status).toBe("processing");
  const session = (await world.api("POST", "/checkout_sessions", sessionBody)).body;
  const going = {
    payments: [{ id: payment.id, invoice_id: debited.id, subscription_id: null }],
    checkout_sessions: [session.id],
    subscriptions: [],
  };

  const before = await world.api("DELETE", `${pathOf(world)}?dry_run=true`);
  expect(before).toMatchObject({ status: 200, body: { status: "active", open_ends: going } });
  const links = before.body.open_ends.payment_links;
  expect(links).toContainEqual({ id: open.payment_link.id, invoice_id: open.id });
  expect(before.body.not_undone.join(" ")).toContain(open.payment_link.id);
  expect((await readInvoice(world, open.id)).payment_link.status).toBe("active");

  const after = await world.api("DELETE", pathOf(world));
  expect(after.body).toMatchObject({ status: "disconnected", open_ends: { ...going, payment_links: [] } });
  const said = after.body.not_undone.join(" ");
  for (const id of [payment.id, debited.id, session.id]) expect(said).toContain(id);
  expect(said).not.toContain(open.payment_link.id);
});

/** Links of which Stripe knows nothing, as if they had been made. */
async function fakeLinks(world: TestWorld, invoiceId: string, count: number): Promise<string[]> {
  const ids = Array.from({ length: count }, (_, index) => `plink_fake${index}`);
  await ledgerSql(world.scope)
    .prepare(
      `INSERT INTO payment_links (invoice_id, revision, status, stripe_payment_link_id, account_id,
         next_check_at_ms, created_at_ms, updated_at_ms)
       SELECT ?1 || '_' || key, 1, 'active', value, ?2, 1, 1, 1 FROM json_each(?3)`,
    )
    .bind(invoiceId, world.accountId, JSON.stringify(ids))
    .run();
  return ids;
}

test("of more links than one call can switch off it says how many are left, and the same call goes on until all are off", async () => {
  const world = await createWorld();
  await fakeLinks(world, "inv_fake", 640);
  for (const left of [340, 40]) {
    const { status, body } = await whileQueueIsDown(() => world.api("DELETE", pathOf(world)));
    expect([status, body.code]).toEqual([503, "disconnect_unfinished"]);
    expect(body.detail).toContain(`300 payment links were switched off at Stripe, and ${left} are left`);
    expect((await world.api("GET", pathOf(world))).body).toMatchObject({
      status: "disabled",
      is_active: false,
    });
  }
  const { status, body } = await world.api("DELETE", pathOf(world));
  expect(status).toBe(200);
  expect(body).toMatchObject({ status: "disconnected", open_ends: { payment_links: [] } });
  expect(body.not_undone.join(" ")).not.toContain("plink_fake");
  expect(await outboxOf(world.scope)).toEqual([]);
});

test("so does erasing the environment, which is erased by the call that comes to the end", async () => {
  const world = await createWorld();
  await fakeLinks(world, "inv_fake", 340);
  const { tenantId, environmentId } = world.scope;
  const path = `/tenants/${tenantId}/environments/${environmentId}`;
  const { name } = (await root("GET", `/tenants/${tenantId}/environments`)).body.data[0];
  const first = await whileQueueIsDown(() => root("DELETE", path, { confirm: name }));
  expect([first.status, first.body.code]).toEqual([503, "disconnect_unfinished"]);
  expect((await root("DELETE", path, { confirm: name })).status).toBe(200);
});

test("where more than one call can try are refused by Stripe, each is named, and the connection goes all the same", async () => {
  const world = await createWorld();
  await fakeLinks(world, "inv_fake", 340);
  // Made in another account: from here they cannot be reached.
  await ledgerSql(world.scope).prepare("UPDATE payment_links SET account_id = 'acct_other'").run();
  const { status, body } = await whileQueueIsDown(() => world.api("DELETE", pathOf(world)));
  expect(status).toBe(200);
  expect(body.open_ends.payment_links).toHaveLength(340);
  const said = body.not_undone.join(" ");
  for (const { id, invoice_id } of body.open_ends.payment_links) {
    expect(said).toContain(id);
    expect(said).toContain(invoice_id);
  }
});

test("where the secret key cannot be used any more, every link is named, and once connected again switched off for a new one", async () => {
  const world = await createWorld();
  const { id, payment_link } = await createLinkedInvoice(world);
  sandbox.world.revokedKeys.push(world.secretKey);
  const { body } = await world.api("DELETE", pathOf(world));
  expect(body.not_undone.join(" ")).toContain(payment_link.id);
  expect(body.open_ends.payment_links).toEqual([{ id: payment_link.id, invoice_id: id }]);
  sandbox.world.revokedKeys.length = 0;
  await connectAgain(world);
  const present = await eventually(
    async () => (await world.api("GET", `/invoices/${id}`)).body.payment_link,
    ({ status, revision }) => status === "active" && revision === 2,
  );
  await eventually(
    async () => linksAtStripe(world).flatMap((link) => (link.active ? [link.id] : [])),
    (links) => links.length === 1 && links[0] === present.id,
  );
});

test("a customer that could not be taken to or from Stripe any more is, once connected again", async () => {
  const world = await createWorld();
  await world.api("PATCH", pathOf(world), { sync_config: { customer: { outbound: true } } });
  const made = await world.api("POST", "/customers", { name: "Ada" });
  const { stripe_customer_id: stripeId } = await eventually(
    async () => (await world.api("GET", `/customers/${made.body.id}`)).body,
    ({ sync_status }) => sync_status === "synced",
  );
  await world.api("PATCH", pathOf(world), { is_active: false });
  await world.api("DELETE", `/customers/${made.body.id}`);
  await world.api("DELETE", pathOf(world));
  const [job] = await outboxOf(world.scope);
  expect(job).toMatchObject({ kind: "sync_customer", status: "dead" });
  expect(job?.error).toContain(world.accountId);
  await connectAgain(world);
  await eventually(
    async () => sandbox.accountFor(world.secretKey).customers[stripeId],
    (customer) => customer === undefined || "deleted" in customer,
  );
  expect(await outboxOf(world.scope)).toEqual([]);
});

test("what is tried after the connection went ends with words instead of waiting for ever", async () => {
  const world = await createWorld();
  const { id } = await createLinkedInvoice(world);
  await whileQueueIsDown(() => world.api("POST", `/invoices/${id}/void`));
  sandbox.world.revokedKeys.push(world.secretKey);
  await world.api("DELETE", pathOf(world));
  // As if its message had been in the queue until now.
  await ledgerSql(world.scope).prepare("UPDATE outbox SET status = 'wanted', error = NULL").run();
  expect(await tryWork(world.scope, `deactivate_payment_link/${id}/1`)).toMatchObject({
    status: "dead",
    error: expect.stringContaining(world.accountId),
  });
});
