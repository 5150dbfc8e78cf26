// An environment with one of everything that is counted, in two currencies, in which nothing is under way any more.

import type Stripe from "stripe";
import { endBadly, giveUpEvent } from "../../src/webhooks/give-up-event.ts";
import { type MoneyWorld, moneyOf } from "../guarantees/money-events.ts";
import type { Json } from "../harness/api.ts";
import { outboxOf, whileQueueIsDown } from "../harness/outbox.ts";
import { messageFor } from "../harness/stripe-delivery.ts";
import { createOpenInvoice, createWorld, eventually, type TestWorld } from "../harness/world.ts";
import { quietDeps } from "../webhooks/deliver.ts";
import { CREATED, event } from "../webhooks/payloads/event.ts";
import { newCharge, newIntent } from "../webhooks/payloads/payment.ts";
import { newDispute, newRefund } from "../webhooks/payloads/refund-dispute.ts";
import { giveUpJobs } from "./stuck-fixture.ts";

const DAY_S = 24 * 60 * 60;

/** Payments, refunds and disputes are of an hour ago: in this week, in the last day. */
export async function numbersWorld(): Promise<TestWorld> {
  const world = await createWorld();
  await openInvoices(world);
  await paidInvoices(world);
  await brokenEvents(world);
  await untilNothingIsUnderWay(world);
  // The last one: its job is the only one that gives up.
  await whileQueueIsDown(() => invoice(world, "eur", 7_700));
  await giveUpJobs(world.scope);
  return world;
}

function invoice(world: TestWorld, currency: string, amount: number, more: Record<string, unknown> = {}) {
  const lines = [{ description: "Pro plan", quantity: 1, unit_amount: amount }];
  return createOpenInvoice(world, { currency, lines, ...more });
}

async function openInvoices(world: TestWorld): Promise<void> {
  const yesterday = { due_at: new Date(Date.now() - DAY_S * 1000).toISOString() };
  const cash = (amount: number, reference: string) => ({ amount, method: "cash", reference });
  await invoice(world, "eur", 12_900);
  await invoice(world, "usd", 4_300, yesterday);
  const partly = await invoice(world, "eur", 30_000, yesterday);
  await asked(world, `/invoices/${partly.id}/payments`, cash(10_000, "part"));
  const mistaken = await asked(world, `/invoices/${partly.id}/payments`, cash(5_000, "mistake"));
  await asked(world, `/payments/${mistaken.id}/reverse`, { reason: "It was another's." });
  await invoice(world, "eur", 1_100, { finalize: false });
  const voided = await invoice(world, "eur", 2_200, yesterday);
  await asked(world, `/invoices/${voided.id}/void`, {});
  const givenUp = await invoice(world, "usd", 3_300, yesterday);
  await asked(world, `/invoices/${givenUp.id}/mark_uncollectible`, {});
}

async function asked(world: TestWorld, path: string, body: Json): Promise<Json> {
  const answer = await world.api("POST", path, body);
  if (answer.status >= 300) throw new Error(`${path}: ${JSON.stringify(answer.body)}`);
  return answer.body;
}

async function paidInvoices(world: TestWorld): Promise<void> {
  await paid(world, "plain", "eur", 12_900);
  await paid(world, "dollars", "usd", 4_900);
  await paid(world, "partly_back", "usd", 9_900, (one) => [one.refund(2_900)]);
  await paid(world, "back", "eur", 6_500, (one) => [one.refund(6_500)]);
  await paid(world, "won", "eur", 1_500, (one) => [one.dispute("won")]);
  await paid(world, "lost", "eur", 1_700, (one) => [one.dispute("lost")]);
  await paid(world, "open", "eur", 24_900, (one) => [one.dispute("needs_response", 9)]);
  await paid(world, "urgent", "usd", 8_100, (one) => [one.dispute("needs_response", 2)]);
  await paid(world, "heard", "eur", 3_100, (one) => [one.dispute("under_review", 5)]);
  const { money, of } = await payable(world, "declined", "eur", 5_900);
  const refused = { amount_received: 0, status: "requires_payment_method", latest_charge: null };
  const last_payment_error = { code: "card_declined", message: "Your card was declined." };
  await money.deliver(
    money.make("payment_intent.payment_failed", hourAgo(), of(newIntent({ ...refused, last_payment_error }))),
  );
}

type Paid = ReturnType<typeof happenings>;

/** Pays an invoice, and then what follows from it. */
async function paid(
  world: TestWorld,
  name: string,
  currency: string,
  amount: number,
  then: (one: Paid) => ReturnType<MoneyWorld["make"]>[] = () => [],
): Promise<void> {
  const { money, of } = await payable(world, name, currency, amount);
  const charge = newCharge({
    ...{ id: `ch_${name}`, payment_intent: `pi_${name}` },
    amount_captured: amount,
  });
  await money.deliver(
    money.make("payment_intent.succeeded", hourAgo(), of(newIntent({ amount_received: amount }))),
    money.make("charge.succeeded", hourAgo(), { ...of(charge), id: `ch_${name}` }),
    ...then(happenings(money, name, currency, amount)),
  );
}

async function payable(world: TestWorld, name: string, currency: string, amount: number) {
  const money = moneyOf(world, await invoice(world, currency, amount));
  const of = (object: object) => ({
    ...object,
    ...{ id: `pi_${name}`, latest_charge: `ch_${name}`, amount, currency },
    ...{ metadata: money.metadata, created: CREATED + hourAgo() },
  });
  return { money, of };
}

function happenings(money: MoneyWorld, name: string, currency: string, amount: number) {
  const of = { payment_intent: `pi_${name}`, charge: `ch_${name}`, currency, metadata: {} };
  const at = hourAgo();
  return {
    refund: (back: number) =>
      money.make(
        "refund.created",
        at,
        newRefund({ ...of, id: `re_${name}`, amount: back, created: CREATED + at }),
      ),
    dispute: (status: string, days = 0) => {
      const due = {
        due_by: nowS() + days * DAY_S,
        has_evidence: false,
        past_due: false,
        submission_count: 0,
      };
      const object = {
        ...of,
        id: `du_${name}`,
        amount,
        status,
        created: CREATED + at,
        evidence_details: due,
      };
      return money.make("charge.dispute.updated", at, newDispute(object));
    },
  };
}

const nowS = () => Math.floor(Date.now() / 1000);
/** In seconds after the moment that events are counted from. */
const hourAgo = () => nowS() - CREATED - 3600;

async function brokenEvents(world: TestWorld): Promise<void> {
  const message = (id: string) => {
    const made = event("charge.succeeded", newCharge(), { id, created: nowS() - 60 });
    return { ...messageFor(world, made as unknown as Stripe.Event), receivedAtMs: Date.now() };
  };
  for (const id of ["evt_dead_1", "evt_dead_2"])
    await giveUpEvent(quietDeps, message(id), "It failed at every try.");
  for (const id of ["evt_late_1", "evt_late_2", "evt_late_3"])
    await endBadly(quietDeps, message(id), "failed", "Stripe was down.");
}

async function untilNothingIsUnderWay({ scope }: TestWorld): Promise<void> {
  await eventually(
    () => outboxOf(scope),
    (rows) => rows.length === 0,
  );
}
