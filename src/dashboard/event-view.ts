// What a webhook event came to, in a sentence for somebody who has to act on it. Pure.

import * as z from "zod";
import type { WebhookEventRow } from "../ledger/events/read-events.ts";
import { delaySeconds } from "../platform/retry-delay.ts";
import { duration } from "./time-words.ts";

const LATEST = 1;

/**
 * About when the queue tries it again, ms: the wait for so many tries at its longest. Null where it does not.
 * Stripe may have asked for a longer one.
 */
export function nextTryMs(row: Pick<WebhookEventRow, "status" | "attempts" | "updatedAtMs">): number | null {
  if (row.status !== "failed") return null;
  return row.updatedAtMs + delaySeconds(Math.max(row.attempts, 1), undefined, LATEST) * 1000;
}

type Told = Pick<
  WebhookEventRow,
  "status" | "attempts" | "error" | "changes" | "createdAtMs" | "processedAtMs" | "reason"
>;

export function eventOutcome(row: Told): string {
  switch (row.status) {
    case "processed": {
      const took =
        row.processedAtMs === null ? null : duration(Math.max(row.processedAtMs - row.createdAtMs, 0));
      const after = took === null ? "" : `, ${took} after Stripe made it`;
      return row.changes.length === 0
        ? `What it says was known already${after}: nothing had to be changed.`
        : `What it says is recorded${after}.`;
    }
    case "ignored":
      return row.reason === "dismissed"
        ? "It had given up and was dismissed: what it says is not recorded. It can still be replayed."
        : "There was nothing in it to record for this environment.";
    case "failed":
      return `It failed ${times(row.attempts)} and is tried again by itself. Nothing of it is recorded yet.`;
    case "dead":
      return `It failed at every try, ${times(row.attempts)} in all, and is not tried again by itself. Mend the cause and replay it, or dismiss it.`;
  }
}

export function times(count: number): string {
  return count === 1 ? "once" : count === 2 ? "twice" : `${count.toLocaleString("en")} times`;
}

const withObject = z.object({ data: z.object({ object: z.object({ id: z.string() }) }) });
const thin = z.object({ related_object: z.object({ id: z.string() }) });

/** Stripe's id of what the event is about; null where its payload does not say it, or is not kept. */
export function stripeObjectOf(payload: string | null): string | null {
  if (payload === null) return null;
  try {
    const value: unknown = JSON.parse(payload);
    return (
      withObject.safeParse(value).data?.data.object.id ??
      thin.safeParse(value).data?.related_object.id ??
      null
    );
  } catch {
    return null;
  }
}
