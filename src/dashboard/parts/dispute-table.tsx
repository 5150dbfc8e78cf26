// Disputes and inquiries as a table, with the date by which evidence must be at Stripe.

import type { DisputeRow } from "../../ledger/payments/dispute-row.ts";
import { awaitsEvidence, DISPUTE_LOOK } from "../money-back-words.ts";
import { wordsOf } from "../status-words.ts";
import { StatusBadge } from "./badge.tsx";
import { Money } from "./money.tsx";
import { StripeId } from "./stripe-link.tsx";
import { None, Table } from "./table.tsx";
import { ExactTime } from "./time.tsx";

export function DisputeTable({ disputes, now }: { disputes: readonly DisputeRow[]; now: number }) {
  return (
    <Table
      caption="Disputes"
      rows={disputes}
      columns={[
        { head: "Amount", cell: (row) => <Money amountMinor={row.amountMinor} currency={row.currency} /> },
        { head: "Status", cell: (row) => <DisputeStatus dispute={row} now={now} /> },
        {
          head: "Reason",
          priority: 2,
          cell: (row) => (row.reason === null ? <None /> : wordsOf(row.reason)),
        },
        { head: "At Stripe", priority: 2, cell: (row) => <StripeId id={row.stripeDisputeId} /> },
      ]}
    />
  );
}

function DisputeStatus({ dispute, now }: { dispute: DisputeRow; now: number }) {
  const look = DISPUTE_LOOK[dispute.status];
  return (
    <>
      <StatusBadge look={look} />
      <span class="reason">{look.means}</span>
      {dispute.evidenceDueAtMs !== null && awaitsEvidence(dispute.status) ? (
        <span class="reason">
          Evidence is due <ExactTime ms={dispute.evidenceDueAtMs} now={now} />
        </span>
      ) : null}
    </>
  );
}
