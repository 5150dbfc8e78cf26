// Subscriptions as a table.

import type { SubscriptionRow } from "../../ledger/subscriptions/subscription-row.ts";
import type {
  SubscriptionAtRisk,
  SubscriptionRisk,
} from "../../ledger/subscriptions/subscriptions-at-risk.ts";
import { customerHref, subscriptionHref } from "../hrefs.ts";
import { StripeId } from "./stripe-link.tsx";
import { RiskWords } from "./subscription-risk.tsx";
import { SubscriptionStatus } from "./subscription-status.tsx";
import { type Column, None, Table } from "./table.tsx";
import { Time } from "./time.tsx";

/** @param props.customerNames by id; undefined on the page of the customer itself */
export function SubscriptionTable(props: {
  rows: readonly (SubscriptionRow | SubscriptionAtRisk)[];
  customerNames?: ReadonlyMap<string, string>;
  now: number;
}) {
  const { rows, customerNames, now } = props;
  return (
    <Table
      caption="Subscriptions"
      rows={rows}
      columns={[
        {
          head: "Subscription",
          cell: (row) => (
            <>
              <a class="mono clip" href={subscriptionHref(row.id)}>
                {row.id}
              </a>
            </>
          ),
        },
        ...(customerNames ? [customerColumn(customerNames)] : []),
        { head: "Status", tag: true, cell: (row) => <SubscriptionStatus row={row} now={now} /> },
        ...(rows.some((row) => riskOf(row) !== null) ? [riskColumn(now)] : []),
        {
          head: "Paid until",
          isTime: true,
          priority: 2,
          cell: ({ currentPeriodEndMs: ms }) => (ms === null ? <None /> : <Time ms={ms} now={now} />),
        },
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

function riskOf(row: SubscriptionRow | SubscriptionAtRisk): SubscriptionRisk | null {
  return "risk" in row ? row.risk : null;
}

function riskColumn(now: number): Column<SubscriptionRow | SubscriptionAtRisk> {
  return {
    head: "At risk",
    right: true,
    cell: (row) => {
      const risk = riskOf(row);
      return risk === null ? <None /> : <RiskWords risk={risk} now={now} />;
    },
  };
}

function customerColumn(names: ReadonlyMap<string, string>): Column<SubscriptionRow> {
  return { head: "Customer", priority: 2, cell: (row) => <CustomerOf row={row} names={names} /> };
}

function CustomerOf({ row, names }: { row: SubscriptionRow; names: ReadonlyMap<string, string> }) {
  const { customerId, stripeCustomerId } = row;
  return customerId === null ? (
    stripeCustomerId === null ? (
      <None />
    ) : (
      <StripeId id={stripeCustomerId} />
    )
  ) : (
    <a href={customerHref(customerId)}>{names.get(customerId) ?? customerId}</a>
  );
}
