// Invoices as a table.

import type { InvoiceWithLink } from "../../invoices/store.ts";
import { href, invoiceHref } from "../hrefs.ts";
import { INVOICE_LOOK, LINK_LOOK, tellingPaymentStatus } from "../status-words.ts";
import { StatusBadge } from "./badge.tsx";
import { Money } from "./money.tsx";
import { None, Table } from "./table.tsx";
import { Time } from "./time.tsx";

export function InvoiceTable(props: {
  invoices: readonly InvoiceWithLink[];
  customerNames: ReadonlyMap<string, string>;
  now: number;
}) {
  const { customerNames, now } = props;
  const nameOf = (customerId: string) => customerNames.get(customerId) ?? customerId;
  return (
    <Table
      caption="Invoices"
      rows={props.invoices}
      columns={[
        {
          head: "Number",
          cell: ({ invoice }) => (
            <>
              <a class="clip" href={invoiceHref(invoice.id)}>
                {invoice.number}
              </a>
              <span class="narrow muted clip">{nameOf(invoice.customerId)}</span>
            </>
          ),
        },
        {
          head: "Customer",
          wide: true,
          cell: ({ invoice }) => (
            <a class="plain clip" href={href("/invoices", { customer_id: invoice.customerId })}>
              {nameOf(invoice.customerId)}
            </a>
          ),
        },
        {
          head: "Amount",
          right: true,
          cell: ({ invoice }) => <Money amountMinor={invoice.amountDueMinor} currency={invoice.currency} />,
        },
        { head: "Status", cell: ({ invoice }) => <InvoiceStatus invoice={invoice} now={now} /> },
        {
          head: "Payment link",
          wide: true,
          cell: ({ link }) => (link ? <StatusBadge look={LINK_LOOK[link.status]} /> : <None />),
        },
        {
          head: "Created (UTC)",
          wide: true,
          cell: ({ invoice }) => <Time ms={invoice.createdAtMs} now={now} />,
        },
      ]}
    />
  );
}

export function InvoiceStatus({ invoice, now }: { invoice: InvoiceWithLink["invoice"]; now: number }) {
  const more = tellingPaymentStatus(invoice);
  const overdue = invoice.status === "open" && invoice.dueAtMs !== null && invoice.dueAtMs < now;
  return (
    <span class="badges">
      <StatusBadge look={INVOICE_LOOK[invoice.status]} />
      {more ? <StatusBadge look={more} /> : null}
      {overdue ? (
        <StatusBadge look={{ word: "overdue", tone: "warn", means: "It was due before now." }} />
      ) : null}
    </span>
  );
}
