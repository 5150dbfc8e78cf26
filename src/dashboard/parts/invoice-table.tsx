// Invoices as a table.

import type { InvoiceWithLink } from "../../ledger/invoices/read-invoices.ts";
import { customerHref, invoiceHref } from "../hrefs.ts";
import { INVOICE_LOOK, linkLook, tellingPaymentStatus } from "../status-words.ts";
import { StatusBadge } from "./badge.tsx";
import { Money } from "./money.tsx";
import { type Column, None, Table } from "./table.tsx";
import { Time } from "./time.tsx";

/** @param props.customerNames by id; undefined on the page of the customer itself */
export function InvoiceTable(props: {
  invoices: readonly InvoiceWithLink[];
  customerNames?: ReadonlyMap<string, string>;
  now: number;
}) {
  const { customerNames, now } = props;
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
            </>
          ),
        },
        ...(customerNames ? [customerColumn(customerNames)] : []),
        {
          head: "Amount",
          right: true,
          lead: true,
          cell: ({ invoice }) => <Money amountMinor={invoice.amountDueMinor} currency={invoice.currency} />,
        },
        {
          head: "Status",
          cell: ({ invoice }) => (
            <>
              <InvoiceStatus invoice={invoice} now={now} />
              <Due invoice={invoice} now={now} />
            </>
          ),
        },
        {
          head: "Payment link",
          priority: 2,
          cell: ({ link }) => (link ? <StatusBadge look={linkLook(link)} /> : <None />),
        },
        {
          head: "Created",
          isTime: true,
          priority: 2,
          cell: ({ invoice }) => <Time ms={invoice.createdAtMs} now={now} />,
        },
      ]}
    />
  );
}

function customerColumn(names: ReadonlyMap<string, string>): Column<InvoiceWithLink> {
  return {
    head: "Customer",
    priority: 2,
    cell: ({ invoice }) => (
      <a class="plain clip" href={customerHref(invoice.customerId)}>
        {nameOf(invoice, names)}
      </a>
    ),
  };
}

function nameOf({ customerId }: InvoiceWithLink["invoice"], names: ReadonlyMap<string, string>): string {
  return names.get(customerId) ?? customerId;
}

/** Only while it is to be paid: a day that is over asks for nothing. */
function Due({ invoice: { status, dueAtMs }, now }: { invoice: InvoiceWithLink["invoice"]; now: number }) {
  if (status !== "open" || dueAtMs === null) return null;
  return (
    <span class="reason">
      Due <Time ms={dueAtMs} now={now} />
    </span>
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
        <StatusBadge look={{ word: "Overdue", tone: "warn", means: "It was due before now." }} />
      ) : null}
    </span>
  );
}
