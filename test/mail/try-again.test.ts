import { evictDurableObject } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { beforeEach, describe, expect, test } from "vitest";
import { ledgerName } from "../../src/ledger/client.ts";
import type { Scope } from "../../src/platform/deps.ts";
import { ledgerSql } from "../harness/ledger-sql.ts";
import { giveUp, tryWork } from "../harness/outbox.ts";
import { receivers } from "../harness/sandbox.ts";
import { createWorld } from "../harness/world.ts";
import {
  answerAs,
  askForMail,
  createLinkedInvoice,
  depsWith,
  dyingAfterAnswer,
  minutesLater,
  POSTMARK,
  RESEND,
  readMail,
  timelineOf,
} from "./mail-fixture.ts";

beforeEach(() => receivers.clear());

const HOUR_MS = 60 * 60 * 1000;

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
    const job = await askForMail(deps, world, invoice.id, "k1");
    const begun = Date.now();
    const again = await tryWork(world.scope, job.id, deps);
    expect((again?.notBeforeMs ?? 0) - begun).toBeGreaterThanOrEqual(9_000);
    await tryWork(world.scope, job.id, deps);
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
    const job = await askForMail(deps, world, invoice.id, "k1");
    expect(await tryWork(world.scope, job.id, deps)).toMatchObject({ status: "wanted" });
    await world.api("PATCH", `/invoices/${invoice.id}`, { memo: "changed in between" });
    await tryWork(world.scope, job.id, deps);
    expect(asked.map(({ headers }) => headers["idempotency-key"])).toEqual([
      expect.stringMatching(/^quittance-[0-9a-f]{64}$/),
      asked[0]?.headers["idempotency-key"],
    ]);
    expect(asked[1]?.body).toEqual(asked[0]?.body);
    expect(await readMail(world, job.mailId)).toMatchObject({ status: "sent" });
  });

  test("after a consumer that died while Resend was asked, with the same key and content", async () => {
    const world = await createWorld();
    const invoice = await createLinkedInvoice(world);
    const asked = answerAs("api.resend.com", () => Response.json({ id: "r1" }));
    const deps = depsWith(RESEND);
    const job = await askForMail(deps, world, invoice.id, "k1");
    await tryWork(world.scope, job.id, dyingAfterAnswer(RESEND));
    // Soon after, it may still be at it, also for a ledger that has forgotten who it was; minutes later it is not.
    await tryWork(world.scope, job.id, deps);
    await evictDurableObject(env.LEDGER.getByName(ledgerName(world.scope)));
    expect(await tryWork(world.scope, job.id, deps)).toMatchObject({ status: "wanted" });
    expect(asked).toHaveLength(1);
    await world.api("PATCH", `/invoices/${invoice.id}`, { memo: "changed in between" });
    await tryWork(world.scope, job.id, depsWith(RESEND, minutesLater));
    expect(asked).toHaveLength(2);
    expect(asked[1]?.headers["idempotency-key"]).toBe(asked[0]?.headers["idempotency-key"]);
    expect(asked[1]?.body).toEqual(asked[0]?.body);
    expect(await readMail(world, job.mailId)).toMatchObject({ status: "sent", attempts: 2, error: null });
  });

  test("and a consumer that wakes up after another took its mail over writes nothing", async () => {
    const world = await createWorld();
    const invoice = await createLinkedInvoice(world);
    const slow = Promise.withResolvers<Response>();
    const asleep = Promise.withResolvers<void>();
    answerAs("api.resend.com", () => {
      asleep.resolve();
      return slow.promise;
    });
    const job = await askForMail(depsWith(RESEND), world, invoice.id, "k1");
    const sleeper = tryWork(world.scope, job.id, depsWith(RESEND));
    await asleep.promise;

    const asked = answerAs("api.resend.com", () => new Response("", { status: 503 }));
    const later = depsWith(RESEND, minutesLater);
    expect(await tryWork(world.scope, job.id, later)).toMatchObject({ status: "wanted" });
    slow.resolve(Response.json({ id: "late" }));
    await sleeper;
    expect(await readMail(world, job.mailId)).toMatchObject({
      status: "pending",
      attempts: 2,
      inDoubt: true,
    });
    const mailed = async () =>
      (await timelineOf(world, invoice.id)).filter(({ kind }) => kind === "mailed").length;
    expect(await mailed()).toBe(0);
    expect(await countJobs(world.scope, job.id)).toBe(1);

    answerAs("api.resend.com", () => Response.json({ id: "r1" }));
    await tryWork(world.scope, job.id, later);
    expect(asked).toHaveLength(1);
    expect(await readMail(world, job.mailId)).toMatchObject({ status: "sent", providerMessageId: "r1" });
    expect(await mailed()).toBe(1);
    expect(await countJobs(world.scope, job.id)).toBe(0);
  });

  test("but not once Resend has forgotten the key: then it is unknown", async () => {
    const world = await createWorld();
    const invoice = await createLinkedInvoice(world);
    const asked = answerAs("api.resend.com", () => new Response("", { status: 503 }));
    const deps = depsWith(RESEND);
    const job = await askForMail(deps, world, invoice.id, "k1");
    expect(await tryWork(world.scope, job.id, deps)).toMatchObject({ status: "wanted" });
    await tryWork(world.scope, job.id, depsWith(RESEND, { now: () => Date.now() + 24 * HOUR_MS }));
    expect(asked).toHaveLength(1);
    expect(await readMail(world, job.mailId)).toMatchObject({ status: "unknown" });
  });

  test("a job that gave up leaves failed what was never taken, and unknown what may have been", async () => {
    const world = await createWorld();
    const invoice = await createLinkedInvoice(world);
    const mailIds: string[] = [];
    for (const [call, status] of Object.entries({ never: 429, perhaps: 503 })) {
      answerAs("api.resend.com", () => new Response("", { status }));
      const deps = depsWith(RESEND);
      const job = await askForMail(deps, world, invoice.id, call);
      mailIds.push(job.mailId);
      expect(await tryWork(world.scope, job.id, deps)).toMatchObject({ status: "wanted" });
      await giveUp(world.scope, job.id, "It failed at every try.");
    }
    const [never, perhaps] = await Promise.all(mailIds.map((mailId) => readMail(world, mailId)));
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
  const job = await askForMail(deps, world, invoice.id, "k1");
  for (let delivery = 0; delivery < 2; delivery++) await tryWork(world.scope, job.id, deps);
  expect(asked).toHaveLength(1);
  expect(await readMail(world, job.mailId)).toMatchObject({ status: "failed", error: `Resend: ${message}` });
  const [entry] = (await timelineOf(world, invoice.id)).filter(({ kind }) => kind === "mail_failed");
  expect(entry.detail).toMatchObject({ status: "failed", reason: `Resend: ${message}` });
});

async function countJobs(scope: Scope, jobId: string): Promise<number> {
  const row = await ledgerSql(scope)
    .prepare("SELECT COUNT(*) AS n FROM outbox WHERE id = ?")
    .bind(jobId)
    .first<{ n: number }>();
  return row?.n ?? -1;
}
