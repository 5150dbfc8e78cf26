import { env } from "cloudflare:workers";
import { expect, onTestFinished, test } from "vitest";
import { ledger } from "../../src/ledger/client.ts";
import type { Scope } from "../../src/platform/deps.ts";
import { ledgerSql } from "../harness/ledger-sql.ts";
import { outboxOf, whileQueueIsDown } from "../harness/outbox.ts";
import { sandbox } from "../harness/sandbox.ts";
import { createWorld, eventually, type TestWorld, testDeps } from "../harness/world.ts";
import { invoiceOf, linkedWorld } from "./action-fixture.ts";
import { failedLink, giveUpJobs, payableWorld } from "./stuck-fixture.ts";

const linksAtStripe = (world: TestWorld) =>
  Object.values(sandbox.accountFor(world.secretKey).paymentLinks) as { active: boolean }[];
const retry = (scope: Scope, id: string) => ledger(testDeps(), scope).retryWork({ id });
const retriesOf = async (world: TestWorld) =>
  (await world.api("GET", "/audit_log?action=job.retried")).body.data;

test("a link that could not be made is made once when its job is done again, and is the invoice's own", async () => {
  const world = await createWorld();
  const { invoiceId, jobId } = await failedLink(world);
  expect((await invoiceOf(world, invoiceId)).payment_link).toMatchObject({
    status: "failed",
    error: "Stripe did not answer.",
  });
  await retry(world.scope, jobId);
  const made = await eventually(
    () => invoiceOf(world, invoiceId),
    (seen) => seen.payment_link.status === "active",
  );
  expect(made.payment_link.error).toBeNull();
  expect(linksAtStripe(world)).toHaveLength(1);
  expect(await outboxOf(world.scope)).toEqual([]);
  const detail = { kind: "create_payment_link", attempts: 21, error: "Stripe did not answer." };
  expect(await retriesOf(world)).toMatchObject([{ target: { object: "job", id: jobId }, detail }]);
});

test("what Stripe is asked for is written anew: a refusal that is replayed does not come back", async () => {
  const world = await createWorld();
  const { invoiceId, jobId } = await failedLink(world);
  await ledgerSql(world.scope)
    .prepare("UPDATE payment_links SET request = '{\"line_items\":[]}' WHERE invoice_id = ?")
    .bind(invoiceId)
    .run();
  await retry(world.scope, jobId);
  await eventually(
    () => invoiceOf(world, invoiceId),
    (seen) => seen.payment_link.status === "active",
  );
});

test("a link that has been replaced since it failed stays as it is, and its job is over", async () => {
  const world = await createWorld();
  const { invoiceId, jobId } = await failedLink(world);
  await world.api("POST", `/invoices/${invoiceId}/payment_link`);
  await eventually(
    () => invoiceOf(world, invoiceId),
    (seen) => seen.payment_link.status === "active",
  );
  await retry(world.scope, jobId);
  await eventually(
    () => outboxOf(world.scope),
    (rows) => rows.length === 0,
  );
  expect(linksAtStripe(world).filter((link) => link.active)).toHaveLength(1);
});

test("a switching-off that gave up ends with the link off at Stripe", async () => {
  const world = await payableWorld();
  expect(linksAtStripe(world)[0]?.active).toBe(true);
  await retry(world.scope, world.jobId);
  const off = await eventually(
    () => invoiceOf(world, world.invoiceId),
    (seen) => seen.payment_link.deactivation === "done",
  );
  expect(off.payment_link.deactivated_at).toMatch(/^20/);
  expect(linksAtStripe(world)[0]?.active).toBe(false);
});

test("a mail that failed is sent, and one that may have been sent is refused and stays as it is", async () => {
  Object.assign(env, { EMAIL_PROVIDER: "development" });
  onTestFinished(() => {
    Reflect.deleteProperty(env, "EMAIL_PROVIDER");
  });
  const world = await linkedWorld();
  await whileQueueIsDown(() => world.api("POST", `/invoices/${world.invoiceId}/send`));
  const [job] = await giveUpJobs(world.scope, "The provider is down.");
  const statusOf = async () =>
    (await ledgerSql(world.scope).prepare("SELECT status FROM mails").first<string>("status")) ?? "none";
  expect(await statusOf()).toBe("failed");

  await ledgerSql(world.scope).prepare("UPDATE mails SET status = 'unknown'").run();
  const again = retry(world.scope, job?.id ?? "");
  await expect(again).rejects.toMatchObject({
    code: "conflict",
    message: expect.stringContaining("may have been sent"),
  });
  expect([await statusOf(), (await outboxOf(world.scope))[0]?.status]).toEqual(["unknown", "dead"]);

  await ledgerSql(world.scope).prepare("UPDATE mails SET status = 'failed'").run();
  await retry(world.scope, job?.id ?? "");
  await eventually(statusOf, (status) => status === "sent");
});

test("asked for twice at the same moment a job is brought back once, and the other call is told", async () => {
  const world = await createWorld();
  const { jobId } = await failedLink(world);
  const ended = await whileQueueIsDown(() =>
    Promise.allSettled([1, 2, 3].map(() => retry(world.scope, jobId))),
  );
  expect(ended.map(({ status }) => status).sort()).toEqual(["fulfilled", "rejected", "rejected"]);
  for (const one of ended)
    if (one.status === "rejected") expect(one.reason).toMatchObject({ code: "conflict" });
  expect(await retriesOf(world)).toHaveLength(1);
  expect(await outboxOf(world.scope)).toMatchObject([{ status: "wanted", attempts: 0, error: null }]);
});

test("a job that has not given up is refused in words that say what becomes of it", async () => {
  const world = await createWorld();
  const { jobId } = await failedLink(world);
  for (const [status, words] of [
    ["wanted", "being worked on already"],
    ["waiting", "waits for the Stripe connection"],
  ] as const) {
    await ledgerSql(world.scope)
      .prepare("UPDATE outbox SET status = ? WHERE id = ?")
      .bind(status, jobId)
      .run();
    await expect(retry(world.scope, jobId)).rejects.toMatchObject({
      code: "conflict",
      message: expect.stringContaining(words),
    });
  }
  expect(await retriesOf(world)).toEqual([]);
});

test("another tenant's job is not found, and one that another version wrote is refused, not lost", async () => {
  const [mine, theirs] = [await createWorld(), await createWorld()];
  const { jobId } = await failedLink(theirs);
  const elsewhere = retry(mine.scope, jobId);
  await expect(elsewhere).rejects.toMatchObject({ code: "not_found" });
  for (const [kind, subject] of [
    ["create_payment_link", "{"],
    ["create_payment_link", `{"invoiceId":7}`],
    ["of_another_version", "{}"],
  ] as const) {
    await ledgerSql(theirs.scope)
      .prepare("UPDATE outbox SET kind = ?, subject = ? WHERE id = ?")
      .bind(kind, subject, jobId)
      .run();
    const again = retry(theirs.scope, jobId);
    await expect(again).rejects.toMatchObject({
      code: "conflict",
      message: expect.stringContaining("another version"),
    });
  }
  expect(await outboxOf(theirs.scope)).toMatchObject([{ status: "dead" }]);
});
