import { evictDurableObject } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { beforeEach, describe, expect, test, vi } from "vitest";
import { ledgerName } from "../../src/ledger/client.ts";
import { holdAddress } from "../../src/ledger/mails/held-addresses.ts";
import { inLedger } from "../harness/in-ledger.ts";
import { tryWork, whileQueueIsDown } from "../harness/outbox.ts";
import { receivers } from "../harness/sandbox.ts";
import { createOpenInvoice, createWorld } from "../harness/world.ts";
import {
  answerAs,
  askForMail,
  createLinkedInvoice,
  DEVELOPMENT,
  depsWith,
  dyingAfterAnswer,
  minutesLater,
  POSTMARK,
  RESEND,
  readMail,
  resendTakes,
  timelineOf,
} from "./mail-fixture.ts";

beforeEach(() => receivers.clear());

test("ten consumers with one mail send it once", async () => {
  const world = await createWorld();
  const invoice = await createLinkedInvoice(world);
  const asked = resendTakes();
  const deps = depsWith(RESEND);
  const job = await askForMail(deps, world, invoice.id, "k1");
  await Promise.all(Array.from({ length: 10 }, () => tryWork(world.scope, job.id, deps)));
  expect(asked).toHaveLength(1);
  // The message comes once more, after it is done.
  await tryWork(world.scope, job.id, deps);
  expect(asked).toHaveLength(1);
  expect(await readMail(world, job.mailId)).toMatchObject({
    status: "sent",
    provider: "resend",
    attempts: 1,
  });
});

test("the same cause again is the same mail", async () => {
  const world = await createWorld();
  const invoice = await createLinkedInvoice(world);
  const asked = resendTakes();
  const deps = depsWith(RESEND);
  for (let repeat = 0; repeat < 3; repeat++) {
    const job = await askForMail(deps, world, invoice.id, "k1");
    await tryWork(world.scope, job.id, deps);
  }
  expect(asked).toHaveLength(1);
  const mailed = (await timelineOf(world, invoice.id)).filter(({ kind }) => kind === "mailed");
  expect(mailed).toHaveLength(1);
  expect(mailed[0].detail).toMatchObject({ to: "ada@example.com", provider: "resend" });
});

describe("what may have been sent is unknown, and is not repeated", () => {
  test("after a provider's silence", async () => {
    const world = await createWorld();
    const invoice = await createLinkedInvoice(world);
    const asked = answerAs("api.postmarkapp.com", () => Promise.reject(new DOMException("", "TimeoutError")));
    const deps = depsWith(POSTMARK);
    const job = await askForMail(deps, world, invoice.id, "k1");
    for (let delivery = 0; delivery < 3; delivery++) await tryWork(world.scope, job.id, deps);
    expect(asked).toHaveLength(1);
    const mail = await readMail(world, job.mailId);
    expect(mail).toMatchObject({ status: "unknown", error: "Postmark: it did not answer within 15 s." });
    const [entry] = (await timelineOf(world, invoice.id)).filter(({ kind }) => kind === "mail_failed");
    expect(entry.detail).toMatchObject({ status: "unknown", reason: mail.error });
  });

  test("after a 5xx of a provider without a key for repeats", async () => {
    const world = await createWorld();
    const invoice = await createLinkedInvoice(world);
    const asked = answerAs("api.postmarkapp.com", () => new Response("", { status: 502 }));
    const deps = depsWith(POSTMARK);
    const job = await askForMail(deps, world, invoice.id, "k1");
    for (let delivery = 0; delivery < 2; delivery++) await tryWork(world.scope, job.id, deps);
    expect(asked).toHaveLength(1);
    expect(await readMail(world, job.mailId)).toMatchObject({ status: "unknown" });
  });

  test("after a consumer that died while the provider was asked", async () => {
    const world = await createWorld();
    const invoice = await createLinkedInvoice(world);
    const asked = answerAs("api.postmarkapp.com", () => Response.json({ ErrorCode: 0, MessageID: "1" }));
    const deps = depsWith(POSTMARK);
    const job = await askForMail(deps, world, invoice.id, "k1");
    await tryWork(world.scope, job.id, dyingAfterAnswer(POSTMARK));
    expect(await readMail(world, job.mailId)).toMatchObject({ status: "sending" });

    // Soon after, it may still be at it, also for a ledger that has forgotten who it was; minutes later it is not.
    await tryWork(world.scope, job.id, deps);
    await evictDurableObject(env.LEDGER.getByName(ledgerName(world.scope)));
    expect(await tryWork(world.scope, job.id, deps)).toMatchObject({ status: "wanted" });
    await tryWork(world.scope, job.id, depsWith(POSTMARK, minutesLater));
    expect(await readMail(world, job.mailId)).toMatchObject({
      status: "unknown",
      error: expect.stringContaining("cut off"),
    });
    expect(asked).toHaveLength(1);
  });
});

