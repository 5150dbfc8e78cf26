// Payments as a table, failed ones with their reason.

import type { PaymentView } from "../../ledger/payments/read-payments.ts";
import { customerHref, paymentHref, refundByHandHref, refundHref, reversalHref } from "../hrefs.ts";
import { paymentLook, wordsOf } from "../status-words.ts";
import { Badge, StatusBadge } from "./badge.tsx";
import { Money, moneyText } from "./money.tsx";
import { PayeeLink } from "./payee-link.tsx";
import { StripeId } from "./stripe-link.tsx";
import { type Column, None, Table } from "./table.tsx";
import { Time } from "./time.tsx";

/**
 * @param props.invoiceNumbers by id; undefined on the page of what is paid
 * @param props.customerNames by id; undefined on the page of who pays
 */
export function PaymentTable(props: {
  payments: readonly PaymentView[];
  invoiceNumbers?: ReadonlyMap<string, string>;
  customerNames?: ReadonlyMap<string, string>;
  /** Whether to offer refunds. */
  mayRefund?: boolean;
  now: number;
}) {
  const { invoiceNumbers, customerNames, mayRefund = false, now } = props;
  return (
    <Table
      caption="Payments"
      rows={props.payments}
      columns={[
        {
          head: "Amount",
          cell: (row) => (
            <>
              <a href={paymentHref(row.id)}>
                <Money amountMinor={row.amountMinor} currency={row.currency} />
              </a>
              <Refunded payment={row} />
              {mayRefund ? <WaysBack payment={row} /> : null}
            </>
          ),
        },
        { head: "Status", tag: true, cell: (row) => <PaymentStanding payment={row} /> },
        ...(invoiceNumbers ? [payeeColumn(invoiceNumbers)] : []),
        ...(customerNames ? [payerColumn(customerNames)] : []),
        {
          head: "Method",
          priority: 2,
          cell: (row) => (row.paymentMethodType ? wordsOf(row.paymentMethodType) : <None />),
        },
        { head: "At Stripe", priority: 3, cell: providerId },
        { head: "When", isTime: true, priority: 2, cell: (row) => <Time ms={row.occurredAtMs} now={now} /> },
      ]}
    />
  );
}

function payeeColumn(numbers: ReadonlyMap<string, string>): Column<PaymentView> {
  return { head: "Pays", cell: (row) => <PayeeLink payment={row} numbers={numbers} /> };
}

function payerColumn(names: ReadonlyMap<string, string>): Column<PaymentView> {
  return {
    head: "Customer",
    priority: 2,
    cell: ({ customerId }) =>
      customerId === null ? (
        <None />
      ) : (
        <a class="plain clip" href={customerHref(customerId)}>
          {names.get(customerId) ?? customerId}
        </a>
      ),
  };
}

// As the ledger says why one that was recorded by hand is canceled.
const REVERSED = "reversed";

/** A payment that did not come by Stripe was recorded by hand. */
function providerId(row: PaymentView) {
  return row.providerPaymentId === null ? "recorded by hand" : <StripeId id={row.providerPaymentId} />;
}

function Refunded({ payment }: { payment: PaymentView }) {
  const { amountRefundedMinor, currency } = payment;
  return amountRefundedMinor === 0 ? null : (
    <span class="reason whole">{`${moneyText(amountRefundedMinor, currency)} refunded`}</span>
  );
}

function WaysBack({ payment }: { payment: PaymentView }) {
  const ways = waysBack(payment);
  if (ways.length === 0) return null;
  return (
    <span class="ways">
      {ways.map(({ words, to }) => (
        <a class="whole" href={to}>
          {words}
        </a>
      ))}
    </span>
  );
}

/** The ways to give money back, where there are any; one that was recorded by hand can be taken back as well. */
export function waysBack(payment: PaymentView): { words: string; to: string }[] {
  const { id, amountRefundedMinor: refunded } = payment;
  if (payment.status !== "succeeded") return [];
  const isByHand = payment.providerPaymentId === null;
  const hasLeft = !payment.isRefundBlocked && refunded + payment.amountDisputedMinor < payment.amountMinor;
  const refund = isByHand
    ? { words: "Record a refund…", to: refundByHandHref(id) }
    : { words: "Refund…", to: refundHref(id) };
  const reverse = { words: "Reverse…", to: reversalHref(id) };
  return [...(hasLeft ? [refund] : []), ...(isByHand && refunded === 0 ? [reverse] : [])];
}

export function PaymentStanding({ payment }: { payment: PaymentView }) {
  const failure = payment.status === "failed" ? (payment.failureMessage ?? payment.failureCode) : null;
  return (
    <>
      <span class="badges">
        <StatusBadge look={paymentLook(payment)} />
        {payment.disputed ? <Badge tone="bad">Disputed</Badge> : null}
      </span>
      {payment.failureCode === REVERSED ? (
        <span class="reason">Reversed: it was recorded by mistake.</span>
      ) : null}
      {failure ? (
        <span class="reason">
          {failure}{" "}
          {payment.failureMessage && payment.failureCode ? <code>{payment.failureCode}</code> : null}
        </span>
      ) : null}
    </>
  );
}
