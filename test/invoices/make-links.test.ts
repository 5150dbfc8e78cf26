import type Stripe from "stripe";
import { expect, test, vi } from "vitest";
import { openForCalls } from "../../src/connections/open-connection.ts";
import { deactivateOpenLinks } from "../../src/invoices/deactivate-open-links.ts";
import { ledger } from "../../src/ledger/client.ts";
import { ledgerSql } from "../harness/ledger-sql.ts";
import { tryWork, whileQueueIsDown } from "../harness/outbox.ts";
import { sandbox } from "../harness/sandbox.ts";
import { createWorld, eventually, type TestWorld, testDeps } from "../harness/world.ts";
import {
  createDraft,
  createLinkedInvoice,
  kindsOf,
  linksAtStripe,
  readInvoice,
  timelineOf,
  untilInvoice,
} from "./invoice-fixture.ts";

const PAYS = { card: "4242 4242 4242 4242" };

const workOf = (invoiceId: string) => `create_payment_link/${invoiceId}/1`;

/** A finalised invoice whose link nobody makes, so that it can be made by hand. */
async function openByHand(world: TestWorld): Promise<string> {
  const { id } = await createDraft(world);
  await whileQueueIsDown(() => world.api("POST", `/invoices/${id}/finalize`));
  return id;
}

/** What is switched off at Stripe is so a call later than here. */
function untilStripe(world: TestWorld, isRight: (links: Stripe.PaymentLink[]) => boolean) {
  return eventually(async () => linksAtStripe(world), isRight);
}

test("a new link takes the place of the present one: one is active, with the next revision", async () => {
  const world = await createWorld();
  const invoice = await createLinkedInvoice(world);
  const first = invoice.payment_link;
  const answer = await world.api("POST", `/invoices/${invoice.id}/payment_link`);
  expect(answer.body.payment_link).toMatchObject({ revision: 2, status: "pending", url: null });

  const after = await untilInvoice(world, invoice.id, ({ payment_link }) => payment_link.status === "active");
  expect(after.payment_link.id).not.toBe(first.id);
  await untilStripe(world, (links) => links.find(({ id }) => id === first.id)?.active === false);
  expect(linksAtStripe(world).filter((link) => link.active)).toMatchObject([{ id: after.payment_link.id }]);
});

test("new links asked for at the same moment are one new link", async () => {
  const world = await createWorld();
  const invoice = await createLinkedInvoice(world);
  const answers = await Promise.all(
    Array.from({ length: 10 }, () => world.api("POST", `/invoices/${invoice.id}/payment_link`)),
  );
  expect(answers.map(({ status }) => status)).toEqual(Array(10).fill(200));
  const revision = Math.max(...answers.map(({ body }) => body.payment_link.revision));
  await untilInvoice(world, invoice.id, ({ payment_link }) => payment_link.status === "active");
  await untilStripe(world, (links) => links.filter((link) => link.active).length === 1);
  // No call made more than the next one after what it saw.
  expect(linksAtStripe(world).length).toBeLessThanOrEqual(revision);
});

for (const [verb, status] of [
  ["void", "void"],
  ["mark_uncollectible", "uncollectible"],
] as const) {
  test(`an invoice that is ${status} gets no new link`, async () => {
    const world = await createWorld();
    const invoice = await createLinkedInvoice(world);
    await world.api("POST", `/invoices/${invoice.id}/${verb}`);
    const refused = await world.api("POST", `/invoices/${invoice.id}/payment_link`);
    expect(refused).toMatchObject({ status: 409, body: { code: "conflict" } });
  });
}