describe("what has changed since is not mailed", () => {
  test("a link that another has replaced", async () => {
    const world = await createWorld();
    const invoice = await whileQueueIsDown(() => createOpenInvoice(world, { send_email: true }));
    const asked = resendTakes();
    const deps = depsWith(RESEND);
    await tryWork(world.scope, `create_payment_link/${invoice.id}/1`, deps);
    const mailId = `${invoice.id}/link/1`;
    expect(await readMail(world, mailId)).toMatchObject({ status: "pending" });
    await world.api("POST", `/invoices/${invoice.id}/payment_link`);
    await tryWork(world.scope, `send_mail/${mailId}`, deps);
    expect(asked).toEqual([]);
    expect(await readMail(world, mailId)).toMatchObject({
      status: "canceled",
      error: "Another link has taken this one's place.",
    });
  });

  test("a void invoice", async () => {
    const world = await createWorld();
    const invoice = await createLinkedInvoice(world);
    const asked = resendTakes();
    const deps = depsWith(RESEND);
    const job = await askForMail(deps, world, invoice.id, "k1");
    await world.api("POST", `/invoices/${invoice.id}/void`);
    await tryWork(world.scope, job.id, deps);
    expect(asked).toEqual([]);
    expect(await readMail(world, job.mailId)).toMatchObject({
      status: "canceled",
      error: "The invoice is void.",
    });
  });
});

describe("a mail that waits while its customer's address changes", () => {
  async function waiting() {
    const world = await createWorld();
    const invoice = await createLinkedInvoice(world);
    const asked = resendTakes();
    const deps = depsWith(RESEND);
    const { id, mailId } = await askForMail(deps, world, invoice.id, "k1");
    const change = (email: string | null) =>
      world.api("PATCH", `/customers/${invoice.customer_id}`, { email });
    const send = async () => {
      await tryWork(world.scope, id, deps);
      return readMail(world, mailId);
    };
    return { world, invoice, asked, mailId, change, send };
  }

  test("goes to the new one", async () => {
    const { asked, change, send } = await waiting();
    await change("ada@new.example");
    expect(await send()).toMatchObject({ status: "sent", recipient: "ada@new.example" });
    expect(asked.map(({ body }) => body.to)).toEqual([["ada@new.example"]]);
  });

  test("goes nowhere where there is none any more", async () => {
    const { asked, change, send } = await waiting();
    await change(null);
    expect(await send()).toMatchObject({ status: "canceled", error: expect.stringContaining("no e-mail") });
    expect(asked).toEqual([]);
  });

  test("is held where mail does not reach the new one", async () => {
    const { world, invoice, asked, mailId, change, send } = await waiting();
    const bounced = { why: "bounced", reason: "550 No such user", mailId: "an_earlier_one" } as const;
    await inLedger(world.scope, (book) => holdAddress(book, "ada@gone.example", bounced));
    await change("ada@gone.example");
    expect(await send()).toMatchObject({ status: "held", recipient: "ada@gone.example" });
    expect(asked).toEqual([]);
    const [entry] = (await timelineOf(world, invoice.id)).filter(({ kind }) => kind === "mail_held");
    expect(entry.detail).toMatchObject({ mail_id: mailId, to: "ada@gone.example" });
  });
});

test("in development nothing leaves, and the whole mail is kept to be looked at", async () => {
  const world = await createWorld();
  const invoice = await createLinkedInvoice(world, { number: "2026-7" });
  const deps = depsWith(DEVELOPMENT);
  const job = await askForMail(deps, world, invoice.id, "k1");
  const called = vi.spyOn(globalThis, "fetch");
  await tryWork(world.scope, job.id, deps);
  expect(called).not.toHaveBeenCalled();
  called.mockRestore();
  const mail = await readMail(world, job.mailId);
  expect(mail).toMatchObject({ status: "sent", provider: "development", recipient: "ada@example.com" });
  expect(mail.subject).toBe("Invoice 2026-7 from Acme: €129.00");
  expect(/https?:\/\/\S+/.exec(mail.text ?? "")?.[0]).toBe(invoice.payment_url);
});
