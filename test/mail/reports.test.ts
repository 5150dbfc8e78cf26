// What providers report of mails: who is believed, what it changes, and the ways out of it.

import { env } from "cloudflare:workers";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { ledger } from "../../src/ledger/client.ts";
import { readReference, writeReference } from "../../src/platform/mail-reference.ts";
import { open, signIn, textOf } from "../dashboard/browse.ts";
import { outboxRow, tryWork } from "../harness/outbox.ts";
import { receivers } from "../harness/sandbox.ts";
import { createWorld, eventually, type TestWorld, testDeps } from "../harness/world.ts";
import { createDestination, createReceiver } from "../notifications/receiver.ts";
import {
  askForMail,
  createLinkedInvoice,
  depsWith,
  dyingAfterAnswer,
  RESEND,
  readMail,
  timelineOf,
} from "./mail-fixture.ts";
import {
  postmarkReport,
  report,
  resendReport,
  SECRETS,
  sendOne,
  signed,
  withPassword,
} from "./report-fixture.ts";

// What is not given to a provider by the test itself is kept, as in development.
beforeEach(() => {
  receivers.clear();
  Object.assign(env, { EMAIL_PROVIDER: "development" });
});
afterEach(() => Reflect.deleteProperty(env, "EMAIL_PROVIDER"));

/** Tells of a mail that came back. */
async function bounce(world: TestWorld, options: Parameters<typeof sendOne>[2] = {}) {
  const mail = await sendOne(world, "resend", options);
  const body = resendReport("email.bounced", mail);
  expect((await report("resend", body, signed(body))).body).toEqual({ received: true, outcome: "recorded" });
  return mail;
}

const held = (world: TestWorld, address: string) => ledger(testDeps(), world.scope).readHold({ address });

describe("a mail that came back", () => {
  test("by Resend's report shows so with the reason, on the timeline too, and is told once", async () => {
    const world = await createWorld();
    const receiver = createReceiver();
    await createDestination(world, receiver, { event_types: ["mail.bounced"] });
    const hooks = receivers.get(receiver.host);
    const mail = await sendOne(world);
    if (hooks) receivers.set(receiver.host, hooks);
    const body = resendReport("email.bounced", mail);
    expect((await report("resend", body, signed(body))).body.outcome).toBe("recorded");
    expect((await report("resend", body, signed(body))).body.outcome).toBe("known");

    const { body: shown } = await world.api("GET", `/mails/${encodeURIComponent(mail.mailId)}`);
    const reason = "Permanent, General: 550 5.1.1 No such user";
    expect(shown).toMatchObject({ status: "bounced", error: reason, provider_message_id: mail.messageId });
    const told = (await timelineOf(world, mail.invoice.id)).filter(({ kind }) => kind === "mail_bounced");
    expect(told).toMatchObject([
      { cause: { kind: "mail_provider", id: "resend" }, detail: { reason, to: "ada@example.com" } },
    ]);
    await eventually(
      async () => receiver.received,
      (seen) => seen.length > 0,
    );
    expect(receiver.received).toHaveLength(1);
    const message = JSON.parse(receiver.received[0]?.body ?? "{}");
    expect(message).toMatchObject({
      type: "mail.bounced",
      data: { object: { id: mail.mailId, status: "bounced" } },
    });
    expect(message.data.object).not.toHaveProperty("html");
  });

  test("by Postmark's report shows so with the reason", async () => {
    const world = await createWorld();
    const mail = await sendOne(world, "postmark");
    expect((await report("postmark", postmarkReport(mail), withPassword())).body.outcome).toBe("recorded");
    expect(await readMail(world, mail.mailId)).toMatchObject({
      status: "bounced",
      error: "Hard bounce: The server was unable to deliver your message. smtp;550 5.1.1 unknown user",
    });
  });

  test("is complained about where its reader reports it as spam, and stays so", async () => {
    const world = await createWorld();
    const mail = await bounce(world);
    const complaint = resendReport("email.complained", mail);
    expect((await report("resend", complaint, signed(complaint))).body.outcome).toBe("recorded");
    const again = resendReport("email.bounced", mail);
    expect((await report("resend", again, signed(again))).body.outcome).toBe("known");
    expect(await readMail(world, mail.mailId)).toMatchObject({ status: "complained" });
    expect(await held(world, "ADA@example.com")).toMatchObject({ why: "complained", mailId: mail.mailId });
  });

  test("is known by its reference where whoever sent it has died before it could say so", async () => {
    const world = await createWorld();
    const invoice = await createLinkedInvoice(world);
    const { mailId, id } = await askForMail(depsWith(RESEND), world, invoice.id, "k1");
    receivers.set("api.resend.com", async () => Response.json({ id: "re_1" }));
    await tryWork(world.scope, id, dyingAfterAnswer(RESEND));
    const sending = await readMail(world, mailId);
    expect(sending.status).toBe("sending");
    const mail = { mailId, invoice, messageId: "re_1", reference: writeReference(world.scope, sending) };
    const body = resendReport("email.bounced", mail);
    expect((await report("resend", body, signed(body))).body.outcome).toBe("recorded");
    expect(await readMail(world, mailId)).toMatchObject({ status: "bounced", providerMessageId: "re_1" });
    expect(await outboxRow(world.scope, id)).toBeUndefined();
  });
});

