// Stripe's side of a delivery, in the test's hands: which event, signed how, when, how often.

import Stripe from "stripe";
import type { StripeEventMessage } from "../../src/platform/event-message.ts";
import { call } from "./api.ts";
import { ledgerSql } from "./ledger-sql.ts";
import { sandbox } from "./sandbox.ts";
import { eventually, type TestWorld } from "./world.ts";

const cryptoProvider = Stripe.createSubtleCryptoProvider();

/** Everything that has happened in the world's Stripe account, oldest first. */
export function eventsOf(world: Pick<TestWorld, "accountId">): Stripe.Event[] {
  const account = sandbox.world.accounts[world.accountId];
  return (account?.eventOrder ?? []).flatMap((id) => account?.events[id] ?? []);
}

/** Waits until all that Stripe has delivered of the world was taken in, not only what is looked for first. */
export async function untilAllTakenIn(world: Pick<TestWorld, "accountId" | "scope">): Promise<void> {
  const { deliveries = {} } = sandbox.world.accounts[world.accountId] ?? {};
  const delivered = Object.values(deliveries).filter(({ status }) => status === "delivered");
  const taken = ledgerSql(world.scope).prepare(
    "SELECT stripe_event_id AS id FROM webhook_events WHERE status IN ('processed', 'ignored')",
  );
  await eventually(
    async () => (await taken.all<{ id: string }>()).results.map(({ id }) => id),
    (ids) => delivered.every(({ eventId }) => ids.includes(eventId)),
  );
}

/** A `Stripe-Signature` as Stripe makes it. @param atSeconds when it was signed, in seconds */
export function signatureFor(
  payload: string,
  secret: string,
  atSeconds = Math.floor(Date.now() / 1000),
): Promise<string> {
  return Stripe.webhooks.generateTestHeaderStringAsync({
    payload,
    secret,
    timestamp: atSeconds,
    cryptoProvider,
  });
}

/** Posts a body to the world's webhook door. */
export function deliver(world: Pick<TestWorld, "webhookUrl">, body: string, signature: string | null) {
  const headers: Record<string, string> = signature === null ? {} : { "stripe-signature": signature };
  return call("POST", world.webhookUrl, {
    raw: body,
    headers: { "content-type": "application/json", ...headers },
  });
}

/** Delivers an event with a right signature. */
export async function deliverEvent(world: Pick<TestWorld, "webhookUrl" | "webhookSecret">, event: unknown) {
  const body = JSON.stringify(event, null, 2);
  return deliver(world, body, await signatureFor(body, world.webhookSecret));
}

/** The queue's message for an event, as the door would have written it. */
export function messageFor(
  world: TestWorld,
  event: Stripe.Event,
  deliveryId = crypto.randomUUID(),
): StripeEventMessage {
  return {
    ...world.scope,
    connectionId: world.connectionId,
    deliveryId,
    receivedAtMs: event.created * 1000 + 500,
    source: "webhook",
    body: JSON.stringify(event),
  };
}
