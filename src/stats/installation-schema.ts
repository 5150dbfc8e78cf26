// Root's answer of statistics: the whole installation.

import * as z from "zod";
import { timestamp, timestampField, timestampOrNull } from "../http/fields.ts";
import { sizeWarning } from "../platform/ledger-size.ts";
import type { Installation } from "./read-installation.ts";

const troubles = {
  dead_events: z.int(),
  dead_jobs: z.int(),
  waiting_jobs: z.int(),
  failed_deliveries: z.int(),
  failing_destinations: z.int(),
  bytes: z.int(),
};

export const installationSchema = z
  .object({
    object: z.literal("installation_stats"),
    environments: z.int().meta({ description: "Those that have something." }),
    dead_messages: z.int().meta({ description: "Messages of the queues that could not be read." }),
    totals: z.object(troubles).meta({ description: "Of one environment at most a thousand are counted." }),
    needy: z
      .array(
        z.object({
          tenant_id: z.string(),
          environment_id: z.string(),
          ...troubles,
          oldest_unfinished_at: timestampField.nullable(),
          next_alarm_at: timestampField
            .nullable()
            .meta({ description: "When its ledger stirs by itself; cron pokes one that is minutes late." }),
          told_at: timestampField,
        }),
      )
      .meta({
        description:
          "Environments in which something gave up or fails, that hold more than 70 % of what they can, or whose ledger is late; up to 100.",
      }),
    connect_webhooks: z
      .array(z.object({ reason: z.string(), count_24h: z.int(), last_at: timestampField }))
      .meta({
        description:
          "What came to the platform's Connect endpoint in the last 24 hours and was refused (`wrong_secret`, `stale`, `not_an_event`) or passed over: `unknown_account`, connected to no environment here in the event's mode; `no_account`, of the platform's own account; `unreadable`.",
      }),
    warnings: z.array(z.string()),
  })
  .meta({ id: "InstallationStats" });

export function toInstallation({
  totals,
  deadMessages,
  needy,
  connect,
}: Installation): z.infer<typeof installationSchema> {
  return {
    object: "installation_stats",
    environments: totals.environments,
    dead_messages: deadMessages,
    totals: toTroubles(totals),
    needy: needy.map((row) => ({
      tenant_id: row.tenantId,
      environment_id: row.environmentId,
      ...toTroubles(row),
      oldest_unfinished_at: timestampOrNull(row.oldestUnfinishedAtMs),
      next_alarm_at: timestampOrNull(row.nextAlarmAtMs),
      told_at: timestamp(row.atMs),
    })),
    connect_webhooks: connect.map(({ reason, count24h, lastAtMs }) => ({
      reason,
      count_24h: count24h,
      last_at: timestamp(lastAtMs),
    })),
    warnings: needy.flatMap((row) => {
      const warning = sizeWarning(row.bytes);
      return warning === null ? [] : [`${row.environmentId}: ${warning}`];
    }),
  };
}

function toTroubles(row: Installation["totals"] | Installation["needy"][number]) {
  return {
    dead_events: row.deadEvents,
    dead_jobs: row.deadWork,
    waiting_jobs: row.waitingWork,
    failed_deliveries: row.failedDeliveries,
    failing_destinations: row.failingDestinations,
    bytes: row.bytes,
  };
}