describe("nobody else is believed", () => {
  const cases: [string, string, (body: string) => Record<string, string>, object?][] = [
    ["unsigned", "resend", () => ({})],
    ["signed by another", "resend", (body) => signed(body, "whsec_AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA")],
    ["signed six minutes ago", "resend", (body) => signed(body, undefined, Date.now() - 6 * 60_000)],
    ["signed six minutes ahead", "resend", (body) => signed(body, undefined, Date.now() + 6 * 60_000)],
    ["signed for another body", "resend", (body) => signed(`${body} `)],
    ["where no secret is set", "resend", signed, { ...SECRETS, RESEND_WEBHOOK_SECRET: "" }],
    ["without a password", "postmark", () => ({})],
    ["with another password", "postmark", () => withPassword("b9f2c1d0e4a7865340cdfe1290ab3479")],
    ["with a password cut short", "postmark", () => withPassword("b9f2c1d0e4a78653")],
    ["with nonsense for a password", "postmark", () => ({ authorization: "Basic %%%" })],
    ["where no token is set", "postmark", () => withPassword(""), { ...SECRETS, POSTMARK_WEBHOOK_TOKEN: "" }],
  ];
  test.each(cases)("%s (%s)", async (_, provider, headersFor, settings) => {
    const world = await createWorld();
    const mail = await sendOne(world, provider as "resend");
    const body = provider === "resend" ? resendReport("email.bounced", mail) : postmarkReport(mail);
    const answer = await report(provider, body, headersFor(body), settings as Partial<Env>);
    expect([answer.status, answer.body.code]).toEqual([400, "signature_refused"]);
    expect(await readMail(world, mail.mailId)).toMatchObject({ status: "sent" });
  });

  test("a body over 1 MiB, and a provider that does not report, are refused", async () => {
    const body = JSON.stringify({ type: "email.bounced", padding: "x".repeat(1024 * 1024) });
    expect((await report("resend", body, signed(body))).status).toBe(413);
    expect((await report("mailgun", "{}", {})).status).toBe(404);
  });
});

