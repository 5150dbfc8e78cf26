// One subscription as it is at Stripe: its status word for word, its items and period, its payments, and the events
// about it.

import type { SubscriptionRow } from "../../ledger/subscriptions/subscription-row.ts";
import { notFound } from "../../platform/app-error.ts";
import type { SubscriptionItem } from "../../platform/tables/subscriptions.ts";
import { atPeriodEnd, endsAtMs } from "../../subscriptions/planned-end.ts";
import { askLedger } from "../ask-ledger.ts";
import { type DashboardContext, pathId } from "../dashboard-env.ts";
import { customerHref, href } from "../hrefs.ts";
import { renderPage } from "../layout/render.tsx";
import { Banner } from "../parts/banner.tsx";
import { ByApi } from "../parts/by-api.tsx";
import { CopyId } from "../parts/copy.tsx";
import { EventTable } from "../parts/event-table.tsx";
import { moneyText, priceText } from "../parts/money.tsx";
import { PageNote } from "../parts/page-note.tsx";
import { Facts, Metadata, PageHead, Panel } from "../parts/panel.tsx";
import { PaymentTable } from "../parts/payment-table.tsx";
import { StripeId, StripeObject, ViewInStripe } from "../parts/stripe-link.tsx";
import { SubscriptionActions } from "../parts/subscription-actions.tsx";
import { SubscriptionInvoiceTable } from "../parts/subscription-invoice-table.tsx";
import { SubscriptionStatus } from "../parts/subscription-status.tsx";
import { None, Table } from "../parts/table.tsx";
import { ExactTime, Time } from "../parts/time.tsx";
import { mayAct } from "../session/may-act.ts";

const EVENTS_SHOWN = 50;
const INVOICES_SHOWN = { limit: 20, after: null };
const PAYMENTS_SHOWN = { limit: 20, after: null };

export async function showSubscription(c: DashboardContext) {
  const id = pathId(c);
  const { row, events, names, ...lists } = await askLedger(c, {
    row: ["readSubscriptionAtRisk", { id }],
    invoices: ["listSubscriptionInvoices", { filter: { subscriptionId: id }, page: INVOICES_SHOWN }],
    payments: ["listPayments", { filter: { subscriptionId: id }, page: PAYMENTS_SHOWN }],
    events: ["listChangingEvents", { object: "subscription", id, limit: EVENTS_SHOWN }],
  });
  if (row === null) throw notFound("subscription", id);
  const [invoices, payments] = [lists.invoices.rows, lists.payments.rows];
  const now = c.get("deps").now();
  const customerName =
    row.customerId === null ? null : (names.customers.get(row.customerId) ?? row.customerId);
  return renderPage(
    c,
    { title: "Subscription", place: "Subscriptions" },
    <>
      <p class="crumb">
        <a href={href("/subscriptions")}>Subscriptions</a>
      </p>
      <PageHead title={<span class="mono">{row.id}</span>} note={<SubscriptionStatus row={row} now={now} />}>
        <div class="actions">
          <ViewInStripe id={row.id} />
          {mayAct(c.get("session"), "write") ? <SubscriptionActions row={row} /> : null}
        </div>
      </PageHead>
      <PageNote c={c} />
      {row.risk === null ? null : (
        <Banner
          tone="warn"
          title={`${moneyText(row.risk.amountMinor, row.risk.currency)} could not be collected.`}
        >
          <p>
            {row.risk.nextAttemptAtMs === null ? (
              "Stripe does not try again by itself: the payer pays on the invoice's page below, or you collect it in Stripe."
            ) : (
              <>
                Stripe tries again <Time ms={row.risk.nextAttemptAtMs} now={now} />. The payer can pay before
                that on the invoice's page below.
              </>
            )}
          </p>
        </Banner>
      )}
      <div class="columns">
        <div>
          <Panel title="Items">
            {row.items.length === 0 ? (
              <p class="pad muted">No item.</p>
            ) : (
              <Items items={row.items} now={now} />
            )}
          </Panel>
          <Panel title="Invoices of Stripe's">
            {invoices.length === 0 ? (
              <p class="pad muted">None was heard of yet.</p>
            ) : (
              <SubscriptionInvoiceTable rows={invoices.slice(0, INVOICES_SHOWN.limit)} now={now} />
            )}
          </Panel>
          <Panel title="Payments" more={<a href={href("/payments", { subscription_id: id })}>All of them</a>}>
            {payments.length === 0 ? (
              <p class="pad muted">No payment yet.</p>
            ) : (
              <PaymentTable
                payments={payments.slice(0, PAYMENTS_SHOWN.limit)}
                mayRefund={mayAct(c.get("session"), "write", "refunds")}
                now={now}
              />
            )}
          </Panel>
          <Panel title="Webhook events that changed it">
            {events.length === 0 ? (
              <p class="pad muted">{"None of the latest 5,000 events changed it."}</p>
            ) : (
              <EventTable events={events} now={now} />
            )}
          </Panel>
        </div>
        <About row={row} customerName={customerName} now={now} />
      </div>
      <ByApi
        calls={[
          {
            words: "This subscription",
            method: "GET",
            path: `/subscriptions/${encodeURIComponent(id)}`,
            route: "/subscriptions/{id}",
          },
        ]}
      />
    </>,
  );
}

