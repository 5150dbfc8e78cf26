// One event: what became of it, what it changed, and the payload as Stripe sent it.

import type { WebhookEventRow } from "../../ledger/events/read-events.ts";
import { type AppError, notFound } from "../../platform/app-error.ts";
import { stripeEventIdFor } from "../../platform/ids.ts";
import type { EventChange } from "../../platform/tables/webhook-events.ts";
import { replayEvent } from "../../webhooks/replay-events.ts";
import { attempt } from "../act.ts";
import { askLedger } from "../ask-ledger.ts";
import { type DashboardContext, pathId } from "../dashboard-env.ts";
import type { Done } from "../done-words.ts";
import { eventOutcome, nextTryMs, stripeObjectOf, times } from "../event-view.ts";
import {
  checkoutSessionHref,
  customerHref,
  disputeHref,
  href,
  invoiceHref,
  paymentHref,
  subscriptionHref,
  webhookEventHref,
} from "../hrefs.ts";
import { renderPage } from "../layout/render.tsx";
import { StatusBadge } from "../parts/badge.tsx";
import { ByApi } from "../parts/by-api.tsx";
import { CopyButton, CopyId } from "../parts/copy.tsx";
import { lagOf } from "../parts/event-table.tsx";
import { InvoiceLink } from "../parts/invoice-link.tsx";
import { JsonView } from "../parts/json-view.tsx";
import { LiveRegion } from "../parts/live-region.tsx";
import { PageNote } from "../parts/page-note.tsx";
import { Facts, Notice, PageHead, Panel } from "../parts/panel.tsx";
import { StripeObject } from "../parts/stripe-link.tsx";
import { ExactTime } from "../parts/time.tsx";
import { Withheld } from "../parts/withheld.tsx";
import { isOperatorView, mayAct } from "../session/may-act.ts";
import { EVENT_LOOK, wordsOf } from "../status-words.ts";

export async function showWebhookEvent(c: DashboardContext) {
  return renderWebhookEvent(c, null);
}

const REPLAYED: Record<WebhookEventRow["status"], Done> = {
  processed: "replayed",
  ignored: "replay_ignored",
  failed: "replay_failed",
  dead: "replay_dead",
};

export async function replay(c: DashboardContext) {
  const id = pathId(c);
  const done = await attempt(() => replayEvent(c.get("deps"), c.get("session").principal.scope, id));
  if (!done.ok) return renderWebhookEvent(c, done.problem);
  const outcome = done.value.replayed ? REPLAYED[done.value.event.status] : "replay_unneeded";
  return c.redirect(`${webhookEventHref(id)}?done=${outcome}`, 303);
}

/** @param problem why it could not be done again */
async function renderWebhookEvent(c: DashboardContext, problem: AppError | null) {
  const deps = c.get("deps");
  const id = pathId(c);
  const stripeEventId = stripeEventIdFor(id);
  const { event, payload, names } = await askLedger(c, {
    event: ["findWebhookEvent", { stripeEventId }],
    payload: ["findPayload", { eventId: stripeEventId }],
  });
  if (!event) throw notFound("webhook event", id);
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
          <LiveRegion name="outcome" pending={event.status === "failed"}>
            <Panel title="What became of it">
              <div class="pad">
                <Outcome event={event} now={deps.now()} />
              </div>
            </Panel>
          </LiveRegion>
          {isOperatorView(c.get("session")) ? (
            <Withheld title="Payload" />
          ) : (
            <Payload event={event} payload={payload} />
          )}
        </div>
        <Panel title="About">
          <div class="pad">
            <About
              event={event}
              objectId={stripeObjectOf(payload)}
              numbers={names.invoices}
              now={deps.now()}
            />
          </div>
        </Panel>
      </div>
      <ByApi
        calls={[
          {
            words: "This event, with its payload",
            method: "GET",
            path: `/webhook_events/${encodeURIComponent(id)}`,
            route: "/webhook_events/{id}",
          },
          {
            words: "Do it again",
            method: "POST",
            path: `/webhook_events/${encodeURIComponent(id)}/replay`,
            route: "/webhook_events/{id}/replay",
          },
        ]}
      />
    </>,
  );
}

function Payload({ event, payload }: { event: WebhookEventRow; payload: string | null }) {
  return (
    <Panel
      title="Payload"
      more={payload === null ? null : <CopyButton label="the payload" value={payload} />}
    >
      {payload === null ? (
        <p class="pad muted">
          {event.status === "ignored"
            ? "It is not kept: it is about nothing of this environment. Replaying the event fetches it from Stripe."
            : "It is past its age and was removed; the outcome stays."}
        </p>
      ) : (
        <details class="payload">
          <summary class="pad">{`${payload.length.toLocaleString("en")} characters, as Stripe sent them`}</summary>
          <JsonView json={payload} />
        </details>
      )}
    </Panel>
  );
}

function Outcome({ event, now }: { event: WebhookEventRow; now: number }) {
  const look = EVENT_LOOK[event.status];
  const nextMs = nextTryMs(event);
  return (
    <>
      <p class="state">
        <StatusBadge look={look} /> <span>{eventOutcome(event)}</span>
      </p>
      {event.error ? <Notice tone={event.status === "ignored" ? "info" : "bad"}>{event.error}</Notice> : null}
      <Facts
        facts={[
          ["Next try", nextMs === null ? null : <NextTry ms={nextMs} now={now} />],
          ["Reason", event.reason === null ? null : <code>{event.reason}</code>],
          ["Changed", event.changes.length === 0 ? "nothing" : <Changes event={event} />],
          ["Deliveries", `Stripe sent it ${times(event.deliveries ?? event.deliveryIds.length)}`],
          ["Attempts", `worked on ${times(event.attempts)}`],
        ]}
      />
    </>
  );
}

/** The queue's own wait is known to a quarter. */
function NextTry({ ms, now }: { ms: number; now: number }) {
  return ms <= now ? (
    <>at any moment</>
  ) : (
    <>
      by <ExactTime ms={ms} now={now} />
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
  payment: paymentHref,
  checkout_session: checkoutSessionHref,
  dispute: disputeHref,
  webhook_event: webhookEventHref,
};

function ChangedId({ change: { object, id } }: { change: EventChange }) {
  const pageOf = Object.hasOwn(PAGE_OF, object) ? PAGE_OF[object] : undefined;
  return pageOf ? (
    <a class="mono clip" href={pageOf(id)}>
      {id}
    </a>
  ) : (
    <code class="clip">{id}</code>
  );
}

function About(props: {
  event: WebhookEventRow;
  objectId: string | null;
  numbers: ReadonlyMap<string, string>;
  now: number;
}) {
  const { event, objectId, numbers, now } = props;
  return (
    <Facts
      facts={[
        ["Invoice", event.invoiceId === null ? null : <InvoiceLink id={event.invoiceId} numbers={numbers} />],
        ["About", objectId === null ? null : <StripeObject id={objectId} label="the object's id" />],
        ["Made", <ExactTime ms={event.createdAtMs} now={now} />],
        ["Received", <ExactTime ms={event.receivedAtMs} now={now} />],
        ["Done with", event.processedAtMs === null ? null : <ExactTime ms={event.processedAtMs} now={now} />],
        ["Lag", lagOf(event)],
        ["Came by", event.source === "webhook" ? "webhook" : "reconciliation: fetched from Stripe"],
        ["Mode", event.livemode ? "live" : "test"],
        ["API version", event.apiVersion],
        ["Account", event.account === null ? null : <CopyId id={event.account} label="account id" />],
        ["Connection", <CopyId id={event.connectionId} label="connection id" />],
      ]}
    />
  );
}
