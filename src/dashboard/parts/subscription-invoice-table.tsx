// The invoices that Stripe made for a subscription, as a table.

import type { SubscriptionInvoiceView } from "../../ledger/subscriptions/read-subscription-invoices.ts";
import { safeHref } from "../hrefs.ts";
import { subscriptionInvoiceLook } from "../status-words.ts";
import { StatusBadge } from "./badge.tsx";
import { Money } from "./money.tsx";
import { StripeId } from "./stripe-link.tsx";
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
          lead: true,
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

/** Leads to the page on which it is paid; the id below it to Stripe's dashboard. */
function InvoiceName({ row: { id, number, hostedInvoiceUrl } }: { row: SubscriptionInvoiceView }) {
  const payPage = safeHref(hostedInvoiceUrl);
  if (payPage === null && number === null) return <StripeId id={id} />;
  return (
    <>
      {payPage === null ? (
        <span class="mono clip">{number}</span>
      ) : (
        <a class="mono clip" href={payPage} target="_blank" rel="noopener noreferrer">
          {number ?? "Where it is paid"}
        </a>
      )}
      <span class="reason">
        <StripeId id={id} />
      </span>
    </>
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
