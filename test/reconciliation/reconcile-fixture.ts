// What the tests of reconciliation do: a payment of which no webhook tells, and a run by hand.

import { ledger } from "../../src/ledger/client.ts";
import type { Deps, Scope } from "../../src/platform/deps.ts";
import type { StripeEventMessage } from "../../src/platform/event-message.ts";
import { reconcileConnection } from "../../src/webhooks/reconcile-connection.ts";
import type { Json } from "../harness/api.ts";
import { ledgerSql } from "../harness/ledger-sql.ts";
import { sandbox } from "../harness/sandbox.ts";
import { eventsOf } from "../harness/stripe-delivery.ts";
import { createOpenInvoice, eventually, type TestWorld, testDeps } from "../harness/world.ts";

/** An invoice that is paid at Stripe; its events are withheld. Returns it as it was before. */
export async function payUnheard(world: TestWorld): Promise<Json> {
  const invoice = await createOpenInvoice(world);
  const linked = await eventually(reader(world, invoice.id), (seen) => seen.payment_link.status === "active");
  await sandbox.pay(world.accountId, { paymentLinkId: linked.payment_link.id }, { card: "4242424242424242" });
  return linked;
}

export function reader(world: TestWorld, id: string): () => Promise<Json> {
  return async () => (await world.api("GET", `/invoices/${id}`)).body;
}

/** @param sinceMs how far back to look, ms; left out: since the last run */
export async function requestReconciliation(
  deps: Deps,
  scope: Scope,
  connectionId: string,
  sinceMs?: number,
): Promise<void> {
  await ledger(deps, scope).requestReconciliation({ connectionId, sinceMs });
}

/** Runs the work by hand until it is done. */
export async function reconcile(world: TestWorld, deps: Deps = quietDeps()): Promise<void> {
  for (let run = 0; run < 50; run++) {
    const { more } = await reconcileOnce(world, deps);
    if (!more) return;
  }
  throw new Error("The reconciliation does not end.");
}

/**
 * One try of it, however long ago the last one was.
 * @returns whether there is more to do; false also where somebody else is at it
 */
export async function reconcileOnce(
  world: TestWorld,
  deps: Deps,
  pause: (ms: number) => Promise<void> = async () => {},
): Promise<{ more: boolean }> {
  const { scope } = world;
  const id = jobOf(world);
  const sql = ledgerSql(scope);
  await sql.prepare("UPDATE outbox SET not_before_ms = NULL WHERE id = ?").bind(id).run();
  const work = await ledger(deps, scope).claimWork({ id });
  if (work?.kind !== "reconcile") return { more: false };
  try {
    const done = await reconcileConnection(deps, scope, { id, ...work.task }, pause);
    if (done.more) await ledger(deps, scope).continueWork({ id });
    return done;
  } catch (error) {
    await ledger(deps, scope).failWork({ id, outcome: "again", error: "It failed.", jitter: 0 });
    throw error;
  }
}

/** Deps whose work is not enqueued, so that only the test does it. */
export function quietDeps(parts: Partial<Deps> = {}): Deps {
  const deps = testDeps(parts);
  return { ...deps, queues: { ...deps.queues, enqueueJobs: async () => {} } };
}

/** Events beside the account's own, which are then all that Stripe lists. Returns their ids, newest first. */
export function fillEvents(
  world: TestWorld,
  count: number,
  createdAtMs = Date.now(),
  object: Record<string, unknown> = {},
): string[] {
  const account = sandbox.world.accounts[world.accountId];
  const [sample] = eventsOf(world);
  if (!account || !sample) throw new Error("no events");
  const ids = Array.from({ length: count }, (_, index) => `evt_fill_${String(index).padStart(5, "0")}`);
  for (const id of ids) {
    const event = { ...sample, id, type: "customer.created", created: Math.floor(createdAtMs / 1000) };
    const data = { ...sample.data, object: { ...sample.data.object, ...object } };
    account.events[id] = { ...event, data } as never;
    account.eventOrder.push(id);
  }
  return ids.reverse();
}

/** Deps that take note of what would go on the queues, and send nothing. */
export function notingDeps(parts: Partial<Deps> = {}) {
  const taken: string[] = [];
  const note = async (messages: readonly StripeEventMessage[]) =>
    void taken.push(...messages.map(({ eventId, body }) => eventId ?? JSON.parse(body ?? "").id));
  const usual = quietDeps(parts);
  return { taken, deps: { ...usual, queues: { ...usual.queues, enqueueStripeEvents: note } } };
}

/** The id of the work that the world's reconciliation is. */
export function jobOf({ connectionId }: TestWorld): string {
  return `reconcile/${connectionId}`;
}

export async function rowOf(world: TestWorld) {
  return ledgerSql(world.scope)
    .prepare("SELECT * FROM reconciliations WHERE connection_id = ?")
    .bind(world.connectionId)
    .first<Record<string, number | string | null>>();
}
