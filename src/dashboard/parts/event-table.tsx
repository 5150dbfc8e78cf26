// Webhook events as a table.

import type { WebhookEventRow } from "../../ledger/events/read-events.ts";
import { webhookEventIdFor } from "../../platform/ids.ts";
import { nextTryMs } from "../event-view.ts";
import { webhookEventHref } from "../hrefs.ts";
import { EVENT_LOOK } from "../status-words.ts";
import { duration } from "../time-words.ts";
import { StatusBadge } from "./badge.tsx";
import { InvoiceLink } from "./invoice-link.tsx";
import { type Column, None, Table } from "./table.tsx";
import { Time } from "./time.tsx";

/** @param props.invoiceNumbers by id; undefined on the page of the invoice itself */
export function EventTable(props: {
  events: readonly WebhookEventRow[];
  invoiceNumbers?: ReadonlyMap<string, string>;
  now: number;
}) {
  const { events, invoiceNumbers, now } = props;
  return (
    <Table
      caption="Webhook events"
      rows={events}
      columns={[
        {
          head: "Type",
          cell: (row) => (
            <>
              <a class="mono" href={webhookEventHref(webhookEventIdFor(row.stripeEventId))}>
                {row.type}
              </a>
            </>
          ),
        },
        { head: "Status", tag: true, cell: (row) => <EventStatus event={row} now={now} /> },
        ...(invoiceNumbers ? [invoiceColumn(invoiceNumbers)] : []),
        {
          head: "Lag",
          right: true,
          priority: 2,
          cell: (row) => (row.processedAtMs === null ? <None /> : lagOf(row)),
        },
        {
          head: "Received",
          isTime: true,
          priority: 2,
          cell: (row) => <Time ms={row.receivedAtMs} now={now} />,
        },
      ]}
    />
  );
}

function invoiceColumn(numbers: ReadonlyMap<string, string>): Column<WebhookEventRow> {
  const cell = ({ invoiceId }: WebhookEventRow) =>
    invoiceId ? <InvoiceLink id={invoiceId} numbers={numbers} /> : <None />;
  return { head: "Invoice", priority: 2, cell };
}

/** From Stripe's making of it, which has seconds only, to our being done with it. */
export function lagOf(row: Pick<WebhookEventRow, "createdAtMs" | "processedAtMs">): string | null {
  return row.processedAtMs === null ? null : duration(row.processedAtMs - row.createdAtMs);
}

function EventStatus({ event, now }: { event: WebhookEventRow; now: number }) {
  const nextMs = nextTryMs(event);
  // Types that are not used are many, and each would say the same.
  const telling = event.status !== "processed" && event.reason !== "event_type_not_used";
  return (
    <>
      <StatusBadge look={EVENT_LOOK[event.status]} />
      {nextMs === null ? null : (
        <span class="reason">
          Next try {nextMs <= now ? "at any moment" : <Time ms={nextMs} now={now} />}
        </span>
      )}
      {telling && event.error ? <span class="reason">{event.error}</span> : null}
    </>
  );
}
