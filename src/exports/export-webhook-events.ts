// Webhook events as a file: the list's own filters, the API's own names. Payloads are left out, as in the list.

import type * as z from "zod";
import { ledger } from "../ledger/client.ts";
import type { WebhookEventRow } from "../ledger/events/read-events.ts";
import type { Deps, Scope } from "../platform/deps.ts";
import { positionOfEvent } from "../platform/tables/webhook-events.ts";
import { listEventsQuery, toEventFilter, toWebhookEvent } from "../webhooks/schema.ts";
import { earlierBound, laterBound, period } from "./period.ts";
import { type CsvSource, EXPORT_PAGE } from "./stream-csv.ts";

export const webhookEventsExportQuery = listEventsQuery
  .omit({ limit: true, cursor: true })
  .extend(period("received_at"));

const COLUMNS = [
  "id",
  "stripe_event_id",
  "type",
  "status",
  "reason",
  "error",
  "source",
  "deliveries",
  "attempts",
  "invoice_id",
  "livemode",
  "account",
  "api_version",
  "created_at",
  "received_at",
  "processed_at",
  "lag_ms",
  "updated_at",
] as const;

export function exportWebhookEvents(
  deps: Deps,
  scope: Scope,
  query: z.output<typeof webhookEventsExportQuery>,
): CsvSource<WebhookEventRow> {
  const filter = {
    ...toEventFilter(query),
    receivedAfterMs: laterBound(query.from, query.received_after),
    receivedBeforeMs: earlierBound(query.to, query.received_before),
  };
  return {
    columns: [...COLUMNS, "changes"],
    toCells(row) {
      const event = toWebhookEvent(row);
      const changes = event.changes.map(({ object, id }) => `${object} ${id}`).join(", ");
      return [...COLUMNS.map((name) => event[name]), changes];
    },
    pageSize: EXPORT_PAGE,
    read: (page) => ledger(deps, scope).listWebhookEvents({ filter, page }),
    positionOf: positionOfEvent,
  };
}
