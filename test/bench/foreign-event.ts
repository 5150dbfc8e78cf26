// An event about somebody else's object in the same Stripe account: the least that a ledger has to decide.

import type { BenchEnvironment, Webhook } from "./world.ts";

export function foreignEvent(environment: BenchEnvironment, index: number): Webhook {
  const object = {
    id: `ch_${index}`,
    object: "charge",
    amount: 100,
    amount_captured: 100,
    amount_refunded: 0,
  };
  const more = {
    currency: "eur",
    status: "succeeded",
    captured: true,
    paid: true,
    payment_intent: `pi_${index}`,
    metadata: {},
    description: "x".repeat(3000),
  };
  const event = {
    ...{
      id: `evt_flood_${index}`,
      object: "event",
      type: "charge.succeeded",
      api_version: "2026-10-28.endive",
    },
    ...{ created: Math.floor(Date.now() / 1000), livemode: false, data: { object: { ...object, ...more } } },
  };
  return { environment, type: event.type, body: JSON.stringify(event, null, 2) };
}
