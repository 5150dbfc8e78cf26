// What the states of event destinations and their deliveries are called on a page, and how they look.

import type { DeliveryRow } from "../ledger/notifications/deliveries.ts";
import type { DeliveryCounts, RecentDeliveries } from "../ledger/notifications/destination-view.ts";
import type { DestinationRow } from "../ledger/notifications/destinations.ts";
import { countWords, type StatusLook, type Tone } from "./status-words.ts";

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

/** `99.4% of 1,200 delivered`, and what became of the others; of a time in which something was tried. */
export function rateWords({ successRate, succeeded, failed, retrying, pending }: DeliveryCounts): string {
  const rest = [
    ...(retrying === 0 ? [] : [`${retrying.toLocaleString("en")} retrying`]),
    ...(failed === 0 ? [] : [`${failed.toLocaleString("en")} dead`]),
    ...(pending === 0 ? [] : [`${pending.toLocaleString("en")} not tried yet`]),
  ];
  if (successRate === null) return rest.length === 0 ? "Nothing sent" : rest.join(", ");
  const tried = succeeded + failed + retrying;
  return [`${successRate}% of ${tried.toLocaleString("en")} delivered`, ...rest].join(", ");
}

/** The latest time in which something was tried: its rate, and over what it is counted. */
export function takenWords({ day, week }: RecentDeliveries): { rate: string; of: string } | null {
  const [counts, words] = day.successRate === null ? [week, "in 7 days"] : [day, "in 24 hours"];
  if (counts.successRate === null) return null;
  const tried = counts.succeeded + counts.failed + counts.retrying;
  return { rate: `${counts.successRate}%`, of: `of ${countWords(tried, "delivery", "deliveries")} ${words}` };
}

export function destinationState(
  row: Pick<DestinationRow, "isActive" | "failingSinceMs">,
): keyof typeof DESTINATION_LOOK {
  if (!row.isActive) return "off";
  return row.failingSinceMs === null ? "active" : "failing";
}
