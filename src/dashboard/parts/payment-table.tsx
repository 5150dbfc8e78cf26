// Payments as a table, failed ones with their reason.

import type { PaymentRow } from "../../payments/store.ts";
import { PAYMENT_LOOK, wordsOf } from "../status-words.ts";
import { StatusBadge } from "./badge.tsx";
import { InvoiceLink } from "./invoice-link.tsx";
import { Money } from "./money.tsx";
import { type Column, None, Table } from "./table.tsx";
import { Time } from "./time.tsx";

/** @param props.invoiceNumbers by id; undefined on the page of the invoice itself */
export function PaymentTable(props: {
  payments: readonly PaymentRow[];
  invoiceNumbers?: ReadonlyMap<string, string>;
  now: number;
}) {
  const { invoiceNumbers, now } = props;
  return (
    <Table
      caption="Payments"
      rows={props.payments}
      columns={[
        {
          head: "Amount",
          cell: (row) => (
            <>
              <Money amountMinor={row.amountMinor} currency={row.currency} />
              <span class="narrow">
                {invoiceNumbers ? <InvoiceLink id={row.invoiceId} numbers={invoiceNumbers} /> : null}{" "}
                <Time ms={row.occurredAtMs} now={now} />
              </span>
            </>
          ),
        },
        { head: "Status", cell: (row) => <PaymentStatus payment={row} /> },
        ...(invoiceNumbers ? [invoiceColumn(invoiceNumbers)] : []),
        {
          head: "Method",
          wide: true,
          cell: (row) => (row.paymentMethodType ? wordsOf(row.paymentMethodType) : <None />),
        },
        { head: "At Stripe", wide: true, cell: providerId },
        { head: "When (UTC)", wide: true, cell: (row) => <Time ms={row.occurredAtMs} now={now} /> },
      ]}
    />
  );
}

function invoiceColumn(numbers: ReadonlyMap<string, string>): Column<PaymentRow> {
  return { head: "Invoice", wide: true, cell: (row) => <InvoiceLink id={row.invoiceId} numbers={numbers} /> };
}

/** A payment that did not come by Stripe was recorded by hand. */
function providerId(row: PaymentRow) {
  return row.providerPaymentId === null ? (
    "recorded by hand"
  ) : (
    <code class="clip">{row.providerPaymentId}</code>
  );
}

function PaymentStatus({ payment }: { payment: PaymentRow }) {
  const failure = payment.status === "failed" ? (payment.failureMessage ?? payment.failureCode) : null;
  return (
    <>
      <StatusBadge look={PAYMENT_LOOK[payment.status]} />
      {failure ? (
        <span class="reason">
          {failure}{" "}
          {payment.failureMessage && payment.failureCode ? <code>{payment.failureCode}</code> : null}
        </span>
      ) : null}
    </>
  );
}
