// One dispute: until when evidence must be at Stripe, why the payer disputes, what it took, and the payment that it is
// about. It is answered at Stripe.

import type { DisputeRow } from "../../ledger/payments/dispute-row.ts";
import type { DisputeView } from "../../ledger/payments/read-refunds.ts";
import type { Names } from "../../ledger/read-many.ts";
import { notFound } from "../../platform/app-error.ts";
import { takenByDispute } from "../../platform/dispute-money.ts";
import { askLedger } from "../ask-ledger.ts";
import { type DashboardContext, pathId } from "../dashboard-env.ts";
import { href, paymentHref } from "../hrefs.ts";
import { renderPage } from "../layout/render.tsx";
import { awaitsEvidence, DISPUTE_LOOK, disputeReason } from "../money-back-words.ts";
import { StatusBadge } from "../parts/badge.tsx";
import { Banner } from "../parts/banner.tsx";
import { ByApi } from "../parts/by-api.tsx";
import { CopyId } from "../parts/copy.tsx";
import { CustomerName } from "../parts/customer-name.tsx";
import { EventTable } from "../parts/event-table.tsx";
import { moneyText } from "../parts/money.tsx";
import { Facts, PageHead, Panel } from "../parts/panel.tsx";
import { PayeeLink } from "../parts/payee-link.tsx";
import { StripeObject, ViewInStripe } from "../parts/stripe-link.tsx";
import { ExactTime, Moment } from "../parts/time.tsx";
import { relativeTime } from "../time-words.ts";

const EVENTS_SHOWN = 50;

export async function showDispute(c: DashboardContext) {
  const id = pathId(c);
  const { dispute, events, names } = await askLedger(c, {
    dispute: ["findDispute", { id }],
    events: ["listChangingEvents", { object: "dispute", id, limit: EVENTS_SHOWN }],
  });
  if (!dispute) throw notFound("dispute", id);
  const now = c.get("deps").now();
  const isOpen = awaitsEvidence(dispute.status);
  return renderPage(
    c,
    { title: "Dispute", place: "Disputes" },
    <>
      <p class="crumb">
        <a href={href("/disputes")}>Disputes</a>
      </p>
      <PageHead title={moneyText(dispute.amountMinor, dispute.currency)} note={<Status dispute={dispute} />}>
        <ViewInStripe id={dispute.stripeDisputeId} button={isOpen}>
          {isOpen ? "Respond in Stripe" : undefined}
        </ViewInStripe>
      </PageHead>
      {isOpen ? <Deadline dispute={dispute} now={now} /> : null}
      <div class="columns">
        <div>
          <Panel title="Why the payer disputes it">
            <Reason reason={dispute.reason} />
          </Panel>
          <Panel title="Webhook events">
            {events.length === 0 ? (
              <p class="pad muted">None of the latest 5,000 events told of it.</p>
            ) : (
              <EventTable events={events} now={now} />
            )}
          </Panel>
        </div>
        <About dispute={dispute} names={names} now={now} />
      </div>
      <ByApi
        calls={[
          {
            words: "This dispute",
            method: "GET",
            path: `/disputes/${encodeURIComponent(id)}`,
            route: "/disputes/{id}",
          },
          {
            words: "All of its payment",
            method: "GET",
            path: "/disputes",
            query: { payment_id: dispute.paymentId },
          },
        ]}
      />
    </>,
  );
}

function Status({ dispute: { status } }: { dispute: DisputeRow }) {
  const look = DISPUTE_LOOK[status];
  return (
    <span class="state">
      <StatusBadge look={look} /> <span>{look.means}</span>
    </span>
  );
}

function Deadline({ dispute: { status, evidenceDueAtMs }, now }: { dispute: DisputeRow; now: number }) {
  if (evidenceDueAtMs === null)
    return (
      <Banner tone="warn" title="Stripe names no day by which it must be answered.">
        <p>Answer it soon: a bank does not wait for long.</p>
      </Banner>
    );
  const isOver = evidenceDueAtMs < now;
  const unanswered = status === "warning_needs_response" ? "it may become a dispute" : "it is lost";
  return (
    <Banner
      tone="bad"
      title={
        isOver
          ? "The day for sending evidence is over."
          : `The deadline is ${relativeTime(evidenceDueAtMs, now)}.`
      }
    >
      <p>
        Evidence must be at Stripe by <Moment ms={evidenceDueAtMs} />
        {isOver ? "" : `. Unanswered, ${unanswered}.`}
      </p>
    </Banner>
  );
}

function Reason({ reason }: { reason: string | null }) {
  if (reason === null) return <p class="pad muted">Stripe gives no reason.</p>;
  const { word, means } = disputeReason(reason);
  return (
    <div class="pad">
      <p>
        <strong>{word}.</strong> {means}
      </p>
    </div>
  );
}

function About({ dispute, names, now }: { dispute: DisputeView; names: Names; now: number }) {
  const { currency, withdrawnMinor, reinstatedMinor, isChargeRefundable, customerId } = dispute;
  const money = (minor: number | null) => (minor === null || minor === 0 ? null : moneyText(minor, currency));
  return (
    <Panel title="About">
      <div class="pad">
        <Facts
          facts={[
            ["Payment", <a href={paymentHref(dispute.paymentId)}>Its payment</a>],
            ["Paid", <PayeeLink payment={dispute} numbers={names.invoices} />],
            [
              "Customer",
              customerId === null ? null : <CustomerName id={customerId} names={names.customers} />,
            ],
            ["Disputed", moneyText(dispute.amountMinor, currency)],
            ["Taken", money(withdrawnMinor)],
            ["Given back", money(reinstatedMinor)],
            ["Gone now", money(takenByDispute(dispute))],
            [
              "The rest",
              isChargeRefundable === null ? null : REST[isChargeRefundable === 1 ? "free" : "kept"],
            ],
            ["Raised", <ExactTime ms={dispute.occurredAtMs} now={now} />],
            ["At Stripe", <StripeObject id={dispute.stripeDisputeId} label="dispute at Stripe" />],
            ["Id", <CopyId id={dispute.id} />],
          ]}
        />
      </div>
    </Panel>
  );
}

const REST = { free: "of the payment can be refunded", kept: "of the payment cannot be refunded" };
