// One event: what became of it, what it changed, and the payload as Stripe sent it.

import type { WebhookEventRow } from "../../ledger/events/read-events.ts";
import { type AppError, notFound } from "../../platform/app-error.ts";
import { stripeEventIdFor } from "../../platform/ids.ts";
import type { EventChange } from "../../platform/tables/webhook-events.ts";
import { replayEvent } from "../../webhooks/replay-events.ts";
import { attempt } from "../act.ts";
import { type DashboardContext, pathId, sessionLedger } from "../dashboard-env.ts";
import { customerHref, href, invoiceHref, subscriptionHref, webhookEventHref } from "../hrefs.ts";
import { renderPage } from "../layout/render.tsx";
import { StatusBadge } from "../parts/badge.tsx";
import { lagOf } from "../parts/event-table.tsx";
import { JsonView } from "../parts/json-view.tsx";
import { PageNote } from "../parts/page-note.tsx";
import { Facts, Notice, PageHead, Panel } from "../parts/panel.tsx";
import { StripeObject } from "../parts/stripe-link.tsx";
import { ExactTime } from "../parts/time.tsx";
import { mayAct } from "../session/may-act.ts";
import { EVENT_LOOK, wordsOf } from "../status-words.ts";

export async function showWebhookEvent(c: DashboardContext) {
  return renderWebhookEvent(c, null);
}

export async function replay(c: DashboardContext) {
  const id = pathId(c);
  const done = await attempt(() => replayEvent(c.get("deps"), c.get("session").principal.scope, id));
  if (!done.ok) return renderWebhookEvent(c, done.problem);
  const outcome = done.value.replayed ? "replayed" : "replay_unneeded";
  return c.redirect(`${webhookEventHref(id)}?done=${outcome}`, 303);
}

/** @param problem why it could not be done again */
async function renderWebhookEvent(c: DashboardContext, problem: AppError | null) {
  const deps = c.get("deps");
  const id = pathId(c);
  const event = await sessionLedger(c).findWebhookEvent({ stripeEventId: stripeEventIdFor(id) });
  if (!event) throw notFound("webhook event", id);
  const payload = await sessionLedger(c).findPayload({ eventId: event.stripeEventId });
  return renderPage(
    c,
    { title: event.type, place: "Webhook events", status: problem?.status },
    <>
      <p class="crumb">
        <a href={href("/webhook-events")}>Webhook events</a>
      </p>
      <PageHead
        title={<span class="mono">{event.type}</span>}
        note={<StripeObject id={event.stripeEventId} label="event id" />}
      >
        {mayAct(c.get("session"), "write") &&
        event.status !== "processed" &&
        (payload !== null || event.status === "ignored") ? (
          <form method="post" action={`${webhookEventHref(id)}/replay`}>
            <button type="submit">Replay</button>
          </form>
        ) : null}
        {mayAct(c.get("session"), "write") && event.status === "dead" ? (
          <a class="button" href={`${webhookEventHref(id)}/dismiss`}>
            Dismiss…
          </a>
        ) : null}
      </PageHead>
      <PageNote c={c} problem={problem} />
      <div class="columns">
        <div>
          <Panel title="What became of it">
            <div class="pad">
              <Outcome event={event} />
            </div>
          </Panel>
          <Panel title="Payload">
            {payload === null ? (
              <p class="pad muted">
                {event.status === "ignored"
                  ? "It is not kept: it is about nothing of this environment. Replaying the event fetches it from Stripe."
                  : "It is past its age and was removed; the outcome stays."}
              </p>
            ) : (
              <JsonView json={payload} />
            )}
          </Panel>
        </div>
        <Panel title="About">
          <div class="pad">
            <About event={event} now={deps.now()} />
          </div>
        </Panel>
      </div>
    </>,
  );
}

function Outcome({ event }: { event: WebhookEventRow }) {
  const look = EVENT_LOOK[event.status];
  return (
    <>
      <p class="state">
        <StatusBadge look={look} /> <span>{look.means}</span>
      </p>
      {event.error ? <Notice tone={event.status === "ignored" ? "info" : "bad"}>{event.error}</Notice> : null}
      <Facts
        facts={[
          ["Reason", event.reason === null ? null : <code>{event.reason}</code>],
          ["Changed", event.changes.length === 0 ? "nothing" : <Changes event={event} />],
          ["Deliveries", `Stripe sent it ${times(event.deliveries ?? event.deliveryIds.length)}`],
          ["Attempts", `worked on ${times(event.attempts)}`],
        ]}
      />
    </>
  );
}

function Changes({ event }: { event: WebhookEventRow }) {
  return (
    <ul class="bare">
      {event.changes.map((change) => (
        <li>
          {wordsOf(change.object)} <ChangedId change={change} />
        </li>
      ))}
    </ul>
  );
}

const PAGE_OF: Record<string, (id: string) => string> = {
  invoice: invoiceHref,
  customer: customerHref,
  subscription: subscriptionHref,
};

function ChangedId({ change: { object, id } }: { change: EventChange }) {
  const pageOf = Object.hasOwn(PAGE_OF, object) ? PAGE_OF[object] : undefined;
  return pageOf ? <a href={pageOf(id)}>{id}</a> : <code>{id}</code>;
}

function About({ event, now }: { event: WebhookEventRow; now: number }) {
  return (
    <Facts
      facts={[
        [
          "Invoice",
          event.invoiceId === null ? null : <a href={invoiceHref(event.invoiceId)}>{event.invoiceId}</a>,
        ],
        ["Made by Stripe", <ExactTime ms={event.createdAtMs} now={now} />],
        ["Received", <ExactTime ms={event.receivedAtMs} now={now} />],
        ["Done with", event.processedAtMs === null ? null : <ExactTime ms={event.processedAtMs} now={now} />],
        ["Lag", lagOf(event)],
        ["Came by", event.source === "webhook" ? "webhook" : "reconciliation: fetched from Stripe"],
        ["Mode", event.livemode ? "live" : "test"],
        ["API version", event.apiVersion],
        ["Account", event.account === null ? null : <code>{event.account}</code>],
        ["Connection", <code>{event.connectionId}</code>],
      ]}
    />
  );
}

function times(count: number): string {
  return count === 1 ? "once" : count === 2 ? "twice" : `${count} times`;
}