test("a link that Stripe refuses says Stripe's own message, and one call tries again", async () => {
  const world = await createWorld();
  const { id } = await createDraft(world);
  // More than Stripe takes, as from before the door knew of it.
  const setMetadata = (metadata: Record<string, string>) =>
    ledgerSql(world.scope)
      .prepare("UPDATE invoices SET metadata = ? WHERE id = ?")
      .bind(JSON.stringify(metadata), id)
      .run();
  await setMetadata(Object.fromEntries(Array.from({ length: 51 }, (_, index) => [`key_${index}`, "value"])));
  await world.api("POST", `/invoices/${id}/finalize`);
  const failed = await untilInvoice(world, id, ({ payment_link }) => payment_link.status === "failed");
  expect(failed.payment_link.error).toContain("50 keys");
  const [entry] = (await timelineOf(world, id)).filter(({ kind }) => kind === "link_failed");
  expect(entry.detail.error).toBe(failed.payment_link.error);

  await setMetadata({});
  await world.api("POST", `/invoices/${id}/payment_link`);
  const healed = await untilInvoice(world, id, ({ payment_link }) => payment_link.status === "active");
  expect(healed.payment_link).toMatchObject({ revision: 2, error: null });
});

for (const lost of [true, false]) {
  test(`an invoice voided ${lost ? "after Stripe made a link that we never heard of" : "before Stripe was asked"} leaves no active link`, async () => {
    const world = await createWorld();
    const id = await openByHand(world);
    if (lost) {
      sandbox.world.faults.push({ method: "POST", path: "/v1/payment_links", times: 1, kind: "cut_after" });
      expect(await tryWork(world.scope, workOf(id))).toMatchObject({ status: "wanted", attempts: 1 });
      expect(linksAtStripe(world)).toMatchObject([{ active: true }]);
    }
    await world.api("POST", `/invoices/${id}/void`);
    await tryWork(world.scope, workOf(id));

    await untilStripe(world, (links) => links.every((link) => !link.active));
    expect(linksAtStripe(world)).toHaveLength(lost ? 1 : 0);
    const { payment_link } = await readInvoice(world, id);
    expect(payment_link).toMatchObject({ status: "inactive", id: linksAtStripe(world)[0]?.id ?? null });
  });
}

test("a link that Stripe answers after the invoice was voided is stored and switched off at once", async () => {
  const world = await createWorld();
  const id = await openByHand(world);
  const deps = testDeps();
  const stripe = (key: string) => {
    const client = deps.stripe(key);
    const create = client.paymentLinks.create.bind(client.paymentLinks);
    vi.spyOn(client.paymentLinks, "create").mockImplementation(async (params, options) => {
      const made = await create(params, options as Stripe.RequestOptions);
      await world.api("POST", `/invoices/${id}/void`);
      return made;
    });
    return client;
  };
  await tryWork(world.scope, workOf(id), { ...deps, stripe });
  const after = await untilInvoice(world, id, ({ payment_link }) => payment_link.deactivation === "done");
  expect(after).toMatchObject({ status: "void", payment_link: { status: "inactive" } });
  expect(linksAtStripe(world)).toMatchObject([{ id: after.payment_link.id, active: false }]);
});

test("what Stripe is asked for stays the same at each try, whatever was changed meanwhile", async () => {
  const world = await createWorld();
  const id = await openByHand(world);
  sandbox.world.faults.push({ method: "POST", path: "/v1/payment_links", times: 1, kind: "cut_after" });
  expect(await tryWork(world.scope, workOf(id))).toMatchObject({ status: "wanted", attempts: 1 });
  await world.api("PATCH", `/invoices/${id}`, { metadata: { order: "8" } });
  await world.api("PATCH", "/settings", { success_message: "Merci" });
  // With other parameters Stripe would refuse the key.
  await tryWork(world.scope, workOf(id));
  expect((await readInvoice(world, id)).payment_link.status).toBe("active");
  expect(linksAtStripe(world)).toHaveLength(1);
});

