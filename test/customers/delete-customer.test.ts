import { env } from "cloudflare:workers";
import { beforeAll, describe, expect, test } from "vitest";
import { ledger } from "../../src/ledger/client.ts";
import { open, signIn } from "../dashboard/browse.ts";
import type { Json } from "../harness/api.ts";
import { ledgerSql } from "../harness/ledger-sql.ts";
import { tryWork } from "../harness/outbox.ts";
import { sandbox } from "../harness/sandbox.ts";
import { createWorld, eventually, type TestWorld } from "../harness/world.ts";
import { answerAs, askForMail, depsWith, RESEND, resendTakes } from "../mail/mail-fixture.ts";
import { createDestination, createReceiver, type Receiver } from "../notifications/receiver.ts";
import { rowsOf } from "../webhooks/deliver.ts";
import {
  announced,
  atStripe,
  createSyncWorld,
  deleteCustomer,
  depsWhoseCommitComesAfter,
} from "./customer-fixture.ts";

let world: TestWorld;
let receiver: Receiver;
let count = 0;

beforeAll(async () => {
  world = await createWorld();
  receiver = createReceiver();
  await createDestination(world, receiver);
});

/** A customer whom nobody else is like, so that a search of the database finds what is left of it. */
async function unique(at: TestWorld = world): Promise<Json> {
  count += 1;
  const email = `grace${count}@hopper.example`;
  const address = { line1: `${count} Harbour Lane`, city: "Arlington" };
  const fields = { name: `Grace Hopper the ${count}th`, email, phone: `+1 703 555 00${count}`, address };
  return (await at.api("POST", "/customers", { ...fields, metadata: { crm: `crm-${email}` } })).body;
}

const bill = async (customer: Json, fields: Record<string, unknown> = {}, at: TestWorld = world) =>
  (
    await at.api("POST", "/invoices", {
      customer_id: customer.id,
      currency: "eur",
      lines: [{ description: "Pro plan", quantity: 1, unit_amount: 12900 }],
      ...fields,
    })
  ).body;
const remove = (customer: Json, at: TestWorld = world) => at.api("DELETE", `/customers/${customer.id}`);

/** An invoice that is void, whose customer has got mails of every end, all noted on its timeline. */
async function history(customer: Json): Promise<Json> {
  const invoice = await bill(customer, { finalize: true });
  const look = async () => (await world.api("GET", `/invoices/${invoice.id}`)).body;
  await eventually(look, (seen) => seen.payment_link.status === "active");
  const deps = depsWith(RESEND);
  resendTakes();
  await tryWork(world.scope, (await askForMail(deps, world, invoice.id, "1")).id, deps);
  answerAs("api.resend.com", () =>
    Response.json({ message: `No mailbox ${customer.email}` }, { status: 422 }),
  );
  await tryWork(world.scope, (await askForMail(deps, world, invoice.id, "2")).id, deps);
  await askForMail(deps, world, invoice.id, "3");
  return (await world.api("POST", `/invoices/${invoice.id}/void`)).body;
}

describe("a customer with unfinished invoices", () => {
  test("is not deleted, and is told how many there are and what helps", async () => {
    const customer = await unique();
    await bill(customer);
    await bill(customer, { finalize: true });
    const refused = await remove(customer);
    expect(refused.status).toBe(409);
    expect(refused.body).toMatchObject({ code: "conflict" });
    expect(refused.body.detail).toMatch(/1 open and 1 draft invoices.*void/i);
    expect((await world.api("GET", `/customers/${customer.id}`)).body).toEqual(customer);
    expect(await announced(world, "customer.deleted")).not.toContain(`customer.deleted/${customer.id}`);
  });

  test("nor when it is billed between the call and its transaction", async () => {
    const customer = await unique();
    const deps = depsWhoseCommitComesAfter(() => bill(customer));
    await expect(deleteCustomer(deps, world.scope, customer.id)).rejects.toMatchObject({ code: "conflict" });
    expect((await world.api("GET", `/customers/${customer.id}`)).body).toEqual(customer);
  });

  test("and no invoice is made for one that is deleted between the look and the commit", async () => {
    const customer = await unique();
    const input = {
      customerId: customer.id,
      currency: "EUR",
      lines: [{ description: "Pro plan", quantity: 1, unitAmountMinor: 100 }],
      callId: null,
    };
    const mine = ledger(
      depsWhoseCommitComesAfter(() => remove(customer)),
      world.scope,
    );
    await expect(mine.createInvoice(input)).rejects.toMatchObject({ code: "validation_failed" });
    expect((await world.api("GET", `/invoices?customer_id=${customer.id}`)).body.data).toEqual([]);
  });
});

