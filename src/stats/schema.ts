// Requests and answers of statistics.

import * as z from "zod";
import { TIME_SHAPE, timeInput, timestamp, timestampField } from "../http/fields.ts";
import type { Gauges } from "../ledger/pulse/read-gauges.ts";
import type { Stats } from "../ledger/stats/read-stats.ts";
import type { Counts, MoneyCount } from "../ledger/stats/sum-hours.ts";
import { MOST_LEDGER_BYTES, sizeWarning } from "../platform/ledger-size.ts";
import { formatDecimal } from "../platform/money.ts";

const time = (description: string) => timeInput.optional().meta({ ...TIME_SHAPE, description });

export const statsQuery = z.strictObject({
  from: time("The hour to begin with. Left out: 24 hours before `to`. At most 31 days before it."),
  to: time("The moment to end with, not included. Left out: the present hour is the last."),
});

const moneyCount = z.object({
  count: z.int(),
  amount: z.int().meta({ description: "Their sum in minor units" }),
  amount_decimal: z.string(),
});

const counts = {
  events: z
    .object({ received: z.int(), processed: z.int(), ignored: z.int(), failed: z.int(), dead: z.int() })
    .meta({
      description:
        "Webhook events, each once however often Stripe sent it: received in the hour of its first receipt, the others in the hour in which it became so. An event that failed and was processed later is in both; one that was ignored as long as it waited for what it is about is counted as processed alone.",
    }),
  lag: z
    .object({ sum_ms: z.int(), average_ms: z.int().nullable(), max_ms: z.int().nullable() })
    .meta({ description: "From Stripe's making an event to its being processed; null where none was." }),
  money: z
    .array(z.object({ currency: z.string(), paid: moneyCount, failed: moneyCount, refunded: moneyCount }))
    .meta({
      description:
        "By currency, those that there were. Payments are in the hour in which they succeeded or failed at Stripe, refunds in the one in which they succeeded; a payment that succeeds after all is failed no more.",
    }),
};

export const statsSchema = z
  .object({
    object: z.literal("stats"),
    from: timestampField,
    to: timestampField,
    totals: z.object(counts),
    hours: z
      .array(z.object({ hour: timestampField, ...counts }))
      .meta({ description: "Every hour of the range, oldest first, also where nothing happened." }),
    present: z
      .object({
        failed_events: z.int().meta({ description: "They are tried again." }),
        dead_events: z.int().meta({ description: "They gave up; they can be replayed." }),
        waiting_jobs: z.int().meta({ description: "They wait for the Stripe connection to work again." }),
        dead_jobs: z.int(),
        undelivered_notifications: z
          .int()
          .meta({ description: "Messages to event destinations that are on their way or tried again." }),
        failed_deliveries: z.int().meta({ description: "They gave up; a destination can be recovered." }),
        failing_destinations: z.int(),
        bytes: z.int().meta({ description: "What the environment holds." }),
        bytes_limit: z.int().meta({ description: "What it can hold." }),
      })
      .meta({ description: "How it stands now, whatever the range." }),
    warnings: z.array(z.string()).meta({ description: "Sentences on what will be the matter soon." }),
  })
  .meta({ id: "Stats" });

export function toStats(stats: Stats, present: Gauges): z.infer<typeof statsSchema> {
  return {
    object: "stats",
    from: timestamp(stats.fromMs),
    to: timestamp(stats.toMs),
    totals: toCounts(stats.totals),
    hours: stats.hours.map((hour) => ({ hour: timestamp(hour.hourMs), ...toCounts(hour) })),
    present: {
      failed_events: present.failedEvents,
      dead_events: present.deadEvents,
      waiting_jobs: present.waitingWork,
      dead_jobs: present.deadWork,
      undelivered_notifications: present.undeliveredNotifications,
      failed_deliveries: present.failedDeliveries,
      failing_destinations: present.failingDestinations,
      bytes: present.bytes,
      bytes_limit: MOST_LEDGER_BYTES,
    },
    warnings: [sizeWarning(present.bytes)].filter((warning) => warning !== null),
  };
}

function toCounts({ events, lag, money }: Counts) {
  const none = events.processed === 0;
  return {
    events: { ...events },
    lag: {
      sum_ms: lag.sumMs,
      average_ms: none ? null : Math.round(lag.sumMs / events.processed),
      max_ms: none ? null : lag.maxMs,
    },
    money: money.map(({ currency, paid, failed, refunded }) => ({
      currency,
      paid: toMoneyCount(paid, currency),
      failed: toMoneyCount(failed, currency),
      refunded: toMoneyCount(refunded, currency),
    })),
  };
}

function toMoneyCount({ count, sumMinor }: MoneyCount, currency: string) {
  return { count, amount: sumMinor, amount_decimal: formatDecimal(sumMinor, currency) };
}
