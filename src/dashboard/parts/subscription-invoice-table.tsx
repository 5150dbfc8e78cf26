// The invoices that Stripe made for a subscription, as a table.

import type { SubscriptionInvoiceView } from "../../ledger/subscriptions/read-subscription-invoices.ts";
import { subscriptionInvoiceLook } from "../status-words.ts";
import { StatusBadge } from "./badge.tsx";
import { Money } from "./money.tsx";
import { Table } from "./table.tsx";
import { Time } from "./time.tsx";

export function SubscriptionInvoiceTable({
  rows,
  now,
}: {
  rows: readonly SubscriptionInvoiceView[];
  now: number;
}) {
  return (
    <Table
      caption="Invoices of Stripe's"
      rows={rows}
      columns={[
        { head: "Invoice", cell: (row) => <InvoiceName row={row} /> },
        { head: "Status", cell: (row) => <InvoiceState row={row} now={now} /> },
        {
          head: "Due",
          right: true,
          cell: ({ amountDueMinor, currency }) => <Money amountMinor={amountDueMinor} currency={currency} />,
        },
        { head: "Attempts", right: true, priority: 2, cell: ({ attemptCount }) => attemptCount },
        {
          head: "Created",
          isTime: true,
          priority: 2,
          cell: (row) => <Time ms={row.createdAtMs} now={now} />,
        },
      ]}
    />
  );
}

/** Leads to Stripe's own page of it. */
function InvoiceName({ row: { id, number, hostedInvoiceUrl } }: { row: SubscriptionInvoiceView }) {
  const name = number ?? id;
  if (hostedInvoiceUrl === null) return <span class="mono clip">{name}</span>;
  return (
    <a class="mono clip" href={hostedInvoiceUrl} target="_blank" rel="noopener noreferrer">
      {name}
    </a>
  );
}

function InvoiceState({ row, now }: { row: SubscriptionInvoiceView; now: number }) {
  const isUnpaid = row.status === "open" || row.status === "uncollectible";
  const why = row.failureMessage ?? row.failureCode;
  return (
    <>
      <StatusBadge look={subscriptionInvoiceLook(row)} />
      {isUnpaid && why !== null ? <span class="reason">{why}</span> : null}
      {row.status === "open" && row.nextAttemptAtMs !== null ? (
        <span class="reason">
          Stripe tries again <Time ms={row.nextAttemptAtMs} now={now} />
        </span>
      ) : null}
    </>
  );
}