describe("DELETE", () => {
  test("answers that it is deleted; the customer is then found nowhere", async () => {
    const customer = await unique();
    const deleted = await remove(customer);
    expect([deleted.status, deleted.body]).toEqual([
      200,
      { id: customer.id, object: "customer", deleted: true },
    ]);
    for (const [method, path, body] of [
      ["GET", `/customers/${customer.id}`],
      ["PATCH", `/customers/${customer.id}`, { name: "Back" }],
      ["DELETE", `/customers/${customer.id}`],
    ] as const)
      expect((await world.api(method, path, body)).body).toMatchObject({ status: 404, code: "not_found" });
    const { data } = (await world.api("GET", "/customers?limit=100")).body;
    expect(data.map(({ id }: Json) => id)).not.toContain(customer.id);
    const [made, entry] = await rowsOf(world, "audit_log", `object_id = '${customer.id}' ORDER BY id`);
    expect(made).toMatchObject({ action: "customer.created", actor_kind: "api_key", detail: "{}" });
    expect(entry).toMatchObject({ action: "customer.deleted", actor_kind: "api_key", detail: "{}" });
  });

  test("no invoice is made for it, or moved to it, and its id is not given out again", async () => {
    const customer = await unique();
    const other = await bill(await unique());
    await remove(customer);
    const billed = await world.api("POST", "/invoices", {
      customer_id: customer.id,
      currency: "eur",
      lines: [{ description: "Pro plan", quantity: 1, unit_amount: 100 }],
    });
    const moved = await world.api("PATCH", `/invoices/${other.id}`, { customer_id: customer.id });
    for (const refused of [billed, moved])
      expect(refused.body).toMatchObject({ status: 422, errors: [{ path: "customer_id" }] });
    const again = await world.api("POST", "/customers", { id: customer.id, name: "Somebody else" });
    expect(again.body).toMatchObject({ status: 409, code: "already_exists" });
    expect(again.body.detail).toContain("was deleted");
  });

  test("erases its personal data everywhere in the database but in what Stripe and callers sent", async () => {
    const customer = await unique();
    const invoice = await history(customer);
    await world.api("PATCH", `/customers/${customer.id}`, { phone: "+1 703 555 9999" });
    const sent = () => receiver.received.filter(({ body }) => body.includes(customer.id));
    await eventually(
      async () => sent(),
      (seen) => seen.some(({ body }) => body.includes("customer.updated")),
    );
    expect(await placesOf(customer)).toEqual(
      expect.arrayContaining(["customers", "mails", "invoice_timeline", "messages"]),
    );

    expect((await remove(customer)).status).toBe(200);
    expect(await placesOf(customer)).toEqual([]);
    const told = await eventually(
      async () => sent().map(({ body }) => JSON.parse(body)),
      (seen) => seen.some(({ type }) => type === "customer.deleted"),
    );
    const last = told.find(({ type }) => type === "customer.deleted");
    expect(last.data.object).toEqual({ id: customer.id, object: "customer", deleted: true });
    expect(await placesOf(customer)).toEqual([]);
    const mails = await rowsOf(world, "mails", `invoice_id = '${invoice.id}' ORDER BY id`);
    expect(mails.map(({ status }) => status).sort()).toEqual(["canceled", "failed", "sent"]);
  });

  test("leaves its invoices readable, in the API and the dashboard", async () => {
    const customer = await unique();
    const invoice = await history(customer);
    const timeline = (await world.api("GET", `/invoices/${invoice.id}/timeline?limit=100`)).body.data;
    await remove(customer);
    expect((await world.api("GET", `/invoices/${invoice.id}`)).body).toEqual(invoice);
    expect((await world.api("GET", `/invoices?customer_id=${customer.id}`)).body.data).toEqual([invoice]);
    const after = (await world.api("GET", `/invoices/${invoice.id}/timeline?limit=100`)).body.data;
    expect(after.map(({ kind }: Json) => kind)).toEqual(timeline.map(({ kind }: Json) => kind));
    const cookie = await signIn(world.keys.admin);
    for (const path of [`/dashboard/invoices/${invoice.id}`, "/dashboard/invoices", "/dashboard/mails"]) {
      const page = await open(path, cookie);
      expect(page.status).toBe(200);
      expect(page.html).not.toContain(customer.email);
      expect(page.html).not.toContain(customer.name);
    }
  });
});

describe("at Stripe", () => {
  test("a deleted customer stays where customers are not sent there", async () => {
    const here = await createSyncWorld({ outbound: true });
    const customer = await unique(here);
    await eventually(
      async () => atStripe(here),
      (seen) => seen.length === 1,
    );
    await eventually(
      async () => (await here.api("GET", `/customers/${customer.id}`)).body,
      (seen) => seen.sync_status === "synced",
    );
    await here.api("PATCH", `/connections/${here.connectionId}`, {
      sync_config: { customer: { outbound: false } },
    });
    await remove(customer, here);
    expect(await rowsOf(here, "outbox", "1")).toEqual([]);
    expect(atStripe(here)).toHaveLength(1);
  });

  test("it goes where they are, and one that is gone there already is no failure", async () => {
    const here = await createSyncWorld({ outbound: true });
    const [one, other] = [await unique(here), await unique(here)];
    await eventually(
      async () => (await here.api("GET", "/customers")).body.data,
      (seen) => seen.every((customer: Json) => customer.sync_status === "synced"),
    );
    const account = sandbox.world.accounts[here.accountId];
    const stripeId = (await here.api("GET", `/customers/${other.id}`)).body.stripe_customer_id;
    delete account?.customers[stripeId];
    for (const customer of [one, other]) expect((await remove(customer, here)).status).toBe(200);
    await eventually(
      async () => rowsOf(here, "outbox", "1"),
      (rows) => rows.length === 0,
    );
    expect(atStripe(here)).toEqual([]);
  });
});

/** The tables in which something of the customer is still written: of its ledger, and of the directory. */
async function placesOf(customer: Json): Promise<string[]> {
  const words = [customer.email, customer.name, customer.phone, customer.address.line1];
  const places: string[] = [];
  for (const database of [ledgerSql(world.scope), env.DB]) {
    const listed = await database
      .prepare(
        "SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE '\\_%' ESCAPE '\\' AND name NOT LIKE 'sqlite%' AND name NOT LIKE 'd1\\_%' ESCAPE '\\'",
      )
      .all<{ name: string }>();
    for (const { name } of listed.results) {
      const rows = (await database.prepare(`SELECT * FROM ${name}`).all()).results;
      const text = JSON.stringify(rows);
      if (words.some((word) => text.includes(word))) places.push(name);
    }
  }
  return places;
}
