// How far a new environment has come, read each time from what is there: a step is done once something proves it. Pure.

import type { DescribedConnection } from "../../connections/describe-connections.ts";
import type { LastArrivals } from "../../ledger/events/read-events.ts";
import type { DestinationRow } from "../../ledger/notifications/destinations.ts";
import type { AuditLogRow } from "../../platform/audit-page.ts";
import type { Reads } from "../ask-ledger.ts";

export const GUIDE_STEPS = [
  { name: "connect", title: "Connect your Stripe account" },
  { name: "webhook", title: "Let Stripe call here" },
  { name: "payment", title: "See it work" },
  { name: "platform", title: "Tell your platform" },
  { name: "live", title: "Go live" },
] as const;

export type GuideStepName = (typeof GUIDE_STEPS)[number]["name"];

/** What the guide reads of the ledger, beside what the frame of every page reads. */
export const GUIDE_READS = {
  paid: ["listPayments", { filter: { status: "succeeded" }, page: { limit: 1, after: null } }],
  destinations: ["listDestinations", { limit: 20, after: null }],
  examples: [
    "listAuditLog",
    { filter: { action: "event_destination.tested" }, page: { limit: 20, after: null } },
  ],
} as const satisfies Reads;

export type GuideFacts = {
  connection: DescribedConnection | null;
  arrivals: LastArrivals;
  paid: { rows: readonly unknown[] };
  destinations: readonly DestinationRow[];
  /** Newest first. */
  examples: readonly AuditLogRow[];
};

export type GuideDone = Record<GuideStepName, boolean>;

export function guideDone(facts: GuideFacts): GuideDone {
  const { connection, arrivals, paid, destinations } = facts;
  const done = {
    connect: connection !== null && connection.status !== "error",
    webhook: connection !== null && (connection.webhook_secret_set || connection.thin_webhook_secret_set),
    payment: paid.rows.length > 0 && arrivals.webhookAtMs !== null,
    platform: destinations.some(({ id, isActive }) => isActive && exampleTaken(facts, id) === true),
  };
  return { ...done, live: connection?.livemode === true && liveChecks(facts).every(({ ok }) => ok) };
}

/** The first that is not done; the last where all are. */
export function presentStep(done: GuideDone): GuideStepName {
  return GUIDE_STEPS.find(({ name }) => !done[name])?.name ?? "live";
}

/** Whether a destination took the last example that was sent to it; null: none was. */
export function exampleTaken({ examples }: Pick<GuideFacts, "examples">, id: string): boolean | null {
  const last = examples.find(({ objectId }) => objectId === id);
  return last === undefined ? null : last.detail.ok === true;
}

/** What has to be so before real money is asked for. */
export function liveChecks(facts: GuideFacts): { words: string; ok: boolean }[] {
  const { connection, arrivals, destinations } = facts;
  const isLive = connection?.livemode === true;
  return [
    { words: "A live environment, connected with a live key", ok: isLive },
    { words: "Stripe lets the account take payments", ok: isLive && connection.account.charges_enabled },
    { words: "Stripe pays out to your bank", ok: isLive && connection.account.payouts_enabled },
    { words: "Stripe's first live webhook was taken in", ok: isLive && arrivals.webhookAtMs !== null },
    {
      words: "Your platform takes what is sent to it",
      ok: isLive && destinations.some(({ id }) => exampleTaken(facts, id) === true),
    },
  ];
}
