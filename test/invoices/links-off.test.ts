import { env } from "cloudflare:workers";
import { expect, test } from "vitest";
import type { Json } from "../harness/api.ts";
import {
  createEndpoint,
  createOpenInvoice,
  createWorld,
  eventually,
  type TestWorld,
} from "../harness/world.ts";
import { createLinkedInvoice, resendTakes } from "../mail/mail-fixture.ts";
import { createDestination, createReceiver } from "../notifications/receiver.ts";
import { rowsOf } from "../webhooks/deliver.ts";
import { linksAtStripe } from "./invoice-fixture.ts";

async function switchLinks(world: TestWorld, outbound: boolean): Promise<Json> {
  const change = { sync_config: { invoice: { outbound } } };
  const { status, body } = await world.api("PATCH", `/connections/${world.connectionId}`, change);
  expect(status).toBe(200);
  return body;
}

async function read(world: TestWorld, id: string): Promise<Json> {
  return (await world.api("GET", `/invoices/${id}`)).body;
}

test("a connection that makes no links: an invoice is finalised without one, and says why, once", async () => {
  const world = await createWorld();
  await createDestination(world, createReceiver(), { event_types: ["invoice.payment_link_missing"] });
  await switchLinks(world, false);
  const invoice = await createOpenInvoice(world);
  expect(await read(world, invoice.id)).toMatchObject({
    status: "open",
    payment_link: null,
    payment_link_missing: expect.stringContaining("sync_config.invoice.outbound"),
  });
  expect(await rowsOf(world, "outbox", "kind = 'create_payment_link'")).toEqual([]);
  const refused = await world.api("POST", `/invoices/${invoice.id}/payment_link`);
  expect(refused).toMatchObject({ status: 409, body: { code: "conflict" } });
  expect(refused.body.detail).toContain("sync_config.invoice.outbound");
  await world.api("PATCH", `/invoices/${invoice.id}`, { memo: "Thank you" });
  expect(await rowsOf(world, "messages")).toHaveLength(1);
  expect(await linksAtStripe(world)).toEqual([]);
});

test("once links are made again, open invoices get theirs, each one; and links that are there stay", async () => {
  const world = await createWorld();
  const before = await createOpenInvoice(world);
  const linked = await eventually(
    () => read(world, before.id),
    ({ payment_link }) => payment_link.status === "active",
  );
  await switchLinks(world, false);
  const ids: string[] = [];
  for (let count = 0; count < 3; count += 1) ids.push((await createOpenInvoice(world)).id);
  expect((await read(world, before.id)).payment_link).toEqual(linked.payment_link);
  const on = await switchLinks(world, true);
  expect(on.notices.join(" ")).toContain("3 open invoices");
  for (const id of ids) {
    const made = await eventually(
      () => read(world, id),
      ({ payment_link }) => payment_link?.status === "active",
    );
    expect(made.payment_link_missing).toBeNull();
  }
  expect((await switchLinks(world, true)).notices).toEqual([]);
});

test("an invoice that is recorded as paid by hand needs no link, and is not given one", async () => {
  const world = await createWorld();
  await switchLinks(world, false);
  const { id, amount_due } = await createOpenInvoice(world);
  const payment = { amount: amount_due, method: "bank_transfer", reference: "R-1" };
  expect((await world.api("POST", `/invoices/${id}/payments`, payment)).status).toBe(201);
  await switchLinks(world, true);
  expect(await read(world, id)).toMatchObject({
    status: "paid",
    payment_link: null,
    payment_link_missing: null,
  });
});

test.each(["the same account", "another account"])(
  "a connection that went took the links with it: once %s is connected, open invoices get new ones",
  async (account) => {
    Object.assign(env, {
      EMAIL_PROVIDER: "resend",
      EMAIL_FROM: "a@acme.example",
      RESEND_API_KEY: "re_1234567890",
    });
    resendTakes();
    const world = await createWorld();
    const { id } = await createLinkedInvoice(world, { send_email: true });
    const mails = async () => (await world.api("GET", `/mails?invoice_id=${id}`)).body.data;
    await eventually(mails, ([mail]) => mail?.status === "sent");
    await world.api("DELETE", `/connections/${world.connectionId}`);
    expect(await read(world, id)).toMatchObject({
      status: "open",
      payment_link: { status: "inactive", revision: 1 },
    });
    const secretKey =
      account === "the same account" ? world.secretKey : world.secretKey.replace(/_1$/, "b_1");
    const endpoint = await createEndpoint(secretKey, world.webhookUrl);
    const made = await world.api("POST", "/connections", {
      ...{ name: "Stripe", provider: "stripe" },
      ...{ secret_key: secretKey, webhook_secret: endpoint.secret },
    });
    expect(made).toMatchObject({ status: 201 });
    const again = await eventually(
      () => read(world, id),
      ({ payment_link }) => payment_link.status === "active",
    );
    expect(again.payment_link.revision).toBe(2);
    // The address that was mailed leads to it.
    expect((await mails()).map((mail: Json) => mail.id)).toEqual([`${id}/link/1`]);
  },
);