describe("what is not ours, or says nothing of the kind, is answered with 200 and changes nothing", () => {
  test("by Resend", async () => {
    const world = await createWorld();
    const mail = await sendOne(world);
    const other = await createWorld();
    const outcomes = async (body: string) => (await report("resend", body, signed(body))).body.outcome;
    const bounced = (changed: object) => resendReport("email.bounced", { ...mail, ...changed });
    expect(await outcomes(bounced({ reference: {} }))).toBe("unknown");
    expect(await outcomes(bounced({ messageId: "another" }))).toBe("unknown");
    const theirs = { id: mail.mailId, createdAtMs: (await readMail(world, mail.mailId)).createdAtMs };
    expect(await outcomes(bounced({ reference: writeReference(other.scope, theirs) }))).toBe("unknown");
    const nobodys = { tenantId: "tenant_none", environmentId: "env_none" };
    expect(await outcomes(bounced({ reference: writeReference(nobodys, theirs) }))).toBe("unknown");
    for (const type of ["email.delivered", "email.opened", "email.delivery_delayed", "contact.created"])
      expect(await outcomes(resendReport(type, mail))).toBe("ignored");
    for (const body of ["[]", "null", "{", '{"type":"email.bounced"}'])
      expect(await outcomes(body)).toBe("ignored");
    expect(await readMail(world, mail.mailId)).toMatchObject({ status: "sent", error: null });
    expect(await held(world, "ada@example.com")).toBeUndefined();
  });

  test("by Postmark: what only delays a mail, answers it by itself, or reports on another record", async () => {
    const world = await createWorld();
    const mail = await sendOne(world, "postmark");
    for (const more of [{ Type: "Transient" }, { Type: "AutoResponder" }, { RecordType: "Delivery" }])
      expect((await report("postmark", postmarkReport(mail, more), withPassword())).body.outcome).toBe(
        "ignored",
      );
    expect(await readMail(world, mail.mailId)).toMatchObject({ status: "sent" });
  });
});

describe("an address that mail does not reach", () => {
  test("gets no more by itself: it is held, and says why", async () => {
    const world = await createWorld();
    const { invoice } = await bounce(world);
    const fields = { customer_id: invoice.customer_id, send_email: true };
    const next = await createLinkedInvoice(world, fields);
    const [mail] = (await world.api("GET", `/mails?invoice_id=${next.id}`)).body.data;
    expect(mail).toMatchObject({ status: "held", error: expect.stringContaining("550 5.1.1 No such user") });
    const [entry] = (await timelineOf(world, next.id)).filter(({ kind }) => kind === "mail_held");
    expect(entry.detail).toMatchObject({ mail_id: mail.id, to: "ada@example.com" });
    expect(await outboxRow(world.scope, `send_mail/${mail.id}`)).toBeUndefined();
    const cookie = await signIn(world.keys.write);
    const customer = textOf((await open(`/dashboard/customers/${invoice.customer_id}`, cookie)).html);
    expect(customer).toContain("Mail to ada@example.com is held");
    const page = await open(`/dashboard/mails/${encodeURIComponent(mail.id)}`, cookie);
    expect(textOf(page.html)).toContain("Send it again");
  });

  test("lets all go once somebody sends one again, by API or by form", async () => {
    const world = await createWorld();
    const { invoice, mailId } = await bounce(world);
    const fields = { customer_id: invoice.customer_id, send_email: true };
    const next = await createLinkedInvoice(world, fields);
    const again = await world.api("POST", `/mails/${encodeURIComponent(mailId)}/resend`);
    expect(again.status).toBe(202);
    expect(again.body).toMatchObject({ invoice_id: invoice.id, kind: "invoice", to: "ada@example.com" });
    expect(again.body.id).not.toBe(mailId);
    const sent = async () => (await world.api("GET", "/mails?status=sent")).body.data;
    await eventually(sent, (seen) => seen.length === 2);
    expect((await sent()).map(({ invoice_id }: { invoice_id: string }) => invoice_id).sort()).toEqual(
      [invoice.id, next.id].sort(),
    );
    expect(await readMail(world, mailId)).toMatchObject({ status: "bounced" });
    expect(await held(world, "ada@example.com")).toBeUndefined();
    const { data } = (await world.api("GET", "/audit_log")).body;
    expect(data.filter(({ action }: { action: string }) => action === "invoice.mail_requested")).toHaveLength(
      2,
    );
  });

  test("a held mail that is sent again goes itself", async () => {
    const world = await createWorld();
    const { invoice } = await bounce(world);
    const next = await createLinkedInvoice(world, { customer_id: invoice.customer_id, send_email: true });
    const id = `${next.id}/link/1`;
    const again = await world.api("POST", `/mails/${encodeURIComponent(id)}/resend`);
    expect(again.body).toMatchObject({ id, status: "pending", error: null });
    await eventually(
      () => readMail(world, id),
      ({ status }) => status === "sent",
    );
  });

  test("lets a customer's mails go when the customer has another address, and nobody else's", async () => {
    const world = await createWorld();
    const { invoice } = await bounce(world);
    const mine = await createLinkedInvoice(world, { customer_id: invoice.customer_id, send_email: true });
    const theirs = await createLinkedInvoice(world, { send_email: true });
    await world.api("PATCH", `/customers/${invoice.customer_id}`, { email: "ada@new.example" });
    const sent = await eventually(
      () => readMail(world, `${mine.id}/link/1`),
      ({ status }) => status === "sent",
    );
    expect(sent).toMatchObject({ recipient: "ada@new.example", error: null });
    expect(await readMail(world, `${theirs.id}/link/1`)).toMatchObject({ status: "held" });
  });

  test("is forgotten with its customer, and so is what was told of it", async () => {
    const world = await createWorld();
    const { invoice, mailId } = await bounce(world);
    await world.api("POST", `/invoices/${invoice.id}/void`);
    expect((await world.api("DELETE", `/customers/${invoice.customer_id}`)).status).toBe(200);
    expect(await held(world, "ada@example.com")).toBeUndefined();
    expect(await readMail(world, mailId)).toMatchObject({
      recipient: "",
      error: "Erased with the customer.",
    });
  });
});

