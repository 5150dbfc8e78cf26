// Refunds as a table, also those made at Stripe.

import type { RefundRow } from "../../ledger/payments/refund-row.ts";
import { REFUND_LOOK } from "../money-back-words.ts";
import { wordsOf } from "../status-words.ts";
import { StatusBadge } from "./badge.tsx";
import { Money } from "./money.tsx";
import { StripeId } from "./stripe-link.tsx";
import { None, Table } from "./table.tsx";
import { Time } from "./time.tsx";

export function RefundTable({ refunds, now }: { refunds: readonly RefundRow[]; now: number }) {
  return (
    <Table
      caption="Refunds"
      rows={refunds}
      columns={[
        {
          head: "Amount",
          cell: (row) => (
            <>
              <Money amountMinor={row.amountMinor} currency={row.currency} />
            </>
          ),
        },
        {
          head: "Status",
          tag: true,
          cell: (row) => (
            <>
              <StatusBadge look={REFUND_LOOK[row.status]} />
              {row.failureReason === null ? null : <span class="reason">{wordsOf(row.failureReason)}</span>}
            </>
          ),
        },
        {
          head: "Reason",
          priority: 2,
          cell: (row) => (row.reason === null ? <None /> : wordsOf(row.reason)),
        },
        {
          head: "At Stripe",
          priority: 3,
          cell: (row) =>
            row.stripeRefundId === null ? notOfStripe(row) : <StripeId id={row.stripeRefundId} />,
        },
        { head: "When", isTime: true, priority: 2, cell: (row) => <Time ms={row.occurredAtMs} now={now} /> },
      ]}
    />
  );
}

function notOfStripe({ method, reference }: RefundRow): string {
  return method === null ? "not confirmed" : `by hand: ${wordsOf(method)}, ${reference ?? ""}`;
}
