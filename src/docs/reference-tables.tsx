// The tables at the end: Stripe's events, each with what it is for, and all error codes.

import { STRIPE_EVENT_TYPES } from "../connections/stripe-event-types.ts";
import { Table } from "../dashboard/parts/table.tsx";
import { ERROR_STATUS, type ErrorCode } from "../platform/app-error.ts";
import { STRIPE_API_VERSION } from "../platform/stripe.ts";
import { EVENT_TABLE } from "../webhooks/event-table.ts";
import { ERROR_GUIDE } from "./error-guide.ts";

export function StripeEvents() {
  const rows = Object.entries(EVENT_TABLE).map(([type, row]) => ({
    type: type as keyof typeof STRIPE_EVENT_TYPES,
    ...row,
  }));
  return (
    <section>
      <h2 id="stripe-events">Stripe's events</h2>
      <p>
        An endpoint at Stripe that is set up by hand has the connection's <code>webhook_url</code>, API
        version <code>{STRIPE_API_VERSION}</code> and these events. Older API versions are read as well; any
        other event is kept as <code>ignored</code>.
      </p>
      <Table
        caption="Stripe's events"
        rows={rows}
        columns={[
          { head: "Event", cell: ({ type }) => <code>{type}</code> },
          { head: "What it is for", cell: ({ type }) => STRIPE_EVENT_TYPES[type] },
          {
            head: "What it never does",
            priority: 2,
            cell: ({ never }) => <span class="muted">{never}</span>,
          },
        ]}
      />
    </section>
  );
}

export function Errors() {
  const codes = Object.entries(ERROR_STATUS) as [ErrorCode, number][];
  return (
    <section>
      <h2 id="errors">Errors</h2>
      <p>
        <code>application/problem+json</code> (RFC 9457):{" "}
        <code>{"{type, title, status, detail, code, request_id, errors?: [{path, message}]}"}</code>. The code
        is a stable word for programs, the detail a sentence for people, and <code>x-request-id</code> is on
        every answer. What can help later is 429, 502 or 503; anything else will be refused again.
      </p>
      <Table
        caption="Error codes"
        rows={codes}
        columns={[
          { head: "Code", cell: ([code]) => <code id={`error-${code}`}>{code}</code> },
          { head: "Status", cell: ([, status]) => String(status) },
          { head: "Meaning", cell: ([code]) => ERROR_GUIDE[code] },
        ]}
      />
    </section>
  );
}
