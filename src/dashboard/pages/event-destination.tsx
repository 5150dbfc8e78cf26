// One event destination with its deliveries, newest first: what was sent, and how its last try ended.

import type { ContentfulStatusCode } from "hono/utils/http-status";
import { listOf, readPage } from "../../http/list.ts";
import { ledger } from "../../ledger/client.ts";
import type { DeliveryRow } from "../../ledger/notifications/deliveries.ts";
import type { DestinationRow } from "../../ledger/notifications/destinations.ts";
import { getDestination } from "../../notifications/change-destination.ts";
import { deliveriesQuery } from "../../notifications/delivery-schema.ts";
import type { TestResult } from "../../notifications/test-destination.ts";
import type { AppError } from "../../platform/app-error.ts";
import type { DashboardContext } from "../dashboard-env.ts";
import { DELIVERY_LOOK } from "../delivery-words.ts";
import { deliveryHref, href } from "../hrefs.ts";
import { renderPage } from "../layout/render.tsx";
import { StatusBadge } from "../parts/badge.tsx";
import { DestinationActions, Tested } from "../parts/destination-actions.tsx";
import { Pager, StatusTabs } from "../parts/list-navigation.tsx";
import { PageNote } from "../parts/page-note.tsx";
import { Empty, Facts, PageHead, Panel } from "../parts/panel.tsx";
import { None, Table } from "../parts/table.tsx";
import { ExactTime, Time } from "../parts/time.tsx";
import { readQuery } from "../read-query.ts";
import { mayAct } from "../session/may-act.ts";
import { DestinationState } from "./event-destinations.tsx";

export async function showEventDestination(c: DashboardContext) {
  return renderDestination(c, { tested: null, problem: null });
}

/** @param tried what an action of this page found, or why it was refused */
export async function renderDestination(
  c: DashboardContext,
  { tested, problem }: { tested: TestResult | null; problem: AppError | null },
) {
  const deps = c.get("deps");
  const { scope } = c.get("session").principal;
  const now = deps.now();
  const destination = await getDestination(deps, scope, c.req.param("id") ?? "");
  const query = readQuery(c, deliveriesQuery);
  const page = readPage(query);
  const { status } = query;
  const rows = await ledger(deps, scope).listDeliveries({ destinationId: destination.id, status, ...page });
  const list = listOf(
    rows,
    page.limit,
    (row) => row,
    (row) => ({ timeMs: row.createdAtMs, id: row.id }),
  );
  const path = `/event-destinations/${encodeURIComponent(destination.id)}`;
  return renderPage(
    c,
    {
      title: "Event destination",
      place: "Event destinations",
      status: (problem?.status ?? 200) as ContentfulStatusCode,
    },
    <>
      <p class="crumb">
        <a href={href("/event-destinations")}>Event destinations</a>
      </p>
      <PageHead title={destination.url} note={destination.description} />
      <PageNote c={c} problem={problem} />
      {tested === null ? null : <Tested result={tested} />}
      <About destination={destination} now={now} />
      {mayAct(c.get("session"), "admin") ? <DestinationActions destination={destination} /> : null}
      <StatusTabs path={path} looks={DELIVERY_LOOK} present={status} />
      <Panel title="Deliveries">
        {list.data.length > 0 ? (
          <Deliveries rows={list.data} now={now} />
        ) : status === undefined ? (
          <Empty title="Nothing was sent to it yet.">
            <p>A delivery shows here as soon as something happens that it listens to.</p>
          </Empty>
        ) : (
          <Empty title="No delivery fits.">
            <p>
              <a href={href(path)}>Show all deliveries</a>
            </p>
          </Empty>
        )}
      </Panel>
      <Pager path={path} filters={{ status }} cursor={query.cursor} nextCursor={list.next_cursor} />
    </>,
  );
}

function About({ destination, now }: { destination: DestinationRow; now: number }) {
  const { failingSinceMs, eventTypes } = destination;
  return (
    <Panel title="About">
      <div class="pad">
        <Facts
          facts={[
            ["State", <DestinationState destination={destination} />],
            ["Failing since", failingSinceMs === null ? null : <ExactTime ms={failingSinceMs} now={now} />],
            ["Types", eventTypes === null ? "all" : eventTypes.join(", ")],
            ["Id", <code>{destination.id}</code>],
            ["Made", <ExactTime ms={destination.createdAtMs} now={now} />],
          ]}
        />
      </div>
    </Panel>
  );
}

function Deliveries({ rows, now }: { rows: readonly DeliveryRow[]; now: number }) {
  return (
    <Table
      caption="Deliveries"
      rows={rows}
      columns={[
        {
          head: "Type",
          cell: (row) => (
            <>
              <a class="mono" href={deliveryHref(row.id)}>
                {row.type}
              </a>
              <span class="narrow">
                <Time ms={row.createdAtMs} now={now} />
              </span>
            </>
          ),
        },
        {
          head: "Status",
          cell: (row) => (
            <>
              <StatusBadge look={DELIVERY_LOOK[row.status]} />
              {row.error === null ? null : <span class="reason">{row.error}</span>}
            </>
          ),
        },
        { head: "Answer", right: true, wide: true, cell: (row) => row.responseStatus ?? <None /> },
        { head: "Tries", right: true, wide: true, cell: (row) => row.attempts },
        { head: "Message", wide: true, cell: (row) => <code class="clip">{row.messageId}</code> },
        { head: "When (UTC)", wide: true, cell: (row) => <Time ms={row.createdAtMs} now={now} /> },
      ]}
    />
  );
}
