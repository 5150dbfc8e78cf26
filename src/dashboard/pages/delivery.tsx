// One delivery: each of its tries with what came back, and the button that sends it again. What came back was
// written by the destination: it is shown as text.

import type { DeliveryRow } from "../../ledger/notifications/deliveries.ts";
import type { Attempt } from "../../ledger/tables/notifications.ts";
import { messageBody } from "../../notifications/message-body.ts";
import { type AppError, notFound } from "../../platform/app-error.ts";
import { attemptOnce, newFormToken, readForm } from "../act.ts";
import { askLedger } from "../ask-ledger.ts";
import { type DashboardContext, pathId, sessionLedger } from "../dashboard-env.ts";
import { deliveryLook } from "../delivery-words.ts";
import { deliveryHref, destinationHref, href } from "../hrefs.ts";
import { renderPage } from "../layout/render.tsx";
import { Badge, StatusBadge } from "../parts/badge.tsx";
import { ByApi, type CurlCall } from "../parts/by-api.tsx";
import { CopyId } from "../parts/copy.tsx";
import { JsonView } from "../parts/json-view.tsx";
import { LiveRegion } from "../parts/live-region.tsx";
import { PageNote } from "../parts/page-note.tsx";
import { Facts, Notice, PageHead, Panel } from "../parts/panel.tsx";
import { ExactTime } from "../parts/time.tsx";
import { Withheld } from "../parts/withheld.tsx";
import { isOperatorView, mayAct } from "../session/may-act.ts";
import { milliseconds } from "../time-words.ts";

export async function showDelivery(c: DashboardContext) {
  return renderDelivery(c, null);
}

export async function retry(c: DashboardContext) {
  const id = pathId(c);
  const form = await readForm(c);
  const done = await attemptOnce(c, form, ["retry"], () => sessionLedger(c).retryDelivery({ id }));
  if (done !== null && !done.ok) return renderDelivery(c, done.problem);
  return c.redirect(`${deliveryHref(id)}?done=delivery_retried`, 303);
}

/** @param problem why it could not be sent again */
async function renderDelivery(c: DashboardContext, problem: AppError | null) {
  const deps = c.get("deps");
  const { scope } = c.get("session").principal;
  const id = pathId(c);
  const { found } = await askLedger(c, { found: ["findDelivery", { id }] });
  if (!found) throw notFound("delivery", id);
  const { delivery, destination, message, retryRefusal } = found;
  const now = deps.now();
  const isView = isOperatorView(c.get("session"));
  const isPending = delivery.status === "pending";
  return renderPage(
    c,
    {
      title: `Delivery of ${delivery.type}`,
      place: "Event destinations",
      status: problem?.status,
    },
    <>
      <p class="crumb">
        {destination ? (
          <a href={destinationHref(destination.id)}>{destination.url}</a>
        ) : (
          <a href={href("/event-destinations")}>Event destinations</a>
        )}
      </p>
      <PageHead title={<span class="mono">{delivery.type}</span>} note={<code>{delivery.messageId}</code>}>
        {mayAct(c.get("session"), "admin") && retryRefusal === null ? (
          <RetryForm delivery={delivery} />
        ) : null}
      </PageHead>
      <PageNote c={c} problem={problem} />
      <div class="columns">
        <div>
          <LiveRegion name="tries" pending={isPending} quiet>
            <Panel title="Tries">
              {delivery.log.length === 0 ? <p class="pad muted">It has not been tried yet.</p> : null}
              {delivery.log.toReversed().map((attempt) => (
                <Try attempt={isView ? { ...attempt, response: null } : attempt} now={now} />
              ))}
            </Panel>
          </LiveRegion>
          {isView ? (
            <Withheld title="Message" />
          ) : (
            <Panel title="Message">
              {message ? (
                <JsonView json={messageBody(deps, scope, message)} />
              ) : (
                <p class="pad muted">It is past its age and was removed; what came of it stays.</p>
              )}
            </Panel>
          )}
        </div>
        <LiveRegion name="delivery" pending={isPending}>
          <About delivery={delivery} url={destination?.url ?? null} now={now} />
        </LiveRegion>
      </div>
      <ByApi calls={callsOf(delivery, mayAct(c.get("session"), "admin"))} />
    </>,
  );
}

function callsOf({ id, destinationId }: DeliveryRow, mayRetry: boolean): CurlCall[] {
  const list: CurlCall = {
    words: "All deliveries of its destination",
    method: "GET",
    path: `/event_destinations/${encodeURIComponent(destinationId)}/deliveries`,
    route: "/event_destinations/{id}/deliveries",
  };
  const again: CurlCall = {
    words: "Send it again",
    method: "POST",
    path: `/deliveries/${encodeURIComponent(id)}/retry`,
    route: "/deliveries/{id}/retry",
  };
  return mayRetry ? [list, again] : [list];
}

function RetryForm({ delivery }: { delivery: DeliveryRow }) {
  return (
    <form method="post" action={`${deliveryHref(delivery.id)}/retry`}>
      <input type="hidden" name="token" value={newFormToken()} />
      <button type="submit">{delivery.status === "pending" ? "Send it now" : "Send it again"}</button>
    </form>
  );
}

function Try({ attempt, now }: { attempt: Attempt; now: number }) {
  const { responseStatus, response, error } = attempt;
  const ok = responseStatus !== null && responseStatus >= 200 && responseStatus < 300;
  return (
    <div class="pad try-log">
      <h3>{`Try ${attempt.attempt}`}</h3>
      <p class="state">
        <Badge tone={ok ? "good" : "bad"}>
          {responseStatus === null ? "no answer" : `${responseStatus}`}
        </Badge>{" "}
        <span>{`after ${milliseconds(attempt.durationMs)}`}</span>
        <ExactTime ms={attempt.attemptedAtMs} now={now} />
      </p>
      {error === null ? null : <p>{error}</p>}
      {response === null || response === "" ? (
        <p class="muted">
          {responseStatus === null ? "Nothing came back." : "The answer has no body, or is past its age."}
        </p>
      ) : (
        <pre class="answer">{response}</pre>
      )}
    </div>
  );
}

function About({ delivery, url, now }: { delivery: DeliveryRow; url: string | null; now: number }) {
  const look = deliveryLook(delivery);
  const time = (ms: number | null) => (ms === null ? null : <ExactTime ms={ms} now={now} />);
  return (
    <Panel title="About">
      <div class="pad">
        <p class="state">
          <StatusBadge look={look} /> <span>{look.means}</span>
        </p>
        {delivery.error === null ? null : (
          <Notice tone={delivery.status === "failed" ? "bad" : "warn"}>{delivery.error}</Notice>
        )}
        <Facts
          facts={[
            [
              "Destination",
              url === null ? "deleted" : <a href={destinationHref(delivery.destinationId)}>{url}</a>,
            ],
            ["webhook-id", <CopyId id={delivery.messageId} label="webhook-id" />],
            ["Delivery", <CopyId id={delivery.id} label="delivery id" />],
            ["Tries", String(delivery.attempts)],
            ["Made", time(delivery.createdAtMs)],
            ["Delivered", time(delivery.succeededAtMs)],
            ["Next try", time(delivery.nextAttemptAtMs)],
          ]}
        />
      </div>
    </Panel>
  );
}
