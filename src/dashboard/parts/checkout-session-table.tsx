// Checkout sessions as a table.

import type { CheckoutSessionView } from "../../ledger/checkout/read-checkout-sessions.ts";
import { CHECKOUT_MODE_WORDS, checkoutLook } from "../checkout-words.ts";
import { checkoutSessionHref } from "../hrefs.ts";
import { StatusBadge } from "./badge.tsx";
import { CustomerName } from "./customer-name.tsx";
import { Money } from "./money.tsx";
import { None, Table } from "./table.tsx";
import { Time } from "./time.tsx";

export function CheckoutSessionTable(props: {
  rows: readonly CheckoutSessionView[];
  customerNames: ReadonlyMap<string, string>;
  now: number;
}) {
  const { rows, customerNames, now } = props;
  return (
    <Table
      caption="Checkout sessions"
      rows={rows}
      columns={[
        {
          head: "For",
          cell: (row) => (
            <>
              <a href={checkoutSessionHref(row.id)}>{CHECKOUT_MODE_WORDS[row.mode]}</a>
              {row.clientReferenceId === null ? null : (
                <span class="reason clip">{row.clientReferenceId}</span>
              )}
            </>
          ),
        },
        {
          head: "Amount",
          right: true,
          lead: true,
          cell: ({ amountTotalMinor, currency }) =>
            amountTotalMinor === null || currency === null ? (
              <None />
            ) : (
              <Money amountMinor={amountTotalMinor} currency={currency} />
            ),
        },
        { head: "Status", cell: (row) => <StatusBadge look={checkoutLook(row)} /> },
        {
          head: "Customer",
          priority: 2,
          cell: ({ customerId }) => <CustomerName id={customerId} names={customerNames} />,
        },
        { head: "Id", priority: 3, cell: ({ id }) => <code class="clip">{id}</code> },
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
