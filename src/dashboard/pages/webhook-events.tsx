// The list of what Stripe sent.

import { positionOfEvent } from "../../platform/tables/webhook-events.ts";
import { listEventsQuery, toEventFilter } from "../../webhooks/schema.ts";
import type { DashboardContext } from "../dashboard-env.ts";
import { href } from "../hrefs.ts";
import { renderPage } from "../layout/render.tsx";
import { Download } from "../parts/download.tsx";
import { EventTable } from "../parts/event-table.tsx";
import { EventTypeSelect } from "../parts/event-type-select.tsx";
import { ListPage } from "../parts/list-page.tsx";
import { PageNote } from "../parts/page-note.tsx";
import { askList } from "../read-list.ts";
import { mayAct } from "../session/may-act.ts";
import { EVENT_LOOK } from "../status-words.ts";

const PATH = "/webhook-events";

export async function showWebhookEvents(c: DashboardContext) {
  const list = await askList(
    c,
    listEventsQuery,
    (query, page) => ["listWebhookEvents", { filter: toEventFilter(query), page }],
    positionOfEvent,
  );
  const { status, type, received_after, invoice_id, received_before } = list.filters;
  // What is processed is never done again, and a replay takes fewer filters than the list.
  const mayReplay =
    mayAct(c.get("session"), "write") &&
    status !== "processed" &&
    invoice_id === undefined &&
    received_before === undefined;
  return renderPage(
    c,
    { title: "Webhook events", place: "Webhook events" },
    <ListPage
      title="Webhook events"
      note="What Stripe sent, newest first."
      actions={
        <div class="actions">
          {mayReplay ? (
            <a class="button" href={href(`${PATH}/replay`, { status, type, received_after })}>
              Replay by filter…
            </a>
          ) : null}
          {mayAct(c.get("session"), "write") && status === "dead" ? (
            <a class="button" href={href(`${PATH}/dismiss`, { type, received_before })}>
              Dismiss by filter…
            </a>
          ) : null}
          <Download name="webhook_events" filters={list.filters} />
        </div>
      }
      said={<PageNote c={c} />}
      path={PATH}
      list={list}
      looks={EVENT_LOOK}
      filter={<TypeFilter filters={list.filters} />}
      table={(rows) => (
        <EventTable events={rows} invoiceNumbers={list.names.invoices} now={c.get("deps").now()} />
      )}
      none={{
        title: "Stripe has sent nothing yet.",
        words: (
          <p>
            Stripe sends events to the webhook URL of the <a href={href("/connections")}>connection</a>. If
            the endpoint is set up at Stripe and still nothing comes, look there at its failed deliveries: a
            wrong signing secret is answered with 400 and leaves no trace here.
          </p>
        ),
      }}
      noneFits={{ title: "No event fits.", showAll: "Show all events" }}
    />,
  );
}

function TypeFilter({ filters: { type, ...kept } }: { filters: Record<string, string> }) {
  return (
    <form class="filter" method="get" action={href(PATH)}>
      {Object.entries(kept).map(([name, value]) => (
        <input type="hidden" name={name} value={value} />
      ))}
      <EventTypeSelect type={type} />
      <button type="submit">Show</button>
    </form>
  );
}