describe("POST /mails/{id}/resend", () => {
  test("sends a receipt again as a receipt, and an invoice once for one call", async () => {
    const world = await createWorld();
    const first = await sendOne(world);
    const path = `/mails/${encodeURIComponent(first.mailId)}/resend`;
    const key = { "idempotency-key": "again" };
    const once = await world.api("POST", path, undefined, key);
    expect((await world.api("POST", path, undefined, key)).body).toEqual(once.body);
    expect((await world.api("GET", `/mails?invoice_id=${first.invoice.id}`)).body.data).toHaveLength(2);

    await world.api("PATCH", "/settings", { send_receipts: true });
    const paying = { amount: first.invoice.amount_due, method: "bank_transfer", reference: "1" };
    await world.api("POST", `/invoices/${first.invoice.id}/payments`, paying);
    const receiptId = `${first.invoice.id}/receipt`;
    await eventually(
      () => readMail(world, receiptId),
      ({ status }) => status === "sent",
    );
    const receipt = await world.api("POST", `/mails/${encodeURIComponent(receiptId)}/resend`);
    expect([receipt.status, receipt.body.kind]).toEqual([202, "receipt"]);
    expect((await world.api("POST", path)).body).toMatchObject({ status: 409, code: "invoice_not_payable" });
  });

  test("is refused while the mail waits for its first try", async () => {
    const world = await createWorld();
    const invoice = await createLinkedInvoice(world);
    const { mailId } = await askForMail(depsWith(RESEND), world, invoice.id, "k1");
    const answer = await world.api("POST", `/mails/${encodeURIComponent(mailId)}/resend`);
    expect(answer.body).toMatchObject({ status: 409, code: "conflict" });
  });
});

test("a reference is found again whatever the ids are made of, and nothing else is taken for one", () => {
  const mail = { id: `${"i".repeat(128)}/link/1`, createdAtMs: 1_795_000_000_000 };
  for (const id of ["t", "tenant_0193", "A.b:c-d_e", "x".repeat(128)]) {
    const scope = { tenantId: id, environmentId: id };
    const written = writeReference(scope, mail);
    expect(readReference(written)).toMatchObject({ scope, createdAtMs: mail.createdAtMs });
    // What Resend and Postmark take as names and values.
    for (const [name, value] of Object.entries(written)) {
      expect(name).toMatch(/^[A-Za-z0-9_-]{1,20}$/);
      expect(value).toMatch(/^[A-Za-z0-9_-]{1,80}$/);
    }
    expect(Object.keys(written).length).toBeLessThanOrEqual(8);
  }
  for (const values of [
    {},
    { quittance_0: "" },
    { quittance_0: "e30" },
    { quittance_0: 1 },
    { quittance_1: "e30" },
  ])
    expect(readReference(values)).toBeNull();
});
