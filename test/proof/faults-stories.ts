// What happens in the proofs of faults: each story begins at a moment that can be gone back to, and ends when
// nothing is left to do.

import { isStripeEventType, STRIPE_EVENT_TYPE_NAMES } from "../../src/connections/stripe-event-types.ts";
import type { Json } from "../harness/api.ts";
import { ledgerSql } from "../harness/ledger-sql.ts";
import { sandbox } from "../harness/sandbox.ts";
import { eventsOf } from "../harness/stripe-delivery.ts";
import { createOpenInvoice, createWorld, eventually, type TestWorld } from "../harness/world.ts";
import { createDestination, createReceiver, type Receiver } from "../notifications/receiver.ts";
import { createSimulation, type Run, type Simulation } from "./faults-simulation.ts";
import { type Compared, endState, forgetTenants, keepMoment } from "./faults-snapshot.ts";
import { beginAnew } from "./faults-worker.ts";
import { watchStatuses } from "./hourly-sums.ts";

export type { Simulation } from "./faults-simulation.ts";

const PAYS = "4242424242424242";
const DECLINED = "4000000000000002";

export type Story = {
  world: TestWorld;
  simulation: Simulation;
  receiver: Receiver;
  beginMs: number;
  /** Plays it from its beginning; what the run says goes before what the story says. */
  play: (run?: Run) => Promise<{ minutes: number; end: Record<string, unknown> }>;
};

export type Stage = { world: TestWorld; simulation: Simulation; receiver: Receiver };

/** An environment with a connection and a destination, in which nothing is going on. */
export async function createStage(): Promise<Stage> {
  sandbox.world.deliveryPolicy.withhold = true;
  await forgetTenants();
  const world = await createWorld();
  await watchStatuses(world.scope);
  const receiver = createReceiver();
  await createDestination(world, receiver);
  await world.api("PATCH", "/settings", { send_receipts: true });
  await eventually(
    () => ledgerSql(world.scope).prepare("SELECT COUNT(*) AS n FROM outbox").first<{ n: number }>(),
    (left) => left?.n === 0,
  );
  const simulation = createSimulation(world);
  await simulation.run({ calls: [{ path: `/connections/${world.connectionId}/reconcile` }] });
  return { world, receiver, simulation };
}

let stories = 0;

/**
 * @param what the story's own run, such as its calls
 * @param missed Stripe has given up on the webhooks of what has happened so far, and a reconciliation is due
 */
export async function createStory(
  stage: Stage,
  what: Run,
  compared?: Partial<Compared>,
  missed = false,
): Promise<Story> {
  const { world, simulation, receiver } = stage;
  stories += 1;
  // What a story proves, no reconciliation may put right unless the story asks for one.
  await simulation.meanwhile(60_000, async () => {});
  const dueMs = simulation.now() + (missed ? 0 : 7 * 86_400_000);
  await ledgerSql(world.scope).prepare("UPDATE reconciliations SET next_run_at_ms = ?").bind(dueMs).run();
  const back = await keepMoment(`story${stories}`, world.scope);
  const begin = simulation.moment();
  if (missed) begin.eventsSeen = eventsOf(world).length;
  const beginMs = begin.nowMs;
  const { eventTypes = STRIPE_EVENT_TYPE_NAMES } = what;
  return {
    ...stage,
    beginMs,
    async play(run = {}) {
      await back();
      await beginAnew(world.scope, missed ? dueMs : null);
      simulation.goTo(begin);
      receiver.received.length = 0;
      const minutes = await simulation.run({ ...what, ...run });
      return {
        minutes,
        end: await endState(
          world,
          { receiver, mails: simulation.mails() },
          { eventTypes, stripeTimes: true, ...compared },
        ),
      };
    },
  };
}

/** The platform makes an invoice without an id of its own, and finalises it; the link is made, announced, mailed. */
export async function linkStory(stage: Stage): Promise<Story> {
  const { id } = (
    await stage.world.api("POST", "/customers", { name: "Ada Lovelace", email: "ada@example.com" })
  ).body;
  const lines = [{ description: "Pro plan", quantity: 1, unit_amount: 12900 }];
  const body = {
    customer_id: id,
    number: "2026-1",
    currency: "eur",
    lines,
    finalize: true,
    send_email: true,
  };
  return createStory(stage, {
    calls: [
      { path: "/customers", body: { name: "Grace Hopper" } },
      { path: "/invoices", body },
    ],
  });
}

/** The platform voids an invoice whose page a payer has open: its link is switched off, the session expired. */
export async function voidStory(stage: Stage): Promise<Story> {
  await beLinked(stage, "inv_void");
  // A declined card leaves the page open.
  await pay(stage, "inv_void", DECLINED);
  return createStory(stage, { calls: [{ path: "/invoices/inv_void/void" }] }, { stripeTimes: false });
}

/** Enough of Stripe's types to tell everything, so that a story is short. */
const TOLD_BY = [
  "payment_intent.succeeded",
  "checkout.session.completed",
  "refund.created",
  "payment_link.updated",
];

