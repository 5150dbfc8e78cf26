import { beforeEach, describe, expect, test, vi } from "vitest";
import { runMailJob } from "../../src/invoices/run-mail-job.ts";
import { mailOnLink } from "../../src/invoices/write-mail.ts";
import { commit } from "../../src/platform/commit.ts";
import { receivers } from "../harness/sandbox.ts";
import { createWorld } from "../harness/world.ts";
import {
  aMinuteLater,
  answerAs,
  createLinkedInvoice,
  DEVELOPMENT,
  depsWith,
  dyingAfterAnswer,
  POSTMARK,
  RESEND,
  readMail,
  resendTakes,
  timelineOf,
  writePending,
} from "./mail-fixture.ts";

beforeEach(() => receivers.clear());

const SEND = { by: "send" as const, key: "k1" };

test("ten consumers with one mail send it once", async () => {
  const world = await createWorld();
  const invoice = await createLinkedInvoice(world);
  const asked = resendTakes();
  const deps = depsWith(RESEND);
  const job = await writePending(deps, world, invoice.id, SEND);
  const runs = await Promise.allSettled(Array.from({ length: 10 }, () => runMailJob(deps, world.scope, job)));
  expect(asked).toHaveLength(1);
  for (const run of runs.filter((run) => run.status === "rejected")) {
    expect(run.reason).toMatchObject({ code: "email_unavailable", retryable: true });
  }
  // The message comes once more, after it is done.
  await runMailJob(deps, world.scope, job);
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
    const job = await writePending(deps, world, invoice.id, SEND);
    await runMailJob(deps, world.scope, job);
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
    const job = await writePending(deps, world, invoice.id, SEND);
    for (let delivery = 0; delivery < 3; delivery++) await runMailJob(deps, world.scope, job);
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
    const job = await writePending(deps, world, invoice.id, SEND);
    for (let delivery = 0; delivery < 2; delivery++) await runMailJob(deps, world.scope, job);
    expect(asked).toHaveLength(1);
    expect(await readMail(world, job.mailId)).toMatchObject({ status: "unknown" });
  });

  test("after a consumer that died while the provider was asked", async () => {
    const world = await createWorld();
    const invoice = await createLinkedInvoice(world);
    const asked = answerAs("api.postmarkapp.com", () => Response.json({ ErrorCode: 0, MessageID: "1" }));
    const deps = depsWith(POSTMARK);
    const job = await writePending(deps, world, invoice.id, SEND);
    await expect(runMailJob(dyingAfterAnswer(POSTMARK), world.scope, job)).rejects.toThrow("died");
    expect(await readMail(world, job.mailId)).toMatchObject({ status: "sending" });

    // Soon after, it may still be at it; a minute later it is not.
    await expect(runMailJob(deps, world.scope, job)).rejects.toMatchObject({ retryable: true });
    await runMailJob(depsWith(POSTMARK, aMinuteLater), world.scope, job);
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
    const invoice = await createLinkedInvoice(world, { send_email: true });
    const asked = resendTakes();
    const deps = depsWith(RESEND);
    await commit(deps.database(world.scope), mailOnLink(deps, world.scope, invoice.id, 1));
    await world.api("POST", `/invoices/${invoice.id}/payment_link`);
    const job = await writePending(deps, world, invoice.id, { by: "link", revision: 1 });
    await runMailJob(deps, world.scope, job);
    expect(asked).toEqual([]);
    expect(await readMail(world, job.mailId)).toMatchObject({
      status: "canceled",
      error: "Another link has taken this one's place.",
    });
  });

  test("a void invoice", async () => {
    const world = await createWorld();
    const invoice = await createLinkedInvoice(world);
    const asked = resendTakes();
    const deps = depsWith(RESEND);
    const job = await writePending(deps, world, invoice.id, SEND);
    await world.api("POST", `/invoices/${invoice.id}/void`);
    await runMailJob(deps, world.scope, job);
    expect(asked).toEqual([]);
    expect(await readMail(world, job.mailId)).toMatchObject({
      status: "canceled",
      error: "The invoice is void.",
    });
  });
});

test("in development nothing leaves, and the whole mail is kept to be looked at", async () => {
  const world = await createWorld();
  const invoice = await createLinkedInvoice(world, { number: "2026-7" });
  const deps = depsWith(DEVELOPMENT);
  const job = await writePending(deps, world, invoice.id, SEND);
  const called = vi.spyOn(globalThis, "fetch");
  await runMailJob(deps, world.scope, job);
  expect(called).not.toHaveBeenCalled();
  called.mockRestore();
  const mail = await readMail(world, job.mailId);
  expect(mail).toMatchObject({ status: "sent", provider: "development", recipient: "ada@example.com" });
  expect(mail.subject).toBe("Invoice 2026-7 from Acme: €129.00");
  const url = new URL(/https?:\/\/\S+/.exec(mail.text ?? "")?.[0] ?? "");
  expect(`${url.origin}${url.pathname}`).toBe(invoice.payment_link.url);
  expect(url.searchParams.get("prefilled_email")).toBe("ada@example.com");
  expect(url.searchParams.get("client_reference_id")).toBe(invoice.id);
});
