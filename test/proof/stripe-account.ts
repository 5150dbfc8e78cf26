// Plays a history in a Stripe account: the objects as they are in the end, and every event that Stripe would
// have sent on the way, each with its object as it was then.

import type { StripeEventShape } from "../../src/webhooks/facts.ts";
import { event } from "../webhooks/payloads/event.ts";
import { type History, randomOf } from "./history.ts";
import { BEGINNING, type FinalPayment, linkObject } from "./stripe-objects.ts";
import { PaymentStage } from "./stripe-payment.ts";

export type Played = { payments: FinalPayment[]; events: StripeEventShape[] };

/** @param name makes every id of it its own */
export function play(name: string, history: History, metadata: Record<string, string>): Played {
  const random = randomOf(history.seed);
  const played: Played = { payments: [], events: [] };
  if (history.switchedOff) {
    const off = linkObject(`plink_${name}`, metadata, 0);
    const created = BEGINNING + random.upTo(300);
    played.events.push({ ...event("payment_link.updated", off, { created }), id: `evt_${name}off` });
    const on = { ...Object(off), active: true };
    const later = { created: created + 1 + random.upTo(300) };
    if (history.switchedOn)
      played.events.push({ ...event("payment_link.updated", on, later), id: `evt_${name}on` });
  }
  history.payments.forEach((plan, index) => {
    const stage = new PaymentStage(
      `${name}p${index}`,
      `plink_${name}`,
      { plan, due: history.due },
      metadata,
      random,
    );
    const final = stage.play();
    if (final) played.payments.push(final);
    played.events.push(...stage.events);
  });
  return played;
}
