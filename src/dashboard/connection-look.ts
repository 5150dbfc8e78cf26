// How a connection stands, as a badge shows it. It is green only where the last that was heard of Stripe came by a
// webhook that was taken in: a status that is right on paper says nothing of what arrives. Pure.

import type { DescribedConnection } from "../connections/describe-connections.ts";
import { CONNECTION_LOOK, type StatusLook } from "./status-words.ts";

export function connectionLook(connection: DescribedConnection): StatusLook {
  const look = CONNECTION_LOOK[connection.status];
  return connection.status === "active" ? (unprovenLook(connection) ?? look) : look;
}

/** How an active connection looks of which webhooks are not known to arrive; null: they do. */
function unprovenLook(connection: DescribedConnection): StatusLook | null {
  const { refused, last_event_at } = connection;
  if (refused.since !== null) return REFUSED;
  if (isRefusedLast(connection)) return UNHEARD_SINCE;
  if (last_event_at === null) return NEW;
  return momentOf(last_event_at) > momentOf(connection.last_webhook_at) ? FETCHED : null;
}

/** Whether a webhook was refused and none taken in since. Of one that is paused nothing else can be expected. */
function isRefusedLast({ refused, last_webhook_at }: DescribedConnection): boolean {
  if (refused.count_24h === 0 || refused.last_reason === "disabled") return false;
  return momentOf(refused.last_at) > momentOf(last_webhook_at);
}

/** ms; null is before all that ever came. */
function momentOf(time: string | null): number {
  return time === null ? 0 : Date.parse(time);
}

const REFUSED: StatusLook = {
  word: "Webhooks refused",
  tone: "bad",
  means: "Stripe's webhooks are refused, so that payments do not show here until that is mended.",
};
const UNHEARD_SINCE: StatusLook = {
  word: "Not heard since",
  tone: "warn",
  means: "The last webhook was refused, and none has come since. The next one says whether it is mended.",
};
const NEW: StatusLook = {
  word: "Nothing heard yet",
  tone: "info",
  means: "Connected. Nothing has come from Stripe yet: the first payment shows whether webhooks arrive.",
};
const FETCHED: StatusLook = {
  word: "Webhooks missing",
  tone: "warn",
  means:
    "The newest events had to be fetched from Stripe. Nothing is lost; payments show up to a quarter of an hour late.",
};
