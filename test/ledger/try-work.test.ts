// One piece of work and its tries: whatever dies on the way, and wherever, Stripe makes one link.

import { evictDurableObject } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { expect, test } from "vitest";
import { ledger, ledgerName } from "../../src/ledger/client.ts";
import type { VerbName } from "../../src/ledger/verbs.ts";
import type { Deps } from "../../src/platform/deps.ts";
import { runWork } from "../../src/run-work.ts";
import { guardedLedgers } from "../harness/guarded-ledgers.ts";
import { ledgerSql } from "../harness/ledger-sql.ts";
import { messageOf, outboxOf, outboxRow, ringAlarm, tryWork, whileQueueIsDown } from "../harness/outbox.ts";
import { sandbox } from "../harness/sandbox.ts";
import { createOpenInvoice, createWorld, eventually, type TestWorld, testDeps } from "../harness/world.ts";

const SECOND = 1_000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;

/** An open invoice whose link nobody has made yet. */
async function openByHand() {
  const world = await createWorld();
  const { id: invoiceId } = await whileQueueIsDown(() => createOpenInvoice(world));
  return { ...world, invoiceId, work: `create_payment_link/${invoiceId}/1` };
}
type Here = Awaited<ReturnType<typeof openByHand>>;

const linksAtStripe = (world: Pick<TestWorld, "accountId">) =>
  Object.values(sandbox.world.accounts[world.accountId]?.paymentLinks ?? {});
const linkOf = async (here: Here) => (await here.api("GET", `/invoices/${here.invoiceId}`)).body.payment_link;
const at = (afterMs: number, parts: Partial<Deps> = {}) =>
  testDeps({ now: () => Date.now() + afterMs, ...parts });

async function expectOneLink(here: Here): Promise<void> {
  expect(await linkOf(here)).toMatchObject({ status: "active", id: linksAtStripe(here)[0]?.id });
  expect(linksAtStripe(here)).toHaveLength(1);
  // The alarm may have wanted a reconciliation meanwhile.
  const work = (await outboxOf(here.scope)).filter(({ kind }) => kind !== "reconcile");
  expect(work).toEqual([]);
  const { data } = (await here.api("GET", `/invoices/${here.invoiceId}/timeline`)).body;
  expect(data.filter(({ kind }: { kind: string }) => kind === "link_created")).toHaveLength(1);
}

/** Deps one of whose verbs fails once, before it arrives or after its transaction was committed. */
function failingDeps(verb: VerbName, when: "before" | "after"): Deps {
  let hasFailed = false;
  const LEDGER = guardedLedgers(async (run, call) => {
    if (hasFailed || call?.verb !== verb) return run();
    hasFailed = true;
    if (when === "after") await run();
    throw new Error("Network connection lost.");
  });
  return testDeps({}, { LEDGER });
}

for (const verb of ["claimWork", "concludePaymentLink"] as const) {
  for (const when of ["before", "after"] as const) {
    test(`${verb} that fails ${when === "before" ? "before it arrives" : "after it was committed"} ends in one link`, async () => {
      const here = await openByHand();
      await runWork(failingDeps(verb, when), messageOf(here.scope, here.work));
      // The alarm brings it again, after the lease of one who may still be at it.
      await ringAlarm(here.scope, Date.now() + HOUR);
      await runWork(at(HOUR), messageOf(here.scope, here.work));
      await eventually(
        () => linkOf(here),
        (link) => link.status === "active",
      );
      await expectOneLink(here);
    });
  }
}

test("a failure that cannot be told to the ledger is no end: the work is tried again", async () => {
  const here = await openByHand();
  sandbox.world.faults.push({ method: "POST", path: "/v1/payment_links", times: 1, kind: "cut_after" });
  await runWork(failingDeps("failWork", "before"), messageOf(here.scope, here.work));
  expect(await outboxRow(here.scope, here.work)).toMatchObject({ status: "wanted", attempts: 0 });
  await runWork(at(HOUR), messageOf(here.scope, here.work));
  await expectOneLink(here);
});

