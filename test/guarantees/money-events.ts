// Events about the money of one invoice, by hand: each with the ids, the amount and the moment that a test wants.

import type { StripeEventShape } from "../../src/webhooks/facts.ts";
import type { Json } from "../harness/api.ts";
import { createPayableInvoice, createWorld, eventually, type TestWorld } from "../harness/world.ts";
import { deliver } from "../webhooks/deliver.ts";
import { newSession } from "../webhooks/payloads/checkout-session.ts";
import { CREATED, event } from "../webhooks/payloads/event.ts";
import { newCharge, newIntent } from "../webhooks/payloads/payment.ts";
import { newDispute, newRefund } from "../webhooks/payloads/refund-dispute.ts";

/** An environment with an open invoice over 129.00 EUR whose link can be paid. */
export async function moneyWorld() {
  const world = await createWorld();
  const invoice = await createPayableInvoice(world);
  return moneyOf(world, invoice);
}

export type MoneyWorld = ReturnType<typeof moneyOf>;

export function moneyOf(world: TestWorld, invoice: Json) {
  const { tenantId, environmentId } = world.scope;
  const metadata = {
    invoice_id: invoice.id,
    customer_id: invoice.customer_id,
    quittance_tenant_id: tenantId,
    quittance_environment_id: environmentId,
  };
  let count = 0;
  /** @param at seconds after the first moment */
  const make = (type: string, at: number, object: unknown): StripeEventShape => {
    count += 1;
    return event(type, object, { id: `evt_${invoice.id}_${count}`, created: CREATED + at });
  };
  return {
    world,
    invoice,
    metadata,
    make,
    paid: (name: string, amount: number, at: number) =>
      make(
        "payment_intent.succeeded",
        at,
        newIntent({
          ...{ id: `pi_${name}`, latest_charge: `ch_${name}`, amount, amount_received: amount, metadata },
        }),
      ),
    charged: (name: string, amount: number, at: number) =>
      make(
        "charge.succeeded",
        at,
        newCharge({
          id: `ch_${name}`,
          payment_intent: `pi_${name}`,
          amount,
          amount_captured: amount,
          metadata,
        }),
      ),
    refunded: (name: string, amount: number, at: number, more: Record<string, unknown> = {}) =>
      make(
        "refund.created",
        at,
        newRefund({
          ...{
            id: `re_${name}_${amount}`,
            payment_intent: `pi_${name}`,
            charge: `ch_${name}`,
            amount,
            metadata: {},
          },
          created: CREATED + at,
          ...more,
        }),
      ),
    disputed: (name: string, amount: number, at: number, more: Record<string, unknown> = {}) =>
      make(
        "charge.dispute.closed",
        at,
        newDispute({
          ...{ id: `du_${name}`, payment_intent: `pi_${name}`, charge: `ch_${name}`, amount, metadata: {} },
          status: "lost",
          ...more,
        }),
      ),
    session: (type: string, at: number, fields: Record<string, unknown>) =>
      make(
        `checkout.session.${type}`,
        at,
        newSession({ metadata, payment_link: invoice.payment_link?.id, ...fields }),
      ),
    linkOff: (at: number, id: string = invoice.payment_link?.id, more: Record<string, unknown> = {}) =>
      make("payment_link.updated", at, { id, object: "payment_link", active: false, metadata, ...more }),
    linkOn: (at: number, id: string = invoice.payment_link?.id) =>
      make("payment_link.updated", at, { id, object: "payment_link", active: true, metadata }),
    deliver: async (...events: StripeEventShape[]) => {
      for (const one of events) await deliver(world, one);
    },
    read: async () => (await world.api("GET", `/invoices/${invoice.id}`)).body,
    until: (isRight: (seen: Json) => boolean) =>
      eventually(async () => (await world.api("GET", `/invoices/${invoice.id}`)).body, isRight),
    kinds: async (): Promise<string[]> => {
      const { body } = await world.api("GET", `/invoices/${invoice.id}/timeline?limit=100`);
      return body.data.map((entry: Json) => entry.kind);
    },
  };
}

/** Balance transactions as a dispute lists them: below 0 what was withdrawn. */
export function booked(...amounts: number[]) {
  return amounts.map((amount, index) => ({
    ...{ id: `txn_${index}`, object: "balance_transaction", amount, currency: "eur", fee: 1500 },
    ...{ net: amount - 1500, reporting_category: "dispute", type: "adjustment" },
  }));
}

/** Every order of a few. */
export function ordersOf<T>(items: readonly T[]): T[][] {
  if (items.length < 2) return [[...items]];
  return items.flatMap((item, index) =>
    ordersOf(items.filter((_, other) => other !== index)).map((rest) => [item, ...rest]),
  );
}

/** The same events in every order, each on an invoice of its own. */
export async function inEveryOrder(
  events: (money: MoneyWorld, name: string) => StripeEventShape[],
  check: (money: MoneyWorld) => Promise<void>,
): Promise<void> {
  const world = await createWorld();
  const orders = ordersOf([...events(moneyOf(world, { id: "count" }), "count").keys()]);
  for (const [index, order] of orders.entries()) {
    const money = moneyOf(world, await createPayableInvoice(world));
    const made = events(money, `o${index}`);
    await money.deliver(...order.flatMap((at) => made[at] ?? []));
    await check(money);
  }
}
