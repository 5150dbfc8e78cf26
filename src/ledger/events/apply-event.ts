// Takes in one event: whether it is to be decided at all, what it records, and what becomes of its row. Doing it
// again changes nothing; an event of a connection that is off or gone changes nothing either, whatever the door had
// in its cache.

import type { Book } from "../book.ts";
import { type ConnectionCopy, readConnection } from "../connection/keep-connection.ts";
import type { ArrivedEvent, EventOutcome } from "./arrived-event.ts";
import { noteLastWebhook } from "./count-events.ts";
import { dropLargePayload, type EventRow, events } from "./event-row.ts";
import { type Ending, keepEvent, withDelivery } from "./keep-event.ts";
import { recordFact } from "./record-fact.ts";
import type { Missed, Recorded } from "./recorded.ts";
import { objectsTold, readyEvents } from "./waiting-events.ts";

export function applyEvent(book: Book, event: ArrivedEvent): EventOutcome {
  const known = events.find(book, event.id);
  if (known && event.source === "webhook" && known.source === "reconciliation")
    noteLastWebhook(book, event.receivedAtMs);
  if (known && isDone(known, event)) return repeat(book, known, event);

  const connection = readConnection(book);
  // What the directory has recorded already was decided there: the connection may have ended by it.
  const belongs = "changes" in event.reading ? "ours" : belonging(connection, event);
  if (belongs === "ask") return { id: event.id, ask: [{ kind: "connection" }] };
  const asStripe: Book = { ...book, actor: { kind: "stripe", id: event.id, ip: null } };
  const ending = belongs === "ours" ? decide(asStripe, event) : belongs;
  if ("ask" in ending) return { id: event.id, ask: ending.ask };
  const connectionId = belongs === "ours" ? (connection?.id ?? event.connectionId) : event.connectionId;
  keepEvent(book, known, { ...event, connectionId }, ending);
  const told = ending.waitsFor === null ? toldBy(book, ending, event) : [ending.waitsFor];
  return {
    id: event.id,
    status: ending.status,
    reason: ending.reason,
    isRepeat: false,
    payments: ending.payments ?? [],
    ready: readyEvents(book, told),
  };
}

// Ignored only because of the connection's state then, or since a thin event's object could not be had: seen again, or
// with its object, it is processed.
const NOT_FINAL: readonly string[] = [
  ...["connection_disabled", "connection_disconnected"],
  ...["not_readable", "object_gone", "state_not_told"],
];

/** Whether an event needs nothing more: a further delivery is only counted. A replay decides again. */
function isDone(known: EventRow, { isReplay }: ArrivedEvent): boolean {
  if (known.status === "processed") return true;
  if (isReplay || known.status !== "ignored" || known.waitsFor !== null) return false;
  return !NOT_FINAL.includes(known.reason ?? "");
}

function repeat(book: Book, known: EventRow, event: ArrivedEvent): EventOutcome {
  events.update(book, known, { ...known, ...withDelivery(known, event.deliveryId) });
  if (event.payload === null) dropLargePayload(book, event.id);
  const told = known.status === "processed" ? objectsTold(book, event.reading) : [];
  const status = known.status === "processed" ? "processed" : "ignored";
  const ready = readyEvents(book, told);
  return { id: event.id, status, reason: known.reason, isRepeat: true, payments: [], ready };
}

/** Decided here, by the ledger's own copy: the door may have had the connection in its cache. */
function belonging(connection: ConnectionCopy | undefined, event: ArrivedEvent): "ours" | "ask" | Ending {
  const { former } = event;
  // Before anything is set aside, the directory is asked whether the copy is behind.
  const isStale = !connection?.isActive || connection.id !== event.connectionId;
  if (isStale && former === undefined) return "ask";
  const isSameAccount =
    connection?.id === event.connectionId ||
    (former?.accountId === connection?.accountId && former?.livemode === connection?.livemode);
  if (!connection || !isSameAccount)
    return ignored("connection_disconnected", "The connection that took it in is gone.");
  if (!connection.isActive) return ignored("connection_disabled", "The connection is switched off.");
  if (event.livemode !== null && event.livemode !== connection.livemode) {
    const mode = event.livemode ? "live" : "test";
    return ignored("mode_mismatch", `The event is of ${mode} mode, the connection is not.`);
  }
  if (event.account !== null && event.account !== connection.accountId)
    return ignored("other_account", "The event is of another Stripe account.");
  return "ours";
}

type Asked = Extract<EventOutcome, { ask: unknown }>["ask"];

function decide(book: Book, { reading, answers = {} }: ArrivedEvent): Ending | { ask: Asked } {
  if ("ignored" in reading) return ignored(reading.ignored, reading.detail);
  if ("thin" in reading) return { ask: [{ kind: "object", thin: reading.thin }] };
  if ("changes" in reading) return processed(reading.changes, null);
  const recorded: Recorded[] = [];
  let missed: Missed | null = null;
  for (const fact of reading.facts) {
    const part = recordFact(book, fact, answers);
    if (part === null) continue;
    if ("ask" in part) return { ask: [part.ask] };
    if ("missed" in part) missed ??= part;
    else recorded.push(...[part].flat());
  }
  if (recorded.length > 0) return together(recorded);
  if (missed) return ignored(missed.missed, missed.detail, missed.waitsFor);
  return ignored("nothing_to_record", "It says nothing that is kept.");
}

function together(recorded: readonly Recorded[]): Ending {
  const changed = recorded.flatMap(({ change }) => change ?? []);
  // Money settles its invoice.
  const settled = recorded.flatMap(({ change, invoiceId }) =>
    change && change.object !== "payment_link" && invoiceId !== undefined
      ? { object: "invoice", id: invoiceId }
      : [],
  );
  const changes = new Map(
    [...changed, ...settled].map((change) => [`${change.object}/${change.id}`, change]),
  );
  const invoiceId = recorded.find((part) => part.invoiceId !== undefined)?.invoiceId ?? null;
  const payments = recorded.flatMap(({ payment }) => payment ?? []);
  return { ...processed([...changes.values()], invoiceId), payments };
}

function toldBy(book: Book, ending: Ending, { reading }: ArrivedEvent): string[] {
  return ending.status === "processed" ? objectsTold(book, reading) : [];
}

function processed(changes: Ending["changes"], invoiceId: string | null): Ending {
  return { status: "processed", reason: null, detail: null, changes, invoiceId, waitsFor: null };
}

function ignored(reason: string, detail: string, waitsFor: string | null = null): Ending {
  return { status: "ignored", reason, detail, changes: [], invoiceId: null, waitsFor };
}
