// One subscription as it is at Stripe: its status word for word, its items and period, its payments, and the events
// about it.

import type { SubscriptionRow } from "../../ledger/subscriptions/subscription-row.ts";
import { notFound } from "../../platform/app-error.ts";
import type { SubscriptionItem } from "../../platform/tables/subscriptions.ts";
import { atPeriodEnd, endsAtMs } from "../../subscriptions/planned-end.ts";
import { type DashboardContext, pathId, sessionLedger } from "../dashboard-env.ts";
import { customerHref, href } from "../hrefs.ts";
import { renderPage } from "../layout/render.tsx";
import { EventTable } from "../parts/event-table.tsx";
import { priceText } from "../parts/money.tsx";
import { PageNote } from "../parts/page-note.tsx";
import { Facts, Metadata, PageHead, Panel } from "../parts/panel.tsx";
import { PaymentTable } from "../parts/payment-table.tsx";
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
  const [deps, mine, id] = [c.get("deps"), sessionLedger(c), pathId(c)];
  const row = await mine.findSubscription({ id });
  if (!row) throw notFound("subscription", id);
  const [names, { rows: invoices }, { rows: payments }, events] = await Promise.all([
    mine.findCustomerNames({ ids: row.customerId === null ? [] : [row.customerId] }),
    mine.listSubscriptionInvoices({ filter: { subscriptionId: id }, page: INVOICES_SHOWN }),
    mine.listPayments({ filter: { subscriptionId: id }, page: PAYMENTS_SHOWN }),
    mine.listChangingEvents({ object: "subscription", id, limit: EVENTS_SHOWN }),
  ]);
  const now = deps.now();
  const customerName = row.customerId === null ? null : (names.get(row.customerId) ?? row.customerId);
  return renderPage(
    c,
    { title: "Subscription", place: "Subscriptions" },
    <>
      <p class="crumb">
        <a href={href("/subscriptions")}>Subscriptions</a>
      </p>
      <PageHead
        title={<span class="mono">{row.id}</span>}
        note={<SubscriptionStatus row={row} now={now} />}
      />
      <PageNote c={c} />
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
        <div>
          {mayAct(c.get("session"), "write") ? <SubscriptionActions row={row} /> : null}
          <About row={row} customerName={customerName} now={now} />
        </div>
      </div>
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
              <code class="clip">{priceId ?? "none"}</code>
              {productId === null ? null : <code class="clip reason">{productId}</code>}
            </>
          ),
        },
        { head: "Quantity", right: true, cell: ({ quantity }) => quantity ?? "metered" },
        { head: "Each", right: true, cell: (item) => eachOf(item) ?? <None /> },
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
            ["Status", <code>{row.status}</code>],
            [
              "Customer",
              row.customerId === null ? (
                "none of yours"
              ) : (
                <a href={customerHref(row.customerId)}>{customerName}</a>
              ),
            ],
            ["At Stripe", row.stripeCustomerId === null ? null : <code>{row.stripeCustomerId}</code>],
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
