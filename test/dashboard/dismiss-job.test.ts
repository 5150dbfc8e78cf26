// What gave up and cannot be done again is taken off the list by a person, and the log keeps why.

import { afterEach, expect, test, vi } from "vitest";
import { installationChecks } from "../../src/health-installation.ts";
import { ledger } from "../../src/ledger/client.ts";
import { ledgerSql } from "../harness/ledger-sql.ts";
import { outboxOf, whileQueueIsDown } from "../harness/outbox.ts";
import { nextPulse } from "../harness/pulse.ts";
import { createTenantWorld, createWorld, type TestWorld, testDeps } from "../harness/world.ts";
import { hiddenOf } from "./action-fixture.ts";
import { linksOf, open, send, signIn, textOf } from "./browse.ts";
import { insertStuckJob } from "./rows.ts";
import { failedLink } from "./stuck-fixture.ts";

const PAGE = "/dashboard/stuck-jobs";
const REASON = "The mail may have been sent, or not.";
const pathOf = (jobId: string) => `${PAGE}/${encodeURIComponent(jobId)}/dismiss`;

afterEach(() => {
  vi.useRealTimers();
});

/** A dead job that another version wrote, so that it can never be done again. */
async function undoableWorld() {
  const world = await createTenantWorld();
  await insertStuckJob(world.scope, { invoiceId: "inv_1", kind: "of_another_version", error: REASON });
  const [job] = await outboxOf(world.scope);
  return { ...world, jobId: job?.id ?? "" };
}

const dismissals = async (world: Pick<TestWorld, "api">) =>
  (await world.api("GET", "/audit_log?action=job.dismissed")).body.data;
const deadJobs = async (world: Pick<TestWorld, "api">) =>
  (await world.api("GET", "/stats")).body.present.dead_jobs;
let asked = 0;
/** What /readyz says once the ledger has told how it stands, past the minute that an answer serves. */
const readiness = async ({ scope }: Pick<TestWorld, "scope">) => {
  await nextPulse(scope);
  vi.useFakeTimers({ toFake: ["Date"], now: Date.now() + ++asked * 3_600_000 });
  const [deadLetters] = await installationChecks(testDeps());
  vi.useRealTimers();
  return deadLetters?.detail;
};

test("a job that cannot be done again is dismissed after it was said what that means, once however often it is pressed", async () => {
  const world = await undoableWorld();
  const cookie = await signIn(world.keys.write);
  expect(linksOf((await open(PAGE, cookie)).html)).toContain(pathOf(world.jobId));
  expect(await deadJobs(world)).toBe(1);
  expect(await readiness(world)).toContain("1 job.");

  const confirm = await open(pathOf(world.jobId), cookie);
  expect(textOf(confirm.html)).toMatch(/It gave up: The mail may have been sent, or not\. .*stays undone/);
  expect((await send(pathOf(world.jobId), hiddenOf(confirm.html), { cookie })).status).toBe(200);
  expect(await outboxOf(world.scope)).toHaveLength(1);
  const fields = { ...hiddenOf(confirm.html), confirm: "yes" };
  const answers = await Promise.all([1, 2, 3].map(() => send(pathOf(world.jobId), fields, { cookie })));
  for (const { headers } of answers) expect(headers.get("location")).toBe(`${PAGE}?done=job_dismissed`);
  expect(await outboxOf(world.scope)).toEqual([]);
  expect(await dismissals(world)).toMatchObject([
    {
      actor: { kind: "dashboard" },
      target: { object: "job", id: world.jobId },
      detail: { kind: "of_another_version", attempts: 21, error: REASON },
    },
  ]);
  expect(await deadJobs(world)).toBe(0);
  expect(await readiness(world)).toBe("None.");
});

test("only what gave up can be dismissed: what is waiting or under way stays, and no entry is written", async () => {
  const world = await createWorld();
  const { jobId } = await failedLink(world);
  for (const status of ["waiting", "wanted"]) {
    await ledgerSql(world.scope)
      .prepare("UPDATE outbox SET status = ? WHERE id = ?")
      .bind(status, jobId)
      .run();
    await expect(ledger(testDeps(), world.scope).dismissWork({ id: jobId })).rejects.toMatchObject({
      code: "conflict",
    });
  }
  await ledgerSql(world.scope).prepare("UPDATE outbox SET status = 'waiting' WHERE id = ?").bind(jobId).run();
  const cookie = await signIn(world.keys.write);
  expect((await open(PAGE, cookie)).html).not.toContain("/dismiss");
  expect((await open(pathOf(jobId), cookie)).html).not.toContain('value="yes"');
  const refused = await send(pathOf(jobId), { token: crypto.randomUUID(), confirm: "yes" }, { cookie });
  expect(refused.status).toBe(409);
  expect(await outboxOf(world.scope)).toHaveLength(1);
  expect(await dismissals(world)).toEqual([]);
});

test("a dismissal and a retry at the same moment: one of them is done", async () => {
  const world = await createWorld();
  const { jobId } = await failedLink(world);
  const mine = ledger(testDeps(), world.scope);
  await whileQueueIsDown(() =>
    Promise.allSettled([mine.dismissWork({ id: jobId }), mine.retryWork({ id: jobId })]),
  );
  const left = await outboxOf(world.scope);
  const retried = (await world.api("GET", "/audit_log?action=job.retried")).body.data;
  expect([left.length, retried.length, (await dismissals(world)).length]).toEqual(
    left.length === 1 ? [1, 1, 0] : [0, 0, 1],
  );
});

test("dismissing is for role write and forms of our own, and another tenant does not find the job", async () => {
  const world = await undoableWorld();
  const fields = { token: crypto.randomUUID(), confirm: "yes" };
  const reader = await signIn(world.keys.read);
  expect((await open(PAGE, reader)).html).not.toContain("/dismiss");
  expect((await send(pathOf(world.jobId), fields, { cookie: reader })).status).toBe(403);
  const writer = await signIn(world.keys.write);
  const forged = await send(pathOf(world.jobId), fields, { cookie: writer, from: "https://evil.example" });
  expect(forged.status).toBe(403);
  const stranger = await signIn((await createTenantWorld()).keys.admin);
  await send(pathOf(world.jobId), fields, { cookie: stranger });
  expect((await send(pathOf(world.jobId), { confirm: "yes" }, { cookie: stranger })).status).toBe(404);
  expect(await outboxOf(world.scope)).toHaveLength(1);
});
