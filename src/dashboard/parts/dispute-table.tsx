// Disputes and inquiries as a table, with the date by which evidence must be at Stripe.

import type { DisputeRow } from "../../ledger/payments/dispute-row.ts";
import type { DisputeView } from "../../ledger/payments/read-refunds.ts";
import { disputeHref } from "../hrefs.ts";
import { awaitsEvidence, DISPUTE_LOOK, disputeReason } from "../money-back-words.ts";
import { relativeTime } from "../time-words.ts";
import { Badge, StatusBadge } from "./badge.tsx";
import { CustomerName } from "./customer-name.tsx";
import { Money } from "./money.tsx";
import { PayeeLink } from "./payee-link.tsx";
import { StripeId } from "./stripe-link.tsx";
import { type Column, None, Table } from "./table.tsx";
import { Moment } from "./time.tsx";

/**
 * @param props.invoiceNumbers by id; undefined on the page of what was paid
 * @param props.customerNames by id; undefined on the page of what somebody paid
 */
export function DisputeTable(props: {
  disputes: readonly DisputeView[];
  invoiceNumbers?: ReadonlyMap<string, string>;
  customerNames?: ReadonlyMap<string, string>;
  now: number;
}) {
  const { disputes, invoiceNumbers, customerNames, now } = props;
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
        { head: "Status", tag: true, cell: (row) => <DisputeStatus dispute={row} /> },
        {
          head: "Evidence due",
          cell: (row) => <EvidenceDue dispute={row} now={now} />,
        },
        {
          head: "Reason",
          priority: 2,
          cell: (row) => (row.reason === null ? <None /> : disputeReason(row.reason).word),
        },
        ...(customerNames ? [customerColumn(customerNames)] : []),
        ...(invoiceNumbers ? [payeeColumn(invoiceNumbers)] : []),
        { head: "At Stripe", priority: 3, cell: (row) => <StripeId id={row.stripeDisputeId} /> },
      ]}
    />
  );
}

function customerColumn(names: ReadonlyMap<string, string>): Column<DisputeView> {
  return {
    head: "Customer",
    priority: 2,
    cell: ({ customerId }) => <CustomerName id={customerId} names={names} />,
  };
}

function payeeColumn(numbers: ReadonlyMap<string, string>): Column<DisputeView> {
  return { head: "Paid", priority: 2, cell: (row) => <PayeeLink payment={row} numbers={numbers} /> };
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
