// One event destination with its newest deliveries: what was sent, and how its last try ended.

import { type DeliveryWithLog, listDeliveries } from "../../notifications/delivery-log.ts";
import { getDestination } from "../../notifications/destination-store.ts";
import type { DashboardContext } from "../dashboard-env.ts";
import { DELIVERY_LOOK } from "../delivery-words.ts";
import { href } from "../hrefs.ts";
import { renderPage } from "../layout/render.tsx";
import { StatusBadge } from "../parts/badge.tsx";
import { Empty, Facts, PageHead, Panel } from "../parts/panel.tsx";
import { None, Table } from "../parts/table.tsx";
import { ExactTime, Time } from "../parts/time.tsx";
import { DestinationState } from "./event-destinations.tsx";

const SHOWN = { limit: 50, after: null };

export async function showEventDestination(c: DashboardContext) {
  const deps = c.get("deps");
  const { scope } = c.get("session").principal;
  const now = deps.now();
  const destination = await getDestination(deps, scope, c.req.param("id") ?? "");
  const rows = await listDeliveries(deps, scope, { destinationId: destination.id }, SHOWN);
  const { failingSinceMs } = destination;
  return renderPage(
    c,
    { title: "Event destination", place: "Event destinations" },
    <>
      <p class="crumb">
        <a href={href("/event-destinations")}>Event destinations</a>
      </p>
      <PageHead title={destination.url} note={destination.description} />
      <Panel title="About">
        <div class="pad">
          <Facts
            facts={[
              ["State", <DestinationState destination={destination} />],
              ["Failing since", failingSinceMs === null ? null : <ExactTime ms={failingSinceMs} now={now} />],
              ["Types", destination.eventTypes === null ? "all" : destination.eventTypes.join(", ")],
              ["Id", <code>{destination.id}</code>],
              ["Made", <ExactTime ms={destination.createdAtMs} now={now} />],
            ]}
          />
        </div>
      </Panel>
      <Panel title="Deliveries">
        {rows.length === 0 ? (
          <Empty title="Nothing was sent to it yet.">
            <p>A delivery shows here as soon as something happens that it listens to.</p>
          </Empty>
        ) : (
          <Deliveries rows={rows.slice(0, SHOWN.limit)} now={now} />
        )}
      </Panel>
      {rows.length > SHOWN.limit ? <p class="muted">{`The newest ${SHOWN.limit} are shown.`}</p> : null}
    </>,
  );
}

function Deliveries({ rows, now }: { rows: readonly DeliveryWithLog[]; now: number }) {
  return (
    <Table
      caption="Deliveries"
      rows={rows.map(({ delivery }) => delivery)}
      columns={[
        { head: "Type", cell: (row) => <span class="mono">{row.type}</span> },
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
