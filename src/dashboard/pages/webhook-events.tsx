// The list of what Stripe sent.

import { listOf, readPage } from "../../http/list.ts";
import { ledger } from "../../ledger/client.ts";
import { listEventsQuery } from "../../webhooks/schema.ts";
import type { DashboardContext } from "../dashboard-env.ts";
import { href } from "../hrefs.ts";
import { renderPage } from "../layout/render.tsx";
import { Download } from "../parts/download.tsx";
import { EventTable } from "../parts/event-table.tsx";
import { EventTypeSelect } from "../parts/event-type-select.tsx";
import { Pager, StatusTabs } from "../parts/list-navigation.tsx";
import { PageNote } from "../parts/page-note.tsx";
import { Empty, PageHead } from "../parts/panel.tsx";
import { readQuery } from "../read-query.ts";
import { mayAct } from "../session/may-act.ts";
import { EVENT_LOOK } from "../status-words.ts";

const PATH = "/webhook-events";

export async function showWebhookEvents(c: DashboardContext) {
  const deps = c.get("deps");
  const { scope } = c.get("session").principal;
  const query = readQuery(c, listEventsQuery);
  const page = readPage(query);
  const { status, type } = query;
  const filter = {
    status,
    type,
    invoiceId: query.invoice_id,
    receivedAfterMs: query.received_after,
    receivedBeforeMs: query.received_before,
  };
  const rows = await ledger(deps, scope).listWebhookEvents({ filter, page });
  const list = listOf(
    rows,
    page.limit,
    (row) => row,
    (row) => ({ timeMs: row.receivedAtMs, id: row.stripeEventId }),
  );
  const numbers = await ledger(deps, scope).findInvoiceNumbers({
    ids: list.data.map((row) => row.invoiceId).filter((id) => id !== null),
  });
  const { invoice_id, received_after, received_before } = c.req.query();
  const kept = { type, invoice_id, received_after, received_before };
  const filtered = Object.values(filter).some((value) => value !== undefined);
  // What is processed is never done again, and a replay takes fewer filters than the list.
  const mayReplay =
    mayAct(c.get("session"), "write") &&
    status !== "processed" &&
    invoice_id === undefined &&
    received_before === undefined;
  return renderPage(
    c,
    { title: "Webhook events", place: "Webhook events" },
    <>
      <PageHead title="Webhook events" note="What Stripe sent, newest first.">
        <div class="actions">
          {mayReplay ? (
            <a class="button" href={href(`${PATH}/replay`, { status, type, received_after })}>
              Replay by filter…
            </a>
          ) : null}
          <Download name="webhook_events" filters={{ ...kept, status }} />
        </div>
      </PageHead>
      <PageNote c={c} />
      <StatusTabs path={PATH} looks={EVENT_LOOK} present={status} filters={kept} />
      <TypeFilter status={status} type={type} kept={{ invoice_id, received_after, received_before }} />
      <section class="panel">
        {list.data.length === 0 ? (
          <NoEvents filtered={filtered} />
        ) : (
          <EventTable events={list.data} invoiceNumbers={numbers} now={deps.now()} />
        )}
      </section>
      <Pager path={PATH} filters={{ ...kept, status }} cursor={query.cursor} nextCursor={list.next_cursor} />
    </>,
  );
}

function TypeFilter(props: {
  status: string | undefined;
  type: string | undefined;
  kept: Record<string, string | undefined>;
}) {
  const hidden = Object.entries({ ...props.kept, status: props.status }).filter(
    ([, value]) => value !== undefined,
  );
  return (
    <form class="filter" method="get" action={href(PATH)}>
      {hidden.map(([name, value]) => (
        <input type="hidden" name={name} value={value} />
      ))}
      <EventTypeSelect type={props.type} />
      <button type="submit">Show</button>
    </form>
  );
}

function NoEvents({ filtered }: { filtered: boolean }) {
  return filtered ? (
    <Empty title="No event fits.">
      <p>
        <a href={href(PATH)}>Show all events</a>
      </p>
    </Empty>
  ) : (
    <Empty title="Stripe has sent nothing yet.">
      <p>
        Stripe sends events to the webhook URL of the <a href={href("/connections")}>connection</a>. If the
        endpoint is set up at Stripe and still nothing comes, look there at its failed deliveries: a wrong
        signing secret is answered with 400 and leaves no trace here.
      </p>
    </Empty>
  );
}
