// Customers here and at Stripe, with the jobs between them in the test's hands: nothing is enqueued, so that a
// test says when each one runs.

import type Stripe from "stripe";
import { ledger } from "../../src/ledger/client.ts";
import type { Call } from "../../src/ledger/ledger.ts";
import { type Input, WRITES } from "../../src/ledger/verbs.ts";
import type { Deps, Scope } from "../../src/platform/deps.ts";
import type { Json } from "../harness/api.ts";
import { guardedLedgers } from "../harness/guarded-ledgers.ts";
import { outboxOf, tryWork } from "../harness/outbox.ts";
import { sandbox } from "../harness/sandbox.ts";
import { createWorld, type TestWorld, testDeps } from "../harness/world.ts";
import { rowsOf } from "../webhooks/deliver.ts";

export const ADA = { name: "Ada Lovelace", email: "ada@example.com" };

/** As the doors do it. */
export const createCustomer = (deps: Deps, scope: Scope, customer: Omit<Input<"createCustomer">, "callId">) =>
  ledger(deps, scope).createCustomer({ ...customer, callId: deps.callId });
export const changeCustomer = (
  deps: Deps,
  scope: Scope,
  id: string,
  change: Input<"changeCustomer">["change"],
) => ledger(deps, scope).changeCustomer({ id, change });
export const deleteCustomer = (deps: Deps, scope: Scope, id: string) =>
  ledger(deps, scope).deleteCustomer({ id, cancelSubscriptions: false });

/** Deps whose queues take nothing: jobs wait in their table. */
export function handDeps(parts: Partial<Deps> = {}, bindings: Partial<Env> = {}): Deps {
  const deps = testDeps(parts, bindings);
  return { ...deps, queues: { ...deps.queues, enqueueJobs: async () => {} } };
}

/** A world whose customers are taken over from Stripe, sent there, or both. */
export async function createSyncWorld(customer: {
  inbound?: boolean;
  outbound?: boolean;
}): Promise<TestWorld> {
  const world = await createWorld();
  const path = `/connections/${world.connectionId}`;
  const changed = await world.api("PATCH", path, { sync_config: { customer } });
  if (changed.status !== 200) throw new Error(JSON.stringify(changed.body));
  return world;
}

/** The customers that the world's Stripe account has now. */
export function atStripe(world: TestWorld): Stripe.Customer[] {
  return Object.values(sandbox.world.accounts[world.accountId]?.customers ?? {});
}

export async function read(world: TestWorld, id: string): Promise<Json> {
  return (await world.api("GET", `/customers/${id}`)).body;
}

/** The ids of the work that is to bring customers to Stripe. */
export async function waitingJobs(world: TestWorld): Promise<string[]> {
  const rows = await outboxOf(world.scope);
  return rows.filter(({ kind, status }) => kind === "sync_customer" && status !== "dead").map(({ id }) => id);
}

/** Does all of it as the queue would, again and again until none fails; returns how many tries it took. */
export async function runJobs(world: TestWorld, deps: Deps = handDeps()): Promise<number> {
  for (let tries = 1; tries <= 20; tries += 1) {
    const jobs = await waitingJobs(world);
    if (jobs.length === 0) return tries - 1;
    for (const id of jobs) await tryWork(world.scope, id, deps);
  }
  throw new Error("The jobs come to no end.");
}

/** What Stripe's own API does for whoever has the account's key. */
export async function stripeCall(
  world: TestWorld,
  method: string,
  path: string,
  fields: Record<string, string> = {},
): Promise<Json> {
  const body = method === "GET" ? null : new URLSearchParams(fields).toString();
  const headers = {
    authorization: `Bearer ${world.secretKey}`,
    "content-type": "application/x-www-form-urlencoded",
  };
  const request = new Request(`http://stripe.sandbox/v1${path}`, { method, headers, body });
  return (await sandbox.fetch(request)).json();
}

/** The messages of a type that were written down, by their cause. */
export async function announced(world: TestWorld, type: string): Promise<string[]> {
  const rows = await rowsOf(world, "messages", `type = '${type}' ORDER BY key`);
  return rows.map(({ key }) => `${type}/${key}`);
}

/** Deps whose first commit to a ledger finds that something else was committed before. */
export function depsWhoseCommitComesAfter(other: () => Promise<unknown>): Deps {
  let isFirst = true;
  const LEDGER = guardedLedgers(async (run, call) => {
    if (call && isCommit(call) && isFirst) {
      isFirst = false;
      await other();
    }
    return run();
  });
  return handDeps({}, { LEDGER });
}

function isCommit({ verb }: Call): boolean {
  return Object.hasOwn(WRITES, verb);
}
