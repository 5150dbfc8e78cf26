// What the tests of quiet links do: an open link, a look at it at some time, a debit on its way.

import type Stripe from "stripe";
import { expect } from "vitest";
import { atStripe } from "../../src/connections/at-stripe.ts";
import { openForCalls } from "../../src/connections/open-connection.ts";
import type { Deps } from "../../src/platform/deps.ts";
import { checkQuietLinks } from "../../src/webhooks/check-quiet-links.ts";
import { consumeEvent } from "../../src/webhooks/consume-events.ts";
import type { Json } from "../harness/api.ts";
import { ledgerSql } from "../harness/ledger-sql.ts";
import { sandbox } from "../harness/sandbox.ts";
import { eventsOf, messageFor } from "../harness/stripe-delivery.ts";
import { createPayableInvoice, createWorld, eventually, type TestWorld, testDeps } from "../harness/world.ts";
import { notingDeps, reader } from "./reconcile-fixture.ts";

export const HOUR = 3_600_000;
export const DAY = 24 * HOUR;

type Link = {
  invoice_id: string;
  status: string;
  deactivation: string;
  next_check_at_ms: number | null;
  checked_at_ms: number | null;
};

export async function linkOf(world: TestWorld, revision = 1): Promise<Link> {
  const link = await ledgerSql(world.scope)
    .prepare("SELECT * FROM payment_links WHERE revision = ?")
    .bind(revision)
    .first<Link>();
  if (!link) throw new Error(`There is no link of revision ${revision}.`);
  return link;
}

export async function setLinks(world: TestWorld, set: string): Promise<void> {
  await ledgerSql(world.scope).prepare(`UPDATE payment_links SET ${set}`).run();
}

export async function openWorld(): Promise<{ world: TestWorld; invoice: Json }> {
  const world = await createWorld();
  return { world, invoice: await createPayableInvoice(world) };
}

/** One step, at this time (ms). What Stripe tells is not taken in. */
export async function check(world: TestWorld, nowMs: number, parts: Partial<Deps> = {}) {
  const deps = { ...notingDeps().deps, now: () => nowMs, ...parts };
  const { connection, stripe } = await openForCalls(deps, world.scope);
  return checkQuietLinks(
    {
      deps,
      scope: world.scope,
      stripe,
      call: (run) => atStripe(deps, world.scope, connection, run),
      pause: async () => {},
    },
    { id: world.connectionId, accountId: world.accountId },
  );
}

export async function pay(world: TestWorld, invoice: Json, card: string): Promise<void> {
  await sandbox.pay(world.accountId, { paymentLinkId: invoice.payment_link.id }, { card });
}

/** Pays by a bank debit, which takes a while, and hands the events of its beginning over. */
export async function beginDebit(world: TestWorld, invoice: Json): Promise<void> {
  await pay(world, invoice, "bank_debit_success");
  await hear(world);
  expect((await reader(world, invoice.id)()).payment_status).toBe("processing");
}

/** Hands every event over that Stripe has. */
export async function hear(
  world: TestWorld,
  of: (event: Stripe.Event) => boolean = () => true,
): Promise<void> {
  for (const event of eventsOf(world).filter(of)) await consumeEvent(testDeps(), messageFor(world, event));
}

/** Waits until Stripe has confirmed that the link is off. */
export const off = (world: TestWorld, revision = 1) =>
  eventually(
    () => linkOf(world, revision),
    (link) => link.deactivation === "done",
  );
