import { env } from "cloudflare:workers";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { call } from "../harness/api.ts";
import { callWith } from "../harness/call-with.ts";
import { receivers, sandbox } from "../harness/sandbox.ts";
import {
  createOpenInvoice,
  createTenantWorld,
  createWorld,
  eventually,
  type TestWorld,
} from "../harness/world.ts";
import { answerAs, createLinkedInvoice, resendTakes, timelineOf } from "./mail-fixture.ts";

const SETTINGS = ["EMAIL_PROVIDER", "EMAIL_FROM", "RESEND_API_KEY"];

beforeEach(() => {
  Object.assign(env, {
    EMAIL_PROVIDER: "resend",
    EMAIL_FROM: "Acme <billing@acme.example>",
    RESEND_API_KEY: "re_test_key_1234",
  });
});
afterEach(() => {
  for (const name of SETTINGS) Reflect.deleteProperty(env, name);
  receivers.clear();
});

const kinds = async (world: TestWorld, id: string) => (await timelineOf(world, id)).map(({ kind }) => kind);

test("an invoice with send_email is mailed once its link is there: to whom, what, and the present link", async () => {
  const world = await createWorld();
  const asked = resendTakes();
  const invoice = await createLinkedInvoice(world, { send_email: true, number: "2026-8", memo: "Thank you" });
  await eventually(
    () => kinds(world, invoice.id),
    (seen) => seen.includes("mailed"),
  );
  expect(asked).toHaveLength(1);
  const { body } = asked[0] ?? {};
  expect(body).toMatchObject({
    from: '"Acme" <billing@acme.example>',
    to: ["ada@example.com"],
    subject: "Invoice 2026-8 from Acme: €129.00",
  });
  for (const part of [body.text, body.html]) {
    expect(part).toContain(invoice.payment_url);
    expect(part).not.toContain(invoice.payment_link.url);
    expect(part).toContain("Pro plan");
    expect(part).toContain("Thank you");
  }

  // A new link is a new cause; both mails lead to it.
  const replaced = (await world.api("POST", `/invoices/${invoice.id}/payment_link`)).body;
  expect(replaced.id).toBe(invoice.id);
  await eventually(
    async () => asked.length,
    (count) => count === 2,
  );
  const present = (await world.api("GET", `/invoices/${invoice.id}`)).body;
  expect(present.payment_link.url).not.toBe(invoice.payment_link.url);
  expect(present.payment_url).toBe(invoice.payment_url);
  expect(asked[1]?.body.text).toContain(invoice.payment_url);
});

const BY_SETTING = { send_email: undefined };

test("a finalised invoice is mailed by default; the invoice itself and the environment may say no", async () => {
  const world = await createWorld();
  const asked = resendTakes();
  await world.api("PATCH", "/settings", { send_email: "when_asked" });
  const quiet = await createLinkedInvoice(world, BY_SETTING);
  await world.api("PATCH", "/settings", {
    send_email: null,
    email_reply_to: "help@acme.example",
    locale: "de",
  });
  const silent = await createLinkedInvoice(world, { send_email: false });
  const loud = await createLinkedInvoice(world, BY_SETTING);
  await eventually(
    () => kinds(world, loud.id),
    (seen) => seen.includes("mailed"),
  );
  expect(asked).toHaveLength(1);
  expect(asked[0]?.body).toMatchObject({
    reply_to: "help@acme.example",
    subject: expect.stringContaining("Rechnung"),
  });
  expect(asked[0]?.body.text).toContain(loud.payment_url);
  for (const { id } of [quiet, silent]) expect(await kinds(world, id)).not.toContain("mailed");
  expect((await world.api("GET", "/mails")).body.data).toHaveLength(1);
});

test("where no mail can be sent, the default wants none and nothing looks wrong", async () => {
  const world = await createWorld();
  const customer = (await world.api("POST", "/customers", { name: "No Address" })).body;
  const addressless = await createLinkedInvoice(world, { ...BY_SETTING, customer_id: customer.id });
  Object.assign(env, { EMAIL_PROVIDER: "off" });
  const off = await createLinkedInvoice(world, BY_SETTING);
  for (const { id } of [addressless, off])
    expect(await kinds(world, id)).toEqual(["created", "finalized", "link_created"]);
  expect((await world.api("GET", "/mails")).body.data).toEqual([]);
  const { checks } = (await callWith({ EMAIL_PROVIDER: "off" }, "GET", "/readyz", { key: env.ROOT_TOKEN }))
    .body;
  expect(checks.find(({ name }: { name: string }) => name === "email")).toMatchObject({ ok: true });
});