test("a link that a failed answer of Stripe made all the same is found and switched off", async () => {
  const world = await createWorld();
  const id = await openByHand(world);
  const deps = testDeps();
  const stripe = (key: string) => {
    const client = deps.stripe(key);
    const create = client.paymentLinks.create.bind(client.paymentLinks);
    vi.spyOn(client.paymentLinks, "create").mockImplementation(async (params) => {
      await create(params);
      sandbox.world.faults.push({ path: "/v1/payment_links", times: 1, kind: "server_error" });
      return create(params);
    });
    return client;
  };
  expect(await tryWork(world.scope, workOf(id), { ...deps, stripe })).toMatchObject({
    status: "wanted",
    error: expect.stringContaining("Stripe failed"),
  });
  expect(linksAtStripe(world)).toMatchObject([{ active: true }]);
  await tryWork(world.scope, workOf(id), deps);
  const { payment_link } = await readInvoice(world, id);
  expect(payment_link.status).toBe("active");
  expect(linksAtStripe(world)).toHaveLength(2);
  expect(linksAtStripe(world).filter((link) => link.active)).toMatchObject([{ id: payment_link.id }]);
});

test("a bank debit that fails has used its link up: a new one is made by itself, once", async () => {
  const world = await createWorld();
  const invoice = await createLinkedInvoice(world);
  const first = invoice.payment_link.id;
  await sandbox.pay(world.accountId, { paymentLinkId: first }, { card: "bank_debit_failure" });
  sandbox.world.deliveryPolicy.copies = 2;
  await sandbox.advance(60_000);
  await sandbox.settle();
  sandbox.world.deliveryPolicy.copies = 1;

  const after = await untilInvoice(
    world,
    invoice.id,
    ({ payment_link }) => payment_link.status === "active" && payment_link.id !== first,
  );
  expect(after).toMatchObject({ status: "open", payment_link: { revision: 2 } });
  await untilStripe(world, (links) => links.find(({ id }) => id === first)?.active === false);
  expect(linksAtStripe(world)).toHaveLength(2);
  const paid = await sandbox.pay(world.accountId, { paymentLinkId: after.payment_link.id }, PAYS);
  expect(paid.outcome).toBe("succeeded");
});

test("what is left of an invoice that was paid in part has a link of its own over exactly that", async () => {
  const world = await createWorld();
  const invoice = await createLinkedInvoice(world);
  const first = invoice.payment_link.id;
  const recorded = await world.api("POST", `/invoices/${invoice.id}/payments`, {
    amount: 2900,
    method: "bank_transfer",
    reference: "statement 7",
  });
  expect(recorded.status).toBe(201);
  const after = await untilInvoice(
    world,
    invoice.id,
    ({ payment_link }) => payment_link.status === "active" && payment_link.id !== first,
  );
  expect(after).toMatchObject({ status: "open", payment_status: "partially_paid", amount_remaining: 10000 });
  const items = sandbox.world.accounts[world.accountId]?.paymentLinkLineItems[after.payment_link.id];
  expect(items).toMatchObject([{ amount_total: 10000, currency: "eur" }]);
  await sandbox.pay(world.accountId, { paymentLinkId: after.payment_link.id }, PAYS);
  await sandbox.settle();
  const paid = await untilInvoice(world, invoice.id, ({ status }) => status === "paid");
  expect(paid).toMatchObject({ payment_status: "paid", amount_paid: 12900 });
});

test("a connection that goes takes every link with it", async () => {
  const world = await createWorld();
  const invoices = [await createLinkedInvoice(world), await createLinkedInvoice(world)];
  const deps = testDeps();
  const opened = await openForCalls(deps, world.scope);
  const links = await ledger(deps, world.scope).switchOffAllLinks({ limit: 100 });
  const left = { done: 2, untried: 0, left: new Map() };
  expect(await deactivateOpenLinks(deps, world.scope, links, opened)).toEqual(left);
  expect(linksAtStripe(world).filter((link) => link.active)).toEqual([]);
  for (const { id } of invoices) {
    expect((await readInvoice(world, id)).payment_link).toMatchObject({
      status: "inactive",
      deactivation: "done",
    });
    expect(await kindsOf(world, id)).toContain("link_switched_off");
  }
});