test("50 messages of the same work at once ask Stripe once", async () => {
  const here = await openByHand();
  let calls = 0;
  const deps = testDeps();
  const stripe = (key: string) => {
    const client = deps.stripe(key);
    const create = client.paymentLinks.create.bind(client.paymentLinks);
    client.paymentLinks.create = ((...given: Parameters<typeof create>) => {
      calls += 1;
      return create(...given);
    }) as typeof create;
    return client;
  };
  const message = messageOf(here.scope, here.work);
  await Promise.all(Array.from({ length: 50 }, () => runWork({ ...deps, stripe }, message)));
  expect(calls).toBe(1);
  await expectOneLink(here);
});

test("work of which one died after it was claimed is given to the next once the lease is over, not before", async () => {
  const here = await openByHand();
  expect(await ledger(testDeps(), here.scope).claimWork({ id: here.work })).not.toBeNull();
  const message = messageOf(here.scope, here.work);
  await runWork(testDeps(), message);
  expect(linksAtStripe(here)).toEqual([]);
  // It is not left until the alarm would come by itself.
  const { dueAtMs } = (await outboxRow(here.scope, here.work)) ?? {};
  expect(dueAtMs).toBeLessThanOrEqual(Date.now() + 2 * MINUTE);
  await runWork(at(2 * MINUTE + SECOND), message);
  await expectOneLink(here);
});

test("a ledger that dies between claim and conclusion forgets who was at it, and what Stripe was asked for stays", async () => {
  const here = await openByHand();
  const mine = ledger(testDeps(), here.scope);
  const first = await mine.claimWork({ id: here.work });
  await here.api("PATCH", "/settings", { success_message: "Merci" });
  await evictDurableObject(env.LEDGER.getByName(ledgerName(here.scope)));
  const second = await mine.claimWork({ id: here.work });
  expect(second).toMatchObject({ task: { wasAsked: true } });
  const asked = (claimed: typeof first) =>
    claimed?.kind === "create_payment_link" && [claimed.task.request, claimed.task.idempotencyKey];
  expect(asked(second)).toEqual(asked(first));
});

test("a message that comes again while the next try is not due does nothing", async () => {
  const here = await openByHand();
  sandbox.world.faults.push({ method: "POST", path: "/v1/payment_links", times: 1, kind: "cut_before" });
  const message = messageOf(here.scope, here.work);
  for (let delivery = 0; delivery < 3; delivery++) await runWork(testDeps(), message);
  expect(await outboxRow(here.scope, here.work)).toMatchObject({ status: "wanted", attempts: 1 });
  await runWork(at(6 * SECOND), message);
  await expectOneLink(here);
});

test("a message of work that is done, or that never was, does nothing", async () => {
  const here = await openByHand();
  await tryWork(here.scope, here.work);
  for (const id of [here.work, "create_payment_link/inv_nowhere/1"])
    await runWork(testDeps(), messageOf(here.scope, id));
  await expectOneLink(here);
});

test("21 tries, ever further apart, span 10 to 24 hours; then the work is dead and the invoice says why", async () => {
  const here = await openByHand();
  const mine = ledger(testDeps(), here.scope);
  const waits: number[] = [];
  for (let tries = 1; tries <= 21; tries++) {
    const begun = Date.now();
    await mine.failWork({ id: here.work, outcome: "again", error: "Stripe is away.", jitter: 0.5 });
    const row = await outboxRow(here.scope, here.work);
    if (row?.status !== "wanted") break;
    expect(row).toMatchObject({ attempts: tries, error: "Stripe is away.", dueAtMs: row.notBeforeMs });
    waits.push((row.notBeforeMs ?? 0) - begun);
  }
  expect(waits).toHaveLength(20);
  for (const [index, wait] of waits.entries()) expect(wait).toBeGreaterThan((waits[index - 1] ?? 0) - SECOND);
  const span = waits.reduce((sum, wait) => sum + wait, 0);
  expect(span).toBeGreaterThan(10 * HOUR);
  expect(span).toBeLessThan(24 * HOUR);
  expect(await outboxRow(here.scope, here.work)).toMatchObject({
    status: "dead",
    attempts: 21,
    dueAtMs: null,
  });
  expect(await linkOf(here)).toMatchObject({
    status: "failed",
    error: "It failed at every try, over hours.",
  });
});

test("a subject that cannot be read is left dead by the one who would do it", async () => {
  const here = await openByHand();
  await ledgerSql(here.scope).prepare("UPDATE outbox SET subject = '{'").run();
  expect(await tryWork(here.scope, here.work)).toMatchObject({
    status: "dead",
    error: expect.stringContaining("another version"),
  });
});