/** A linked invoice was paid, and part of it given back in Stripe's dashboard: Stripe tells it, the newest first. */
export async function paidStory(stage: Stage): Promise<Story> {
  await beLinked(stage, "inv_paid");
  const intent = await pay(stage, "inv_paid");
  await stage.simulation.meanwhile(5_000, () => refundAtStripe(stage.world, intent));
  return createStory(stage, { eventTypes: TOLD_BY });
}

/** A payment of which no webhook came: the platform asks for a reconciliation. */
export async function reconciledStory(stage: Stage): Promise<Story> {
  await beLinked(stage, "inv_unheard");
  await pay(stage, "inv_unheard");
  const calls = [{ path: `/connections/${stage.world.connectionId}/reconcile` }];
  return createStory(stage, { calls, webhooks: false, batchSize: 1 }, { eventTypes: TOLD_BY.slice(0, 3) });
}

/** The platform gives part of a payment back. */
export async function refundStory(stage: Stage): Promise<Story> {
  const { world, simulation } = stage;
  await beLinked(stage, "inv_refund");
  await pay(stage, "inv_refund");
  await simulation.run();
  const [payment] = (await world.api("GET", "/payments?invoice_id=inv_refund")).body.data;
  const calls = [{ path: `/payments/${payment.id}/refunds`, body: { amount: 2900 } }];
  return createStory(stage, { calls }, { stripeTimes: false });
}

/** Three days of payments of which nothing was heard here; told by webhooks at last, or by none. */
export async function threeDaysStory(
  stage: Stage,
): Promise<{ heard: Story; unheard: Story; missed: number }> {
  const { world, simulation } = stage;
  const cards = {
    plain: PAYS,
    declined: PAYS,
    debit: "bank_debit_success",
    failed: "bank_debit_failure",
    disputed: "4000000000000259",
    refunded: PAYS,
  };
  for (const name of Object.keys(cards)) await beLinked(stage, `inv_${name}`);
  for (const [name, card] of Object.entries(cards)) {
    if (name === "declined") await pay(stage, `inv_${name}`, DECLINED);
    const intent = await pay(stage, `inv_${name}`, card);
    if (name === "refunded") await simulation.meanwhile(5_000, () => refundAtStripe(world, intent));
    await simulation.meanwhile(12 * 3_600_000, () => sandbox.settle());
  }
  // One at a time: whether it is told that a debit is on its way hangs on whether it is heard of first.
  const inTurn = { batchSize: 1 };
  const heard = await createStory(stage, inTurn);
  const missed = eventsOf(world).filter(({ type }) => isStripeEventType(type)).length;
  return { heard, missed, unheard: await createStory(stage, { ...inTurn, leastMinutes: 2 }, {}, true) };
}

/** Much at once: an invoice is made, one is voided, one refunded, one paid, and one could not be. */
export async function longStory(stage: Stage): Promise<Story> {
  const { world, simulation } = stage;
  await beLinked(stage, "inv_void");
  await pay(stage, "inv_void", DECLINED);
  await beLinked(stage, "inv_refund");
  await pay(stage, "inv_refund");
  await simulation.run();
  const [payment] = (await world.api("GET", "/payments?invoice_id=inv_refund")).body.data;
  for (const id of ["inv_paid", "inv_failed"]) await beLinked(stage, id);
  await pay(stage, "inv_failed", DECLINED);
  const intent = await pay(stage, "inv_paid");
  await simulation.meanwhile(5_000, () => refundAtStripe(world, intent));
  const lines = [{ description: "Pro plan", quantity: 1, unit_amount: 4900 }];
  const { customer_id } = (await world.api("GET", "/invoices/inv_paid")).body;
  const asked = { customer_id, number: "2026-2", currency: "eur", lines, finalize: true, send_email: true };
  const calls = [
    { path: "/invoices", body: asked },
    { path: "/invoices/inv_void/void" },
    { path: `/payments/${payment.id}/refunds`, body: { amount: 2900 } },
  ];
  return createStory(stage, { calls }, { stripeTimes: false });
}

async function beLinked({ world, simulation }: Stage, id: string): Promise<Json> {
  await simulation.meanwhile(5_000, () => createOpenInvoice(world, { finalize: false, id }));
  await simulation.run({ calls: [{ path: `/invoices/${id}/finalize` }] });
  return (await world.api("GET", `/invoices/${id}`)).body;
}

async function pay({ world, simulation }: Stage, invoiceId: string, card = PAYS) {
  const { payment_link } = (await world.api("GET", `/invoices/${invoiceId}`)).body;
  const link = { paymentLinkId: payment_link.id };
  const paid = await simulation.meanwhile(5_000, () => sandbox.pay(world.accountId, link, { card }));
  return paid.outcome === "succeeded" ? paid.paymentIntentId : null;
}

/** As a person does it in Stripe's dashboard. */
async function refundAtStripe(world: TestWorld, intent: string | null): Promise<void> {
  const form = new URLSearchParams({ payment_intent: intent ?? "", amount: "2900" });
  const headers = {
    authorization: `Bearer ${world.secretKey}`,
    "content-type": "application/x-www-form-urlencoded",
  };
  const asked = new Request("http://stripe.sandbox/v1/refunds", {
    method: "POST",
    headers,
    body: form.toString(),
  });
  const refunded = await sandbox.fetch(asked);
  if (!refunded.ok) throw new Error(await refunded.text());
}