test("mails are listed by invoice, customer, kind and status, without their content, and each is had with it", async () => {
  const world = await createWorld();
  resendTakes();
  const [first, second] = [await createLinkedInvoice(world), await createLinkedInvoice(world)];
  for (const { id } of [first, second]) await world.api("POST", `/invoices/${id}/send`);
  const list = async (query: string) => (await world.api("GET", `/mails${query}`)).body.data;
  await eventually(
    () => list("?status=sent"),
    (seen) => seen.length === 2,
  );
  const [mail] = await list(`?invoice_id=${first.id}`);
  expect(mail).toMatchObject({ object: "mail", invoice_id: first.id, kind: "invoice", status: "sent" });
  expect(mail).not.toHaveProperty("html");
  expect(await list(`?customer_id=${first.customer_id}`)).toEqual([mail]);
  expect(await list(`?kind=invoice&status=sent&invoice_id=${first.id}`)).toEqual([mail]);
  expect(await list("?kind=receipt")).toEqual([]);
  expect(await list("?customer_id=cus_nobody")).toEqual([]);
  expect((await world.api("GET", "/mails?status=lost")).status).toBe(422);

  const { status, body } = await world.api("GET", `/mails/${encodeURIComponent(mail.id)}`);
  expect(status).toBe(200);
  expect(body).toMatchObject({ ...mail, text: expect.stringContaining(first.payment_url) });
  expect(body.html).toContain("<html");
});

test("a paid invoice has one receipt, if the environment asks for receipts", async () => {
  const world = await createWorld();
  const asked = resendTakes();
  await world.api("PATCH", "/settings", { send_receipts: true });
  const invoice = await createLinkedInvoice(world);
  const link = { paymentLinkId: invoice.payment_link.id };
  await sandbox.pay(world.accountId, link, { card: "4242 4242 4242 4242" });
  await sandbox.settle();
  await eventually(
    () => kinds(world, invoice.id),
    (seen) => seen.includes("receipt_mailed"),
  );
  expect(asked).toHaveLength(1);
  expect(asked[0]?.body.subject).toContain("Receipt for invoice");
  expect(asked[0]?.body.text).toContain("Amount paid: €129.00");
});

describe("POST /invoices/{id}/send", () => {
  test("mails once a call, however often the call is repeated", async () => {
    const world = await createWorld();
    const asked = resendTakes();
    const invoice = await createLinkedInvoice(world);
    const path = `/invoices/${invoice.id}/send`;
    const first = await world.api("POST", path, undefined, {
      "idempotency-key": "a/b u",
    });
    expect(first.status).toBe(202);
    expect(first.body).toMatchObject({
      object: "mail",
      invoice_id: invoice.id,
      to: "ada@example.com",
      kind: "invoice",
    });
    const again = await world.api("POST", path, undefined, { "idempotency-key": "a/b u" });
    expect(again.body).toEqual(first.body);
    await eventually(
      async () => asked.length,
      (count) => count === 1,
    );
    await world.api("POST", path);
    await eventually(
      async () => asked.length,
      (count) => count === 2,
    );
    expect(
      (await timelineOf(world, invoice.id)).filter(({ kind }) => kind === "mailed").length,
    ).toBeGreaterThan(0);
  });

  test("a mail that ended unknown may be sent again by a person", async () => {
    const world = await createWorld();
    const invoice = await createLinkedInvoice(world);
    const doubtful = { name: "invalid_idempotent_request", message: "Another payload." };
    const asked = answerAs("api.resend.com", () =>
      asked.length === 1 ? Response.json(doubtful, { status: 409 }) : Response.json({ id: "2" }),
    );
    await world.api("POST", `/invoices/${invoice.id}/send`);
    await eventually(
      () => kinds(world, invoice.id),
      (seen) => seen.includes("mail_failed"),
    );
    await world.api("POST", `/invoices/${invoice.id}/send`);
    await eventually(
      () => kinds(world, invoice.id),
      (seen) => seen.includes("mailed"),
    );
    expect(asked).toHaveLength(2);
  });

  test("says what stands in the way", async () => {
    const world = await createWorld();
    const draft = await createOpenInvoice(world, { finalize: false });
    const send = (id: string, key = world.keys.admin) => call("POST", `/invoices/${id}/send`, { key });
    expect((await send(draft.id)).body).toMatchObject({ status: 409, code: "invoice_not_payable" });

    const customer = (await world.api("POST", "/customers", { name: "No Address" })).body;
    const silent = await createLinkedInvoice(world, { customer_id: customer.id, send_email: true });
    expect((await send(silent.id)).body).toMatchObject({ status: 409, code: "customer_email_missing" });
    const [entry] = (await timelineOf(world, silent.id)).filter(({ kind }) => kind === "mail_failed");
    expect(entry.detail.reason).toBe("The customer has no e-mail address.");

    expect((await send(silent.id, world.keys.read)).status).toBe(403);
    const other = await createTenantWorld();
    expect((await send(silent.id, other.keys.admin)).status).toBe(404);

    Object.assign(env, { EMAIL_PROVIDER: "off" });
    const linked = await createLinkedInvoice(world, { send_email: true });
    const off = (await send(linked.id)).body;
    expect(off).toMatchObject({ status: 409, code: "email_not_configured" });
    expect(off.detail).toContain("EMAIL_PROVIDER");
    const reasons = (await timelineOf(world, linked.id)).map(({ detail }) => detail.reason);
    expect(reasons).toContain("No e-mail provider is configured.");
  });

  test("a link that is not there yet, or is none any more, is said", async () => {
    const world = await createWorld();
    sandbox.world.revokedKeys.push(world.secretKey);
    const invoice = await createOpenInvoice(world);
    const answer = await world.api("POST", `/invoices/${invoice.id}/send`);
    expect(answer.body).toMatchObject({ status: 409, code: "payment_link_not_active" });
  });
});
