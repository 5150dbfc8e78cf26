// The list of what Stripe sent. What is ignored is most of it and says nothing: it is hidden and counted, unless it is
// asked for, or one thing is looked for.

import * as z from "zod";
import type { Stats } from "../../ledger/stats/read-stats.ts";
import { positionOfEvent, WEBHOOK_EVENT_STATUSES } from "../../platform/tables/webhook-events.ts";
import { listEventsQuery, toEventFilter } from "../../webhooks/schema.ts";
import { surroundingsOf } from "../ask-ledger.ts";
import type { DashboardContext } from "../dashboard-env.ts";
import { href } from "../hrefs.ts";
import { renderPage } from "../layout/render.tsx";
import { ByApi } from "../parts/by-api.tsx";
import { Download } from "../parts/download.tsx";
import { EventFilterBar } from "../parts/event-filter-bar.tsx";
import { EventTable } from "../parts/event-table.tsx";
import { ListPage } from "../parts/list-page.tsx";
import { LiveRegion } from "../parts/live-region.tsx";
import { PageNote } from "../parts/page-note.tsx";
import { askList } from "../read-list.ts";
import { mayAct } from "../session/may-act.ts";
import { countWords, EVENT_LOOK, type StatusLook } from "../status-words.ts";

const PATH = "/webhook-events";
const EVERYTHING = "everything";
const TABS: Record<string, StatusLook> = {
  processed: EVENT_LOOK.processed,
  failed: EVENT_LOOK.failed,
  dead: EVENT_LOOK.dead,
  ignored: EVENT_LOOK.ignored,
  [EVERYTHING]: { word: "Everything", tone: "idle", means: "Whatever became of it." },
};
const eventsQuery = listEventsQuery.extend({
  status: z.enum([...WEBHOOK_EVENT_STATUSES, EVERYTHING]).optional(),
});

export async function showWebhookEvents(c: DashboardContext) {
  const list = await askList(
    c,
    eventsQuery,
    (query, page) => ["listWebhookEvents", { filter: filterOf(query), page }],
    positionOfEvent,
    () => ({ stats: ["readStats", {}] }),
  );
  const { status, ...filters } = list.filters;
  const byStatus = status === EVERYTHING ? undefined : status;
  const mayWrite = mayAct(c.get("session"), "write");
  const { stripe_event_id: _one, ...many } = filters;
  const now = c.get("deps").now();
  // Where older ones were not looked at yet, some of them may match.
  const mayMatch = list.rows.length > 0 || list.nextCursor !== null;
  const { connection, arrivals } = await surroundingsOf(c);
  return renderPage(
    c,
    { title: "Webhook events", place: "Webhook events" },
    <>
      <ListPage
        title="Webhook events"
        note={<Note stats={list.beside.stats} />}
        actions={
          <div class="actions">
            {/* What is processed is never done again. */}
            {mayWrite && mayMatch && status !== "processed" ? (
              <a class="button" href={href(`${PATH}/replay`, { status: byStatus, ...many })}>
                Replay all that match…
              </a>
            ) : null}
            {mayWrite && mayMatch && status === "dead" ? (
              <a class="button" href={href(`${PATH}/dismiss`, many)}>
                Dismiss all that match…
              </a>
            ) : null}
            <Download name="webhook_events" filters={{ ...filters, status: byStatus }} />
          </div>
        }
        said={
          <>
            <PageNote c={c} />
            <Refused count={connection?.refused.count_24h ?? 0} />
          </>
        }
        path={PATH}
        list={list}
        looks={TABS}
        first="All but ignored"
        filter={<EventFilterBar path={PATH} filters={list.filters} query={list.query} />}
        table={(rows) => (
          <LiveRegion name="events" pending={rows.some((row) => row.status === "failed")}>
            <EventTable events={rows} invoiceNumbers={list.names.invoices} now={now} />
          </LiveRegion>
        )}
        none={arrivals.eventAtMs === null ? NOTHING_SENT : NOTHING_BUT_IGNORED}
        noneFits={{ title: "No event fits.", showAll: "Show all events" }}
      />
      <ByApi
        calls={[
          {
            words: "This list",
            method: "GET",
            path: "/webhook_events",
            query: { ...filters, status: byStatus },
          },
        ]}
      />
    </>,
  );
}

const NOTHING_SENT = {
  title: "Stripe has sent nothing yet.",
  words: (
    <p>
      Stripe sends events to the webhook URL of the <a href={href("/connections")}>connection</a>. If the
      endpoint is set up at Stripe and still nothing comes, the connection says what was refused.
    </p>
  ),
};
const NOTHING_BUT_IGNORED = {
  title: "None but ignored ones.",
  words: (
    <p>
      What Stripe sent is about nothing of this environment.{" "}
      <a href={href(PATH, { status: "ignored" })}>Show the ignored events</a>
    </p>
  ),
};

function filterOf({ status, ...query }: z.output<typeof eventsQuery>) {
  const isLookedFor =
    query.stripe_event_id !== undefined || query.object_id !== undefined || query.invoice_id !== undefined;
  const filter = toEventFilter({ ...query, status: status === EVERYTHING ? undefined : status });
  return status === undefined && !isLookedFor ? { ...filter, isIgnored: false as const } : filter;
}

function Note({ stats: { totals } }: { stats: Stats }) {
  const { ignored } = totals.events;
  return (
    <>
      What Stripe sent, newest first.{" "}
      {ignored === 0 ? null : (
        <a href={href(PATH, { status: "ignored" })}>
          {`${countWords(ignored, "event")} ignored in the last 24 hours`}
        </a>
      )}
    </>
  );
}

/** What is refused leaves no event: it is only counted. */
function Refused({ count }: { count: number }) {
  if (count === 0) return null;
  return (
    <div class="notice bad page-note" role="note">
      <p>
        {`${countWords(count, "webhook")} refused in the last 24 hours: the signature did not match, or there was none. `}
        <a href={href("/connections")}>See why</a>
      </p>
    </div>
  );
}
