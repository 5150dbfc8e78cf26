// Brings events to the consumer as the queue would, in exactly the order that a test wants.

import type { Deps, Scope } from "../../src/platform/deps.ts";
import type { StripeEventMessage } from "../../src/platform/event-message.ts";
import type { Logger } from "../../src/platform/logger.ts";
import { consumeEvent, consumeEvents } from "../../src/webhooks/consume-events.ts";
import type { StripeEventShape } from "../../src/webhooks/facts.ts";
import { ledgerSql } from "../harness/ledger-sql.ts";
import { testDeps } from "../harness/world.ts";

export type Place = { scope: Scope; connectionId: string };
type Row = Record<string, unknown>;

const silence = () => undefined;
const silent: Logger = { info: silence, warn: silence, error: silence, with: () => silent };
export const quietDeps: Deps = testDeps({ log: silent });

let deliveries = 0;

/** One delivery of one event. */
export async function deliver(
  place: Place,
  event: StripeEventShape,
  source: StripeEventMessage["source"] = "webhook",
  deps: Deps = quietDeps,
): Promise<void> {
  await consumeEvent(deps, messageOf(place, event, source));
}

/** One delivery of each, in one batch of the queue. @throws the first failure */
export async function deliverTogether(place: Place, events: readonly StripeEventShape[]): Promise<void> {
  const errors = await consumeEvents(
    quietDeps,
    events.map((event) => messageOf(place, event, "webhook")),
  );
  for (const error of errors) if (error) throw error;
}

function messageOf(
  place: Place,
  event: StripeEventShape,
  source: StripeEventMessage["source"],
): StripeEventMessage {
  deliveries += 1;
  return {
    ...place.scope,
    connectionId: place.connectionId,
    deliveryId: `dlv_${deliveries}`,
    receivedAtMs: Date.now(),
    source,
    body: JSON.stringify(event),
  };
}

/** What the log says of an event. */
export async function outcomeOf(place: Place, eventId: string): Promise<Row | null> {
  const [row] = await rowsOf(place, "webhook_events", `stripe_event_id = '${eventId}'`);
  return row ?? null;
}

/** Rows of a table of the environment's ledger, by SQL that the test itself wrote. */
export async function rowsOf(place: Place, table: string, where = "1"): Promise<Row[]> {
  return (await ledgerSql(place.scope).prepare(`SELECT * FROM ${table} WHERE ${where}`).all<Row>()).results;
}

/** Puts an open invoice over this amount into the environment, without link and customer. */
export async function putInvoice(
  place: Place,
  id: string,
  fields: { dueMinor: number; currency: string; status?: string },
): Promise<void> {
  await ledgerSql(place.scope)
    .prepare(
      `INSERT INTO invoices (id, number, customer_id, currency, lines, amount_due_minor, status,
         payment_status, send_email, metadata, created_at_ms, updated_at_ms)
       VALUES (?, ?, 'cus_1', ?, '[]', ?, ?, 'unpaid', 0, '{}', 1, 1)`,
    )
    .bind(id, id, fields.currency, fields.dueMinor, fields.status ?? "open")
    .run();
}
