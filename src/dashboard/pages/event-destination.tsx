// One event destination with its deliveries, newest first: what was sent, and how its last try ended.

import { byCreation } from "../../http/list.ts";
import type { DeliveryRow } from "../../ledger/notifications/deliveries.ts";
import type { DestinationRow } from "../../ledger/notifications/destinations.ts";
import { deliveriesQuery } from "../../notifications/delivery-schema.ts";
import type { TestResult } from "../../notifications/test-destination.ts";
import type { AppError } from "../../platform/app-error.ts";
import { type DashboardContext, pathId } from "../dashboard-env.ts";
import { DELIVERY_LOOK } from "../delivery-words.ts";
import { deliveryHref, href } from "../hrefs.ts";
import { renderPage } from "../layout/render.tsx";
import { StatusBadge } from "../parts/badge.tsx";
import { DestinationActions, Tested } from "../parts/destination-actions.tsx";
import { List } from "../parts/list-page.tsx";
import { PageNote } from "../parts/page-note.tsx";
import { Facts, PageHead, Panel } from "../parts/panel.tsx";
import { None, Table } from "../parts/table.tsx";
import { ExactTime, Time } from "../parts/time.tsx";
import { askList } from "../read-list.ts";
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
  const now = c.get("deps").now();
  const id = pathId(c);
  const list = await askList(
    c,
    deliveriesQuery,
    ({ status }, page) => ["listDeliveries", { destinationId: id, status, ...page }],
    byCreation,
    () => ({ destination: ["getDestination", { id }] }),
  );
  const { destination } = list.beside;
  return renderPage(
    c,
    {
      title: "Event destination",
      place: "Event destinations",
      status: problem?.status,
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
      <List
        panel="Deliveries"
        path={`/event-destinations/${encodeURIComponent(destination.id)}`}
        list={list}
        looks={DELIVERY_LOOK}
        table={(rows) => <Deliveries rows={rows} now={now} />}
        none={{
          title: "Nothing was sent to it yet.",
          words: <p>A delivery shows here as soon as something happens that it listens to.</p>,
        }}
        noneFits={{ title: "No delivery fits.", showAll: "Show all deliveries" }}
      />
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
        { head: "Answer", right: true, priority: 2, cell: (row) => row.responseStatus ?? <None /> },
        { head: "Tries", right: true, priority: 2, cell: (row) => row.attempts },
        { head: "Message", priority: 2, cell: (row) => <code class="clip">{row.messageId}</code> },
        { head: "When", isTime: true, priority: 2, cell: (row) => <Time ms={row.createdAtMs} now={now} /> },
      ]}
    />
  );
}
