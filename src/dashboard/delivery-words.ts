// What the states of event destinations and their deliveries are called on a page, and how they look.

import type { RecentDeliveries } from "../ledger/notifications/count-recent.ts";
import type { DeliveryRow } from "../ledger/notifications/deliveries.ts";
import type { DestinationRow } from "../ledger/notifications/destinations.ts";
import type { StatusLook, Tone } from "./status-words.ts";

const look = (word: string, tone: Tone, means: string): StatusLook => ({ word, tone, means });

export const DESTINATION_LOOK = {
  active: look("Active", "good", "It takes what it is sent."),
  failing: look("Failing", "warn", "The last try failed; it is tried again by itself."),
  off: look("Switched off", "idle", "Nothing is sent to it."),
} as const;

export const DELIVERY_LOOK: Record<DeliveryRow["status"], StatusLook> = {
  pending: look("Pending", "info", "It is about to be sent, or is tried again by itself."),
  succeeded: look("Delivered", "good", "The destination has taken it."),
  failed: look("Dead", "bad", "It failed at every try; it can be sent again."),
};

const RETRYING = look("Retrying", "warn", "A try failed; it is tried again by itself.");

/** One that waits for its next try is told apart from one that is about to be sent. */
export function deliveryLook({ status, attempts }: Pick<DeliveryRow, "status" | "attempts">): StatusLook {
  return status === "pending" && attempts > 0 ? RETRYING : DELIVERY_LOOK[status];
}

/** `98% of the last 200`; of those that have ended. */
export function takenWords({ succeeded, failed }: RecentDeliveries): string {
  const ended = succeeded + failed;
  if (ended === 0) return "Nothing sent yet";
  // Never 100 while one has failed.
  const percent = Math.floor((succeeded * 100) / ended);
  return `${percent}% of the last ${ended.toLocaleString("en")}`;
}

export function destinationState(
  row: Pick<DestinationRow, "isActive" | "failingSinceMs">,
): keyof typeof DESTINATION_LOOK {
  if (!row.isActive) return "off";
  return row.failingSinceMs === null ? "active" : "failing";
}
