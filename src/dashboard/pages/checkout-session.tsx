// One checkout session: how it stands, what came of it, and where its payer is sent.

import { getCheckoutSession } from "../../checkout/get-checkout-session.ts";
import type { CheckoutSessionView } from "../../ledger/checkout/read-checkout-sessions.ts";
import { type AppError, notFound } from "../../platform/app-error.ts";
import { attempt, readForm } from "../act.ts";
import { askLedger } from "../ask-ledger.ts";
import { CHECKOUT_MODE_WORDS, checkoutLook } from "../checkout-words.ts";
import { type DashboardContext, pathId } from "../dashboard-env.ts";
import { checkoutSessionHref, href, safeHref, subscriptionHref } from "../hrefs.ts";
import { renderPage } from "../layout/render.tsx";
import { StatusBadge } from "../parts/badge.tsx";
import { ByApi } from "../parts/by-api.tsx";
import { CopyField, CopyId } from "../parts/copy.tsx";
import { CustomerName } from "../parts/customer-name.tsx";
import { EventTable } from "../parts/event-table.tsx";
import { LiveRegion } from "../parts/live-region.tsx";
import { Money } from "../parts/money.tsx";
import { PageNote } from "../parts/page-note.tsx";
import { Facts, Metadata, PageHead, Panel } from "../parts/panel.tsx";
import { PaymentTable } from "../parts/payment-table.tsx";
import { StripeObject, ViewInStripe } from "../parts/stripe-link.tsx";
import { ExactTime } from "../parts/time.tsx";
import { mayAct } from "../session/may-act.ts";

const SHOWN = { limit: 20, after: null };

export function showCheckoutSession(c: DashboardContext) {
  return renderCheckoutSession(c, null);
}

/** Asks Stripe how it stands: its events may still be under way. */
export async function lookAtCheckoutSession(c: DashboardContext) {
  await readForm(c);
  const id = pathId(c);
  const looked = await attempt(() => getCheckoutSession(c.get("deps"), c.get("session").principal.scope, id));
  if (!looked.ok) return renderCheckoutSession(c, looked.problem);
  return c.redirect(`${checkoutSessionHref(id)}?done=looked_at_stripe`, 303);
}

async function renderCheckoutSession(c: DashboardContext, problem: AppError | null) {
  const id = pathId(c);
  const { session, payments, events, names } = await askLedger(c, {
    session: ["readCheckoutSession", { id }],
    payments: ["listPayments", { filter: { checkoutSessionId: id }, page: SHOWN }],
    events: ["listChangingEvents", { object: "checkout_session", id, limit: SHOWN.limit }],
  });
  if (session === null) throw notFound("checkout session", id);
  const now = c.get("deps").now();
  const look = checkoutLook(session);
  return renderPage(
    c,
    { title: "Checkout session", place: "Checkout sessions", status: problem?.status },
    <>
      <p class="crumb">
        <a href={href("/checkout-sessions")}>Checkout sessions</a>
      </p>
      <PageHead title={titleOf(session)} note={<CopyId id={id} label="session id" />}>
        <div class="actions">
          <ViewInStripe id={id} />
          {mayAct(c.get("session"), "write") ? (
            <form method="post" action={`${checkoutSessionHref(id)}/look`}>
              <button type="submit">Ask Stripe again</button>
            </form>
          ) : null}
        </div>
      </PageHead>
      <PageNote c={c} problem={problem} />
      <LiveRegion name="checkout-session" pending={session.status === "open"}>
        <p class="state page-state">
          <StatusBadge look={look} /> <span>{look.means}</span>
        </p>
        <div class="columns">
          <div>
            {session.url === null || safeHref(session.url) === null ? null : (
              <Panel title="Where to pay">
                <div class="pad">
                  <CopyField label="address of Stripe's page" value={session.url} />
                </div>
              </Panel>
            )}
            <Panel title="Payments">
              {payments.rows.length === 0 ? (
                <p class="pad muted">{noPayment(session)}</p>
              ) : (
                <PaymentTable
                  payments={payments.rows.slice(0, SHOWN.limit)}
                  mayRefund={mayAct(c.get("session"), "write", "refunds")}
                  now={now}
                />
              )}
            </Panel>
            <Panel title="Webhook events that changed it">
              {events.length === 0 ? (
                <p class="pad muted">None of the latest 5,000 events changed it.</p>
              ) : (
                <EventTable events={events} now={now} />
              )}
            </Panel>
          </div>
          <About session={session} names={names.customers} now={now} />
        </div>
      </LiveRegion>
      <ByApi
        calls={[
          {
            words: "This session, as Stripe has it now",
            method: "GET",
            path: `/checkout_sessions/${encodeURIComponent(id)}`,
            route: "/checkout_sessions/{id}",
          },
        ]}
      />
    </>,
  );
}

function titleOf({ mode, amountTotalMinor, currency }: CheckoutSessionView) {
  if (amountTotalMinor === null || currency === null) return CHECKOUT_MODE_WORDS[mode];
  return (
    <>
      {CHECKOUT_MODE_WORDS[mode]}, <Money amountMinor={amountTotalMinor} currency={currency} />
    </>
  );
}

function noPayment({ status, mode, paymentStatus }: CheckoutSessionView): string {
  if (mode === "setup") return "Nothing is paid by it: the payer leaves a card.";
  if (paymentStatus === "no_payment_required") return "Nothing was due.";
  if (status === "expired") return "Nobody paid.";
  return status === "open" ? "Nobody has paid yet." : "Stripe has not told of the payment yet.";
}

function About(props: { session: CheckoutSessionView; names: ReadonlyMap<string, string>; now: number }) {
  const { session, names, now } = props;
  const time = (ms: number | null) => (ms === null ? null : <ExactTime ms={ms} now={now} />);
  const stripeId = (id: string | null, label: string) =>
    id === null ? null : <StripeObject id={id} label={label} />;
  return (
    <Panel title="About">
      <div class="pad">
        <Facts
          facts={[
            [
              "Customer",
              session.customerId === null ? (
                "nobody was named"
              ) : (
                <CustomerName id={session.customerId} names={names} />
              ),
            ],
            ["At Stripe", stripeId(session.stripeCustomerId, "customer's id at Stripe")],
            [
              "Subscription",
              session.subscriptionId === null ? null : (
                <a class="mono clip" href={subscriptionHref(session.subscriptionId)}>
                  {session.subscriptionId}
                </a>
              ),
            ],
            ["Payment at Stripe", stripeId(session.stripePaymentIntentId, "payment's id at Stripe")],
            ["Invoice at Stripe", stripeId(session.stripeInvoiceId, "invoice's id at Stripe")],
            ["Your reference", session.clientReferenceId],
            [
              "When done, to",
              session.successUrl === null ? null : <span class="clip">{session.successUrl}</span>,
            ],
            [
              "Going back, to",
              session.cancelUrl === null ? null : <span class="clip">{session.cancelUrl}</span>,
            ],
            ["Created", time(session.createdAtMs)],
            [
              session.status === "open" ? "Expires" : "Expired",
              session.status === "complete" ? null : time(session.expiresAtMs),
            ],
            ["Completed", time(session.completedAtMs)],
            ["Changed", time(session.updatedAtMs)],
          ]}
        />
        <Metadata metadata={session.metadata} />
      </div>
    </Panel>
  );
}
