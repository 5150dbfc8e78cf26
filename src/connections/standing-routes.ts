// The door of how environments stand, for root.

import * as z from "zod";
import { access } from "../directory/access.ts";
import { soughtField, timestamp, timestampField, timestampOrNull } from "../http/fields.ts";
import { pageQuery } from "../http/list.ts";
import { listRoute } from "../http/read-routes.ts";
import { BY_ROOT, createRouter } from "../http/router.ts";
import { BUDGET_NAMES } from "../platform/budgets.ts";
import { byRank, listStanding, type Standing } from "./list-standing.ts";

export const listStandingQuery = pageQuery.extend({
  q: soughtField.optional().meta({
    description: "In the name of the environment or of its tenant, or the whole id of either.",
  }),
  tenant_id: soughtField.optional(),
});

const environmentStandingSchema = z
  .object({
    id: z.string(),
    object: z.literal("environment_standing"),
    tenant_id: z.string(),
    tenant_name: z.string(),
    name: z.string(),
    livemode: z.boolean(),
    connection: z
      .object({
        status: z.enum(["pending_webhook", "active", "disabled", "error", "disconnected"]),
        status_detail: z.string().nullable(),
        account_id: z.string(),
        refused_24h: z.int().meta({ description: "Webhooks that were refused." }),
      })
      .nullable(),
    told: z
      .object({
        dead_events: z.int(),
        dead_jobs: z.int(),
        waiting_jobs: z.int(),
        failed_deliveries: z.int(),
        failing_destinations: z.int(),
        events_24h: z.int().meta({ description: "Events that were received." }),
        payments_24h: z.int().meta({ description: "Payments that succeeded." }),
        bytes: z.int(),
        last_webhook_at: timestampField.nullable(),
        oldest_unfinished_at: timestampField.nullable(),
        ledger_error: z.string().nullable().meta({
          description: "Why its ledger cannot be used, such as a migration that failed; null: it can.",
        }),
        budgets: z
          .array(z.object({ name: z.enum(BUDGET_NAMES), state: z.enum(["near", "over"]), most: z.int() }))
          .meta({ description: "Budgets of which four fifths are used, or all." }),
        mails_wait_until: timestampField.nullable().meta({
          description: "Until when mails wait because as many went as may within a day; null: none waits.",
        }),
        at: timestampField.meta({ description: "When its ledger told it." }),
      })
      .nullable()
      .meta({ description: "What its ledger last told of itself; null: nothing yet." }),
    created_at: timestampField,
    updated_at: timestampField,
  })
  .meta({ id: "EnvironmentStanding" });

export const standingRoutes = createRouter().openapi(
  ...listRoute({
    security: BY_ROOT,
    tags: ["Tenants"],
    middleware: [access("root")],
    path: "/environments",
    summary: "List all environments by how they stand, those with most to see to first",
    description:
      "From what each ledger last told of itself, within the minute of a trouble and every quarter of an hour else; no ledger is asked. First those whose connection does not work or whose webhooks are refused, then those in which most has given up, then all others, newest first. Nothing of what is in them is answered.",
    answer: "Environments that were not erased",
    query: listStandingQuery,
    item: environmentStandingSchema,
    list: (c, { query, page }) =>
      listStanding(c.get("deps"), { filter: { q: query.q, tenantId: query.tenant_id }, page }),
    toItem: toEnvironmentStanding,
    positionOf: byRank,
  }),
);

function toEnvironmentStanding(standing: Standing): z.infer<typeof environmentStandingSchema> {
  const { connection, pulse } = standing;
  return {
    id: standing.environmentId,
    object: "environment_standing",
    tenant_id: standing.tenantId,
    tenant_name: standing.tenantName,
    name: standing.environmentName,
    livemode: standing.livemode,
    connection: connection && {
      status: connection.status,
      status_detail: connection.detail,
      account_id: connection.accountId,
      refused_24h: connection.refusedDay,
    },
    told: pulse && {
      dead_events: pulse.deadEvents,
      dead_jobs: pulse.deadWork,
      waiting_jobs: pulse.waitingWork,
      failed_deliveries: pulse.failedDeliveries,
      failing_destinations: pulse.failingDestinations,
      events_24h: pulse.eventsDay,
      payments_24h: pulse.paymentsDay,
      bytes: pulse.bytes,
      last_webhook_at: timestampOrNull(pulse.lastWebhookAtMs),
      oldest_unfinished_at: timestampOrNull(pulse.oldestUnfinishedAtMs),
      ledger_error: pulse.ledgerError,
      budgets: pulse.budgets.map(({ name, state, most }) => ({ name, state, most })),
      mails_wait_until: timestampOrNull(pulse.mailsWaitUntilMs),
      at: timestamp(pulse.atMs),
    },
    created_at: timestamp(standing.createdAtMs),
    updated_at: timestamp(pulse?.atMs ?? standing.createdAtMs),
  };
}
