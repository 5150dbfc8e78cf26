// An event as it comes to the ledger: verified, and read into facts outside of it. Types only.

import type { EventChange } from "../../platform/tables/webhook-events.ts";
import type { LedgerFact } from "./facts.ts";
import type { Answers, Question, SettledAttempt } from "./recorded.ts";

/** What a thin event says: its type as the snapshot event's, and which of Stripe's objects has changed. */
export type ThinReference = { type: string; of: { type: string; id: string } | null };

export type EventReading =
  /** What it tells. */
  | { facts: readonly LedgerFact[] }
  /** It says nothing that is kept: why, as a stable word and in a sentence. */
  | { ignored: string; detail: string }
  /** What it tells is about the connection, and has been written in the directory. */
  | { changes: EventChange[] }
  /** It names an object that is to be fetched, once it is known that the event counts at all. */
  | { thin: ThinReference };

export type ArrivedEvent = {
  id: string;
  type: string;
  apiVersion: string | null;
  /** Null where it does not say. */
  livemode: boolean | null;
  account: string | null;
  /** ms */
  createdAtMs: number;
  /** The connection whose secret verified it. */
  connectionId: string;
  /** One receipt at the door: a queue may hand it over twice, Stripe never sent it twice. */
  deliveryId: string;
  /** ms */
  receivedAtMs: number;
  source: "webhook" | "reconciliation";
  /** Asked for by hand: what was ignored before is decided again. */
  isReplay: boolean;
  /** The event's text; null where it is kept already. */
  payload: string | null;
  reading: EventReading;
  /** What Stripe answered, where the ledger had asked. */
  answers?: Answers;
  /** What the directory says of the connection, where the ledger had asked: then its own copy is fresh. */
  former?: { accountId: string; livemode: boolean } | null;
};

/** What became of one event. */
export type EventOutcome =
  | {
      id: string;
      status: "processed" | "ignored" | "dead";
      reason: string | null;
      /** It was done before: only its delivery was counted. */
      isRepeat: boolean;
      /** Payments that succeeded or failed by it. */
      payments: SettledAttempt[];
      /** Events that had waited for what it made known: they are to be brought now. */
      ready: WaitingEvent[];
    }
  /** It is to be brought again with the answers. Nothing of it was written. */
  | { id: string; ask: (Question | { kind: "connection" } | { kind: "object"; thin: ThinReference })[] }
  /** It failed, and is to be brought again later. */
  | { id: string; failed: string };

/** An event that is kept, as it once came. */
export type WaitingEvent = Pick<ArrivedEvent, "connectionId" | "deliveryId" | "receivedAtMs" | "source"> & {
  id: string;
  payload: string;
};
