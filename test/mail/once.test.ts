import { beforeEach, describe, expect, test, vi } from "vitest";
import { failMail, runMailJob } from "../../src/invoices/run-mail-job.ts";
import { mailOnLink } from "../../src/invoices/write-mail.ts";
import { commit } from "../../src/platform/commit.ts";
import { receivers } from "../harness/sandbox.ts";
import { createWorld } from "../harness/world.ts";
import {
  answerAs,
  createLinkedInvoice,
  DEVELOPMENT,
  depsWith,
  POSTMARK,
  RESEND,
  readMail,
  resendTakes,
  timelineOf,
  writePending,
} from "./mail-fixture.ts";

beforeEach(() => receivers.clear());

const SEND = { by: "send" as const, key: "k1" };
const HOUR_MS = 60 * 60 * 1000;

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
    const asked = answerAs("api.resend.com", () => Response.json({ id: "1" }));
    const deps = depsWith(RESEND);
    const job = await writePending(deps, world, invoice.id, SEND);
    const dying = depsWith(RESEND);
    // It dies after the answer: what it would write is lost.
    let commits = 0;
    const broken = {
      ...dying,
      log: {
        ...dying.log,
        info: () => {
          commits++;
          throw new Error("died");
        },
      },
    };
    await expect(runMailJob(broken, world.scope, job)).rejects.toThrow("died");
    expect(commits).toBe(1);
    expect(await readMail(world, job.mailId)).toMatchObject({ status: "sending" });

    // Soon after, it may still be at it; a minute later it is not.
    await expect(runMailJob(deps, world.scope, job)).rejects.toMatchObject({ retryable: true });
    const later = depsWith(RESEND, { now: () => Date.now() + 61_000 });
    await runMailJob(later, world.scope, job);
    expect(await readMail(world, job.mailId)).toMatchObject({
      status: "unknown",
      error: expect.stringContaining("cut off"),
    });
    expect(asked).toHaveLength(1);
  });
});

describe("what was not taken is tried again", () => {
  test("after a 429, no sooner than the provider asks, and then sent once", async () => {
    const world = await createWorld();
    const invoice = await createLinkedInvoice(world);
    const answers = [
      new Response("{}", { status: 429, headers: { "retry-after": "9" } }),
      Response.json({ MessageID: "m1" }),
    ];
    const asked = answerAs("api.postmarkapp.com", () => answers.shift() ?? new Response("", { status: 500 }));
    const deps = depsWith(POSTMARK);
    const job = await writePending(deps, world, invoice.id, SEND);
    await expect(runMailJob(deps, world.scope, job)).rejects.toMatchObject({
      code: "email_unavailable",
      retryAfterSeconds: 9,
    });
    await runMailJob(deps, world.scope, job);
    expect(asked).toHaveLength(2);
    expect(await readMail(world, job.mailId)).toMatchObject({
      status: "sent",
      providerMessageId: "m1",
      attempts: 2,
      error: null,
    });
  });

  test("after Resend's 5xx, with the same key and the same content to the letter", async () => {
    const world = await createWorld();
    const invoice = await createLinkedInvoice(world);
    const answers = [new Response("", { status: 503 }), Response.json({ id: "r1" })];
    const asked = answerAs("api.resend.com", () => answers.shift() ?? new Response("", { status: 500 }));
    const deps = depsWith(RESEND);
    const job = await writePending(deps, world, invoice.id, SEND);
    await expect(runMailJob(deps, world.scope, job)).rejects.toMatchObject({ retryable: true });
    await world.api("PATCH", `/invoices/${invoice.id}`, { memo: "changed in between" });
    await runMailJob(deps, world.scope, job);
    expect(asked.map(({ headers }) => headers["idempotency-key"])).toEqual([
      expect.stringMatching(/^quittance-[0-9a-f]{64}$/),
      asked[0]?.headers["idempotency-key"],
    ]);
    expect(asked[1]?.body).toEqual(asked[0]?.body);
    expect(await readMail(world, job.mailId)).toMatchObject({ status: "sent" });
  });

  test("but not once Resend has forgotten the key: then it is unknown", async () => {
    const world = await createWorld();
    const invoice = await createLinkedInvoice(world);
    const asked = answerAs("api.resend.com", () => new Response("", { status: 503 }));
    const deps = depsWith(RESEND);
    const job = await writePending(deps, world, invoice.id, SEND);
    await expect(runMailJob(deps, world.scope, job)).rejects.toMatchObject({ retryable: true });
    await runMailJob(depsWith(RESEND, { now: () => Date.now() + 24 * HOUR_MS }), world.scope, job);
    expect(asked).toHaveLength(1);
    expect(await readMail(world, job.mailId)).toMatchObject({ status: "unknown" });
  });

  test("a job that gave up leaves failed what was never taken, and unknown what may have been", async () => {
    const world = await createWorld();
    const invoice = await createLinkedInvoice(world);
    const statuses = { never: 429, perhaps: 503 };
    for (const [key, status] of Object.entries(statuses)) {
      answerAs("api.resend.com", () => new Response("", { status }));
      const deps = depsWith(RESEND);
      const job = await writePending(deps, world, invoice.id, { by: "send", key });
      await expect(runMailJob(deps, world.scope, job)).rejects.toMatchObject({ retryable: true });
      await commit(deps.database(world.scope), failMail(deps, job, "It failed at every try."));
    }
    const [never, perhaps] = await Promise.all(
      Object.keys(statuses).map((key) => readMail(world, `${invoice.id}/send/${key}`)),
    );
    expect(never).toMatchObject({ status: "failed", error: "Resend: HTTP 429" });
    expect(perhaps).toMatchObject({ status: "unknown", error: "Resend: HTTP 503" });
  });
});

test("a refusal is failed, in the provider's words, and not tried again", async () => {
  const world = await createWorld();
  const invoice = await createLinkedInvoice(world);
  const message = "The acme.example domain is not verified.";
  const asked = answerAs("api.resend.com", () => Response.json({ message }, { status: 403 }));
  const deps = depsWith(RESEND);
  const job = await writePending(deps, world, invoice.id, SEND);
  for (let delivery = 0; delivery < 2; delivery++) await runMailJob(deps, world.scope, job);
  expect(asked).toHaveLength(1);
  expect(await readMail(world, job.mailId)).toMatchObject({ status: "failed", error: `Resend: ${message}` });
  const [entry] = (await timelineOf(world, invoice.id)).filter(({ kind }) => kind === "mail_failed");
  expect(entry.detail).toMatchObject({ status: "failed", reason: `Resend: ${message}` });
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
