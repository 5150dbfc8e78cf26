// Disputes and inquiries as a table, with the date by which evidence must be at Stripe.

import type { DisputeRow } from "../../ledger/payments/dispute-row.ts";
import { disputeHref } from "../hrefs.ts";
import { awaitsEvidence, DISPUTE_LOOK, disputeReason } from "../money-back-words.ts";
import { relativeTime } from "../time-words.ts";
import { Badge, StatusBadge } from "./badge.tsx";
import { InvoiceLink } from "./invoice-link.tsx";
import { Money } from "./money.tsx";
import { StripeId } from "./stripe-link.tsx";
import { type Column, None, Table } from "./table.tsx";
import { Moment } from "./time.tsx";

/** @param props.invoiceNumbers by id; undefined on the page of what was paid */
export function DisputeTable(props: {
  disputes: readonly DisputeRow[];
  invoiceNumbers?: ReadonlyMap<string, string>;
  now: number;
}) {
  const { disputes, invoiceNumbers, now } = props;
  return (
    <Table
      caption="Disputes"
      rows={disputes}
      columns={[
        {
          head: "Amount",
          cell: (row) => (
            <a href={disputeHref(row.id)}>
              <Money amountMinor={row.amountMinor} currency={row.currency} />
            </a>
          ),
        },
        { head: "Status", cell: (row) => <DisputeStatus dispute={row} /> },
        {
          head: "Evidence due",
          cell: (row) => <EvidenceDue dispute={row} now={now} />,
        },
        {
          head: "Reason",
          priority: 2,
          cell: (row) => (row.reason === null ? <None /> : disputeReason(row.reason).word),
        },
        ...(invoiceNumbers ? [invoiceColumn(invoiceNumbers)] : []),
        { head: "At Stripe", priority: 3, cell: (row) => <StripeId id={row.stripeDisputeId} /> },
      ]}
    />
  );
}

function invoiceColumn(numbers: ReadonlyMap<string, string>): Column<DisputeRow> {
  return {
    head: "Invoice",
    priority: 2,
    cell: ({ invoiceId }) =>
      invoiceId === null ? <None /> : <InvoiceLink id={invoiceId} numbers={numbers} />,
  };
}

function DisputeStatus({ dispute }: { dispute: DisputeRow }) {
  const look = DISPUTE_LOOK[dispute.status];
  return (
    <>
      <StatusBadge look={look} />
      <span class="reason">{look.means}</span>
    </>
  );
}

/** Only while evidence can still be sent: a day that is over asks for nothing. */
function EvidenceDue({ dispute: { status, evidenceDueAtMs }, now }: { dispute: DisputeRow; now: number }) {
  if (evidenceDueAtMs === null || !awaitsEvidence(status)) return <None />;
  return (
    <>
      <Badge tone={isNear(evidenceDueAtMs, now) ? "bad" : "warn"}>{relativeTime(evidenceDueAtMs, now)}</Badge>
      <span class="reason">
        <Moment ms={evidenceDueAtMs} />
      </span>
    </>
  );
}

const NEAR_MS = 3 * 24 * 60 * 60 * 1000;

function isNear(dueAtMs: number, now: number): boolean {
  return dueAtMs - now < NEAR_MS;
}
