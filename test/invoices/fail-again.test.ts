// A second failure of the same work shows on the invoice's timeline; a queue's repeat of the first does not.

import { env } from "cloudflare:workers";
import { expect, test } from "vitest";
import { jobMessage } from "../../src/platform/jobs.ts";
import { retryJob } from "../../src/retry-job.ts";
import { giveUpJob } from "../../src/run-job.ts";
import { linkedWorld } from "../dashboard/action-fixture.ts";
import { failedLink, giveUpJobs, jobsOf, whileQueueIsDown } from "../dashboard/stuck-fixture.ts";
import { createWorld, type TestWorld, testDeps } from "../harness/world.ts";

const failuresOf = async (world: TestWorld, invoiceId: string, kind: string): Promise<string[]> => {
  const { data } = (await world.api("GET", `/invoices/${invoiceId}/timeline?limit=100`)).body;
  const failures = data.filter((entry: { kind: string }) => entry.kind === kind);
  return failures.map(({ detail }: { detail: Record<string, string> }) => detail.error ?? detail.reason);
};

/** Gives the same messages up once more, as a queue that repeats them, two at the same moment. */
async function repeatGivingUp(world: TestWorld): Promise<void> {
  for (const { message } of await jobsOf(world.scope)) {
    const parsed = jobMessage.parse(JSON.parse(message));
    await Promise.all([1, 2].map(() => giveUpJob(testDeps(), parsed, 22, "Told again.")));
  }
}

test("a link that fails again after a retry by hand is on the timeline twice, each time with its reason", async () => {
  const world = await createWorld();
  const { invoiceId, jobId } = await failedLink(world);
  await repeatGivingUp(world);
  expect(await failuresOf(world, invoiceId, "link_failed")).toEqual(["Stripe did not answer."]);
  for (const [index, error] of ["It failed at every try.", "No more."].entries()) {
    await whileQueueIsDown(() => retryJob(testDeps(), world.scope, jobId));
    await giveUpJobs(world.scope, error);
    await repeatGivingUp(world);
    expect(await failuresOf(world, invoiceId, "link_failed")).toHaveLength(index + 2);
  }
  expect(await failuresOf(world, invoiceId, "link_failed")).toEqual([
    "Stripe did not answer.",
    "It failed at every try.",
    "No more.",
  ]);
});

test("a mail that fails again after a retry by hand is on the timeline twice as well", async () => {
  Object.assign(env, { EMAIL_PROVIDER: "development" });
  const world = await linkedWorld();
  const asked = await whileQueueIsDown(() => world.api("POST", `/invoices/${world.invoiceId}/send`));
  expect(asked.status).toBeLessThan(300);
  const [job] = await giveUpJobs(world.scope, "The provider is down.");
  await repeatGivingUp(world);
  expect(await failuresOf(world, world.invoiceId, "mail_failed")).toEqual(["The provider is down."]);
  await whileQueueIsDown(() => retryJob(testDeps(), world.scope, job?.id ?? ""));
  await giveUpJobs(world.scope, "It is down still.");
  await repeatGivingUp(world);
  expect(await failuresOf(world, world.invoiceId, "mail_failed")).toEqual([
    "The provider is down.",
    "It is down still.",
  ]);
});
