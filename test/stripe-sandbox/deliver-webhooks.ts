// Delivers events as Stripe does: at least once, in no promised order, signed, and again after anything
// but a 2xx, with growing delays. https://docs.stripe.com/webhooks#behaviors

import type Stripe from "stripe";
import type { SandboxContext } from "./context.ts";
import { deliveryId, endpointsFor, findEvent } from "./delivery-targets.ts";
import { postWebhook } from "./post-webhook.ts";
import type { AccountWorld, DeliveryRecord, EndpointRecord, ScheduledTask } from "./types.ts";

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
/** What Stripe waits after each failed attempt; the last repeats until three days are over. */
const RETRY_DELAYS_MS = [5 * MINUTE_MS, 30 * MINUTE_MS, 2 * HOUR_MS, 5 * HOUR_MS, 10 * HOUR_MS, 10 * HOUR_MS];
const LAST_RETRY_DELAY_MS = 12 * HOUR_MS;
const GIVE_UP_AFTER_MS = 72 * HOUR_MS;

/** Makes a delivery for each endpoint that wants this event, and schedules it as the delivery policy says. */
export function planDeliveries(context: SandboxContext, accountId: string, event: Stripe.Event): void {
  const targets = endpointsFor(context.world, accountId, event);
  event.pending_webhooks = targets.length;
  for (const { owner, record } of targets) {
    const delivery = openDelivery(owner, event, record);
    if (context.world.deliveryPolicy.withhold) delivery.status = "withheld";
    else scheduleFirstAttempts(context, owner, delivery, false);
  }
  context.changed();
}

/** Sends what was withheld, even while the policy still withholds what comes after. Returns how many. */
export function releaseDeliveries(context: SandboxContext): number {
  let released = 0;
  for (const account of Object.values(context.world.accounts)) {
    for (const delivery of Object.values(account.deliveries)) {
      if (delivery.status !== "withheld") continue;
      delivery.status = "pending";
      scheduleFirstAttempts(context, account, delivery, true);
      released += 1;
    }
  }
  context.changed();
  return released;
}

/** Sends an event once more to each endpoint that wants it, delivered or not. Returns to how many. */
export function resendEvent(context: SandboxContext, accountId: string, event: Stripe.Event): number {
  const targets = endpointsFor(context.world, accountId, event);
  for (const { owner, record } of targets) {
    const sentBefore = owner.deliveries[deliveryId(event.id, record.endpoint.id)];
    if (!sentBefore) event.pending_webhooks += 1;
    scheduleAttempt(context, owner, sentBefore ?? openDelivery(owner, event, record), { released: true });
  }
  context.changed();
  return targets.length;
}

/** One attempt. Never throws for what the receiver does: that is a failed attempt, and is tried again. */
export async function runDelivery(context: SandboxContext, task: ScheduledTask): Promise<void> {
  const account = context.world.accounts[task.accountId];
  const delivery = account?.deliveries[String(task.data.deliveryId)];
  const event = delivery && findEvent(context.world, task.accountId, delivery.eventId);
  if (!account || !delivery || !event) throw new Error(`delivery ${String(task.data.deliveryId)} is unknown`);
  if (task.data.retry && delivery.status !== "pending") return;
  const record = account.endpoints[delivery.endpointId];
  if (record?.endpoint.status !== "enabled") {
    if (delivery.status === "pending") delivery.status = "failed";
    delivery.nextAttemptAtMs = null;
    return;
  }
  if (context.world.deliveryPolicy.withhold && !task.data.released) {
    if (delivery.status === "pending") delivery.status = "withheld";
    delivery.nextAttemptAtMs = null;
    return;
  }
  if (!task.data.copy) delivery.nextAttemptAtMs = null;
  const status = await postWebhook(context, record, event);
  delivery.attempts += 1;
  delivery.lastStatusCode = status;
  if (status !== null && status >= 200 && status < 300) markDelivered(delivery, event);
  else if (delivery.status === "pending" && !task.data.copy) scheduleRetry(context, account, delivery, task);
  context.changed();
}

/**
 * Whether every endpoint of the account that wanted the event has answered 2xx; null when none wanted it.
 * This is what `delivery_success` filters on when events are listed.
 */
export function deliverySucceeded(account: AccountWorld, eventId: string): boolean | null {
  const event = account.events[eventId];
  if (event && event.pending_webhooks > 0) return false;
  const wasSent = Object.keys(account.endpoints).some((id) => account.deliveries[deliveryId(eventId, id)]);
  return wasSent ? true : null;
}

function openDelivery(
  owner: AccountWorld,
  event: Stripe.Event,
  { endpoint }: EndpointRecord,
): DeliveryRecord {
  const delivery: DeliveryRecord = {
    id: deliveryId(event.id, endpoint.id),
    eventId: event.id,
    endpointId: endpoint.id,
    attempts: 0,
    status: "pending",
    lastStatusCode: null,
    nextAttemptAtMs: null,
  };
  owner.deliveries[delivery.id] = delivery;
  return delivery;
}

function scheduleFirstAttempts(
  context: SandboxContext,
  account: AccountWorld,
  delivery: DeliveryRecord,
  released: boolean,
): void {
  scheduleAttempt(context, account, delivery, { released });
  for (let copy = 1; copy < context.world.deliveryPolicy.copies; copy += 1) {
    scheduleAttempt(context, account, delivery, { released, copy: true });
  }
}

function scheduleAttempt(
  context: SandboxContext,
  account: AccountWorld,
  delivery: DeliveryRecord,
  data: ScheduledTask["data"],
): void {
  // Events know seconds only, so what falls into one second is "one moment" and may be shuffled.
  const momentMs = Math.floor(context.now() / 1000) * 1000;
  const dueAtMs = momentMs + context.world.deliveryPolicy.delayMs;
  delivery.nextAttemptAtMs = dueAtMs;
  context.schedule({
    dueAtMs,
    accountId: account.account.id,
    kind: "deliver",
    data: { ...data, deliveryId: delivery.id, firstAttemptAtMs: dueAtMs, failures: 0 },
  });
}

function scheduleRetry(
  context: SandboxContext,
  account: AccountWorld,
  delivery: DeliveryRecord,
  task: ScheduledTask,
): void {
  const failures = Number(task.data.failures);
  const dueAtMs = context.now() + retryDelayMs(context, failures);
  if (dueAtMs - Number(task.data.firstAttemptAtMs) > GIVE_UP_AFTER_MS) {
    delivery.status = "failed";
    delivery.nextAttemptAtMs = null;
    return;
  }
  delivery.nextAttemptAtMs = dueAtMs;
  const data = { ...task.data, retry: true, failures: failures + 1 };
  context.schedule({ dueAtMs, accountId: account.account.id, kind: "deliver", data });
}

function retryDelayMs({ options }: SandboxContext, failures: number): number {
  const { retryDelaysMs } = options;
  if (retryDelaysMs) return retryDelaysMs[failures] ?? retryDelaysMs.at(-1) ?? LAST_RETRY_DELAY_MS;
  return RETRY_DELAYS_MS[failures] ?? LAST_RETRY_DELAY_MS;
}

function markDelivered(delivery: DeliveryRecord, event: Stripe.Event): void {
  delivery.nextAttemptAtMs = null;
  if (delivery.status === "delivered") return;
  delivery.status = "delivered";
  event.pending_webhooks = Math.max(0, event.pending_webhooks - 1);
}
