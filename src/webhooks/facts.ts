// What one Stripe event says, once it has been read: facts to record, or the reason why there are none.
// Types only.

import type { AccountState } from "../directory/connection-tables.ts";
import type { LedgerFact } from "../ledger/events/facts.ts";

/** The part of Stripe's event that is read, of any API version. `data.object` is not trusted to be anything. */
export type StripeEventShape = {
  id: string;
  type: string;
  /** Seconds. */
  created: number;
  api_version: string | null;
  livemode: boolean;
  /** The connected account that it happened on (Stripe Connect). */
  account?: string | null;
  data: { object: unknown; previous_attributes?: unknown };
};

export type AccountFact = { kind: "account"; state: AccountState; occurredAtMs: number };

/** The account's owner has taken our access back. */
export type DeauthorizedFact = {
  kind: "deauthorized";
  accountId: string;
  applicationId: string | null;
  occurredAtMs: number;
};

export type Fact = LedgerFact | AccountFact | DeauthorizedFact;

export type FactKind = Fact["kind"];

/** Stable words: they show in `webhook_events.reason`. */
export type IgnoreReason =
  | "event_type_not_used"
  | "unreadable_payload"
  | "value_not_known"
  | "charge_not_captured"
  | "charge_not_succeeded"
  | "authorization_released"
  | "refund_events_decide"
  | "paid_outside_stripe"
  | "payment_not_named";

export type Ignored = { outcome: "ignored"; reason: IgnoreReason; detail: string };
export type Interpretation = { outcome: "facts"; facts: Fact[] } | Ignored;
