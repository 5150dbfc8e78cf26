// One payment: what it pays and who paid, how it stands and why it failed, what went back of it, and the events that
// Stripe sent about it.

import type { PaymentView } from "../../ledger/payments/read-payments.ts";
import type { Names } from "../../ledger/read-many.ts";
import { notFound } from "../../platform/app-error.ts";
import { askLedger } from "../ask-ledger.ts";
import { type DashboardContext, pathId } from "../dashboard-env.ts";
import { customerHref, href, safeHref } from "../hrefs.ts";
import { renderPage } from "../layout/render.tsx";
import { ByApi, type CurlCall } from "../parts/by-api.tsx";
import { CopyId } from "../parts/copy.tsx";
import { DisputeTable } from "../parts/dispute-table.tsx";
import { EventTable } from "../parts/event-table.tsx";
import { moneyText } from "../parts/money.tsx";
import { PageNote } from "../parts/page-note.tsx";
import { Facts, PageHead, Panel } from "../parts/panel.tsx";
import { PayeeLink } from "../parts/payee-link.tsx";
import { PaymentStanding, waysBack } from "../parts/payment-table.tsx";
import { RefundTable } from "../parts/refund-table.tsx";
import { StripeObject } from "../parts/stripe-link.tsx";
import { ExactTime } from "../parts/time.tsx";
import { mayAct } from "../session/may-act.ts";
import { wordsOf } from "../status-words.ts";

const SHOWN = { limit: 50, after: null };

export async function showPayment(c: DashboardContext) {
  const id = pathId(c);
  const { payment, refunds, disputes, events, names } = await askLedger(c, {
    payment: ["findPayment", { id }],
    refunds: ["listRefunds", { filter: { paymentId: id }, page: SHOWN }],
    disputes: ["listDisputes", { filter: { paymentId: id }, page: SHOWN }],
    events: ["listChangingEvents", { object: "payment", id, limit: SHOWN.limit }],
  });
  if (!payment) throw notFound("payment", id);
  const now = c.get("deps").now();
  return renderPage(
    c,
    { title: "Payment", place: "Payments" },
    <>
      <p class="crumb">
        <a href={href("/payments")}>Payments</a>
      </p>
      <PageHead
        title={moneyText(payment.amountMinor, payment.currency)}
        note={<PaymentStanding payment={payment} />}
      >
        {mayAct(c.get("session"), "write", "refunds") ? <WaysBack payment={payment} /> : null}
      </PageHead>
      <PageNote c={c} />
      <div class="columns">
        <div>
          {disputes.rows.length === 0 ? null : (
            <Panel title="Disputes">
              <DisputeTable disputes={disputes.rows.slice(0, SHOWN.limit)} now={now} />
            </Panel>
          )}
          <Panel title="Refunds">
            {refunds.rows.length === 0 ? (
              <p class="pad muted">Nothing went back.</p>
            ) : (
              <RefundTable refunds={refunds.rows.slice(0, SHOWN.limit)} now={now} />
            )}
          </Panel>
          <Panel title="Webhook events">
            {events.length === 0 ? (
              <p class="pad muted">None of the latest 5,000 events told of it.</p>
            ) : (
              <EventTable events={events} now={now} />
            )}
          </Panel>
        </div>
        <div>
          <About payment={payment} names={names} now={now} />
          <MoneyOf payment={payment} />
        </div>
      </div>
      <ByApi calls={callsOf(id)} />
    </>,
  );
}

function callsOf(id: string): CurlCall[] {
  const path = `/payments/${encodeURIComponent(id)}`;
  return [
    { words: "This payment", method: "GET", path, route: "/payments/{id}" },
    { words: "Its refunds", method: "GET", path: "/refunds", query: { payment_id: id } },
    {
      words: "Give back all that is left of it",
      method: "POST",
      path: `${path}/refunds`,
      route: "/payments/{id}/refunds",
      body: {},
    },
  ];
}

function WaysBack({ payment }: { payment: PaymentView }) {
  return (
    <div class="actions">
      {waysBack(payment).map(({ words, to }) => (
        <a class="button" href={to}>
          {words}
        </a>
      ))}
    </div>
  );
}

function About({ payment, names, now }: { payment: PaymentView; names: Names; now: number }) {
  const { customerId, providerPaymentId, receiptUrl } = payment;
  const atStripe = (id: string | null, label: string) =>
    id === null ? null : <StripeObject id={id} label={label} />;
  const receipt = safeHref(receiptUrl);
  return (
    <Panel title="About">
      <div class="pad">
        <Facts
          facts={[
            ["Pays", <PayeeLink payment={payment} numbers={names.invoices} />],
            ["Its invoice", atStripe(payment.subscriptionInvoiceId, "invoice of Stripe's")],
            [
              "Customer",
              customerId === null ? (
                "none of yours"
              ) : (
                <a href={customerHref(customerId)}>{names.customers.get(customerId) ?? customerId}</a>
              ),
            ],
            ["Method", payment.paymentMethodType === null ? null : wordsOf(payment.paymentMethodType)],
            ["When", <ExactTime ms={payment.occurredAtMs} now={now} />],
            [
              "At Stripe",
              providerPaymentId === null
                ? "recorded by hand"
                : atStripe(providerPaymentId, "payment at Stripe"),
            ],
            [
              "Charge",
              payment.stripeChargeId === providerPaymentId
                ? null
                : atStripe(payment.stripeChargeId, "charge"),
            ],
            ["Session", atStripe(payment.checkoutSessionId, "checkout session")],
            ["Reference", payment.reference],
            [
              "Receipt",
              receipt === null ? null : (
                <a href={receipt} target="_blank" rel="noopener noreferrer">
                  As the payer got it
                </a>
              ),
            ],
            ["Id", <CopyId id={payment.id} />],
          ]}
        />
      </div>
    </Panel>
  );
}

function MoneyOf({ payment }: { payment: PaymentView }) {
  const { amountMinor, amountRefundedMinor, amountDisputedMinor, amountDiscountedMinor, currency } = payment;
  const money = (minor: number | null) => (minor === null || minor === 0 ? null : moneyText(minor, currency));
  const stays = amountMinor - amountRefundedMinor - amountDisputedMinor;
  return (
    <Panel title="Money">
      <div class="pad">
        <Facts
          facts={[
            ["Amount", moneyText(amountMinor, currency)],
            ["Discount", money(amountDiscountedMinor)],
            ["Refunded", money(amountRefundedMinor)],
            ["Disputed", money(amountDisputedMinor)],
            ["Stays", payment.status === "succeeded" ? moneyText(stays, currency) : null],
          ]}
        />
      </div>
    </Panel>
  );
}
