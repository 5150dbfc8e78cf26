// Makes of a queue's message the event that the ledger is brought: parsed and interpreted once, outside of it.

import { ledger } from "../ledger/client.ts";
import type { ArrivedEvent, EventReading } from "../ledger/events/arrived-event.ts";
import { AppError } from "../platform/app-error.ts";
import { MOST_EVENT_VALUES } from "../platform/bounds.ts";
import type { Deps } from "../platform/deps.ts";
import type { StripeEventMessage } from "../platform/event-message.ts";
import { jsonSizeProblem } from "../platform/json-size.ts";
import { cutText } from "../platform/text.ts";
import { cutLargeEvent, readingOfCut } from "./cut-event.ts";
import { fetchEvent } from "./fetch-event.ts";
import { readReading } from "./read-reading.ts";
import { accountsOf, readSignedEvent, type SignedEvent } from "./signed-event.ts";
import { readThinEvent, referenceOf, type ThinEvent } from "./thin-event.ts";

/**
 * What of it is the directory's is written there, so that only the rest is left for the ledger.
 * @throws AppError `payload_gone` when its text was kept apart and is gone; `database_unavailable` (retryable)
 */
export async function arrive(deps: Deps, message: StripeEventMessage): Promise<ArrivedEvent> {
  const text = message.body ?? (await findKept(deps, message));
  // Of what was ignored, somebody else's is not kept: whoever asks for it again has it fetched.
  const isFetched = text === null && message.replay === true;
  const body = isFetched
    ? cutLargeEvent(await fetchEvent(deps, message, message.eventId ?? ""))
    : message.body;
  const whole = text ?? body ?? gone();
  const event = readSignedEvent(whole);
  if (event && isFromFuture(event, message))
    return { ...headOf({ ...message, body }, event), reading: FROM_FUTURE };
  if (event)
    return {
      ...headOf({ ...message, body }, event),
      reading: readingOfCut(event) ?? (await readReading(deps, message, event)),
    };
  const thin = readThinEvent(whole);
  return thin ? { ...headOfThin(message, thin), reading: readingOfThin(thin) } : unreadable(message, whole);
}

/** The same without reading what it tells: for one that gives up. @throws AppError as {@link arrive} */
export async function arriveUnread(deps: Deps, message: StripeEventMessage): Promise<ArrivedEvent> {
  const whole = message.body ?? (await findKept(deps, message)) ?? gone();
  const event = readSignedEvent(whole);
  if (event) return { ...headOf(message, event), reading: { facts: [] } };
  const thin = readThinEvent(whole);
  return thin ? { ...headOfThin(message, thin), reading: { facts: [] } } : unreadable(message, whole);
}

function findKept(deps: Deps, message: StripeEventMessage): Promise<string | null> {
  return ledger(deps, message).findPayload({ eventId: message.eventId ?? "" });
}

function gone(): never {
  throw new AppError("payload_gone", { detail: "The event's payload was kept apart and is gone." });
}

function headOf(message: StripeEventMessage, event: SignedEvent): Omit<ArrivedEvent, "reading"> {
  const { connectionId, deliveryId, receivedAtMs, source, replay: isReplay = false } = message;
  return {
    id: event.id,
    type: event.type,
    apiVersion: event.api_version ?? null,
    livemode: event.livemode,
    account: accountsOf(event)[0] ?? null,
    createdAtMs: event.created * 1000,
    ...{ connectionId, deliveryId, receivedAtMs, source, isReplay },
    payload: message.body,
  };
}

/** A thin event and the snapshot event of the same change are one event: whichever comes second is a delivery of it. */
function headOfThin(message: StripeEventMessage, thin: ThinEvent): Omit<ArrivedEvent, "reading"> {
  const { connectionId, deliveryId, receivedAtMs, source, replay: isReplay = false } = message;
  return {
    id: thin.snapshot_event ?? thin.id,
    type: thin.type,
    apiVersion: null,
    livemode: thin.livemode,
    account: accountsOf(thin)[0] ?? null,
    createdAtMs: thin.created,
    ...{ connectionId, deliveryId, receivedAtMs, source, isReplay },
    payload: message.body,
  };
}

function readingOfThin(thin: ThinEvent): EventReading {
  const reference = referenceOf(thin);
  if (reference) return { thin: reference };
  const detail = `Quittance does not use ${cutText(thin.type, 100)}.`;
  return { ignored: "event_type_not_used", detail };
}

const MOST_AHEAD_MS = 24 * 60 * 60 * 1000;

/** A test clock may be years ahead (https://docs.stripe.com/billing/testing/test-clocks); what is live happens now. */
function isFromFuture({ livemode, created }: SignedEvent, { receivedAtMs }: StripeEventMessage): boolean {
  return livemode && created * 1000 > receivedAtMs + MOST_AHEAD_MS;
}

const FROM_FUTURE: EventReading = {
  ignored: "unreadable",
  detail:
    "It was made more than a day after it came here, by its own account: what it says would stand against all that is told later.",
};

/** Stripe has signed it, and it is no event that we know how to read. */
function unreadable(message: StripeEventMessage, whole: string): ArrivedEvent {
  const tooMuch = jsonSizeProblem(whole, MOST_EVENT_VALUES);
  const { connectionId, deliveryId, receivedAtMs, source } = message;
  return {
    id: message.eventId ?? `evt_unreadable_${deliveryId}`,
    type: "unreadable",
    apiVersion: null,
    livemode: null,
    account: null,
    createdAtMs: receivedAtMs,
    ...{ connectionId, deliveryId, receivedAtMs, source, isReplay: false },
    payload: message.body,
    reading: {
      ignored: "unreadable",
      detail: tooMuch ?? "Stripe signed it, and it is no event in a form that we know.",
    },
  };
}