function Items({ items, now }: { items: readonly SubscriptionItem[]; now: number }) {
  return (
    <Table
      caption="Items"
      rows={items}
      columns={[
        {
          head: "Price",
          cell: ({ priceId, productId }) => (
            <>
              {priceId === null ? <None /> : <StripeId id={priceId} />}
              {productId === null ? null : (
                <span class="reason">
                  <StripeId id={productId} />
                </span>
              )}
            </>
          ),
        },
        { head: "Quantity", right: true, cell: ({ quantity }) => quantity ?? "metered" },
        { head: "Each", right: true, lead: true, cell: (item) => eachOf(item) ?? <None /> },
        {
          head: "Paid until",
          isTime: true,
          priority: 2,
          cell: ({ currentPeriodEndMs: ms }) => (ms === null ? <None /> : <Time ms={ms} now={now} />),
        },
      ]}
    />
  );
}

/** `£49.00 every 3 months`; without the amount where Stripe says none, as for tiers. */
function eachOf(item: SubscriptionItem): string | null {
  const { unitAmountMinor, unitAmountDecimal, currency, interval, intervalCount } = item;
  const price = unitAmountDecimal ?? (unitAmountMinor === null ? null : String(unitAmountMinor));
  const amount = price === null || currency === null ? null : priceText(price, currency);
  const many = intervalCount !== null && intervalCount !== 1;
  const every = interval === null ? null : `every ${many ? `${intervalCount} ${interval}s` : interval}`;
  return [amount, every].filter((part) => part !== null).join(" ") || null;
}

const AT_PERIOD_END = { ends: "it ends", is_renewed: "it is renewed", has_ended: null };

function About(props: { row: SubscriptionRow; customerName: string | null; now: number }) {
  const { row, customerName, now } = props;
  const time = (ms: number | null) => (ms === null ? null : <ExactTime ms={ms} now={now} />);
  return (
    <Panel title="About">
      <div class="pad">
        <Facts
          facts={[
            ["Id", <CopyId id={row.id} label="subscription id" />],
            ["Status", <code>{row.status}</code>],
            [
              "Customer",
              row.customerId === null ? (
                "none of yours"
              ) : (
                <a href={customerHref(row.customerId)}>{customerName}</a>
              ),
            ],
            [
              "At Stripe",
              row.stripeCustomerId === null ? null : (
                <StripeObject id={row.stripeCustomerId} label="customer's id at Stripe" />
              ),
            ],
            ["Period from", time(row.currentPeriodStartMs)],
            ["Period to", time(row.currentPeriodEndMs)],
            ["Trial ends", time(row.trialEndMs)],
            ["At its end", AT_PERIOD_END[atPeriodEnd(row) ?? "has_ended"]],
            ["Ends", row.endedAtMs === null ? time(endsAtMs(row)) : null],
            ["Canceled", time(row.canceledAtMs)],
            ["Ended", time(row.endedAtMs)],
            ["Collection", row.pauseCollection === null ? null : `paused: ${row.pauseCollection.behavior}`],
            ["Resumes", time(row.pauseCollection?.resumesAtMs ?? null)],
            ["Created", time(row.createdAtMs)],
            ["Changed", time(row.updatedAtMs)],
          ]}
        />
        <Metadata metadata={row.metadata} />
      </div>
    </Panel>
  );
}
