// A second failure of the same work shows on the invoice's timeline; a repeat of the first does not.

import { env } from "cloudflare:workers";
import { expect, test } from "vitest";
import { ledger } from "../../src/ledger/client.ts";
import { linkedWorld } from "../dashboard/action-fixture.ts";
import { failedLink, giveUpJobs } from "../dashboard/stuck-fixture.ts";
import { giveUp, outboxOf, whileQueueIsDown } from "../harness/outbox.ts";
import { createWorld, type TestWorld, testDeps } from "../harness/world.ts";

const failuresOf = async (world: TestWorld, invoiceId: string, kind: string): Promise<string[]> => {
  const { data } = (await world.api("GET", `/invoices/${invoiceId}/timeline?limit=100`)).body;
  const failures = data.filter((entry: { kind: string }) => entry.kind === kind);
  return failures.map(({ detail }: { detail: Record<string, string> }) => detail.error ?? detail.reason);
};

/** Gives the same work up once more, as tries that end late, two at the same moment. */
async function repeatGivingUp(world: TestWorld): Promise<void> {
  for (const { id } of await outboxOf(world.scope))
    await Promise.all([1, 2].map(() => giveUp(world.scope, id, "Told again.")));
}

const retry = (world: TestWorld, id: string) =>
  whileQueueIsDown(() => ledger(testDeps(), world.scope).retryWork({ id }));

test("a link that fails again after a retry by hand is on the timeline twice, each time with its reason", async () => {
  const world = await createWorld();
  const { invoiceId, jobId } = await failedLink(world);
  await repeatGivingUp(world);
  expect(await failuresOf(world, invoiceId, "link_failed")).toEqual(["Stripe did not answer."]);
  for (const [index, error] of ["It failed at every try.", "No more."].entries()) {
    await retry(world, jobId);
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
  await retry(world, job?.id ?? "");
  await giveUpJobs(world.scope, "It is down still.");
  await repeatGivingUp(world);
  expect(await failuresOf(world, world.invoiceId, "mail_failed")).toEqual([
    "The provider is down.",
    "It is down still.",
  ]);
});
