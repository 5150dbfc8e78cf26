// Where the platform is told of what happens, and whether it listens: read only, changed by API.

import { type DestinationRow, listDestinations } from "../../notifications/destination-store.ts";
import type { DashboardContext } from "../dashboard-env.ts";
import { DESTINATION_LOOK, destinationState } from "../delivery-words.ts";
import { destinationHref, docsHref } from "../hrefs.ts";
import { renderPage } from "../layout/render.tsx";
import { StatusBadge } from "../parts/badge.tsx";
import { Empty, PageHead } from "../parts/panel.tsx";
import { Table } from "../parts/table.tsx";
import { Time } from "../parts/time.tsx";

const SHOWN = 50;

export async function showEventDestinations(c: DashboardContext) {
  const deps = c.get("deps");
  const { scope } = c.get("session").principal;
  const rows = await listDestinations(deps, scope, { limit: SHOWN, after: null });
  return renderPage(
    c,
    { title: "Event destinations", place: "Event destinations" },
    <>
      <PageHead title="Event destinations" note="Where your platform is told of what happens, signed." />
      <section class="panel">
        {rows.length === 0 ? (
          <Empty title="No event destination yet.">
            <p>
              Your platform can ask for everything by API, or be told of it:{" "}
              <a href={docsHref("post", "/event_destinations")}>POST /api/v1/event_destinations</a>
            </p>
          </Empty>
        ) : (
          <Destinations rows={rows.slice(0, SHOWN)} now={deps.now()} />
        )}
      </section>
      {rows.length > SHOWN ? <p class="muted">{`The newest ${SHOWN} are shown.`}</p> : null}
    </>,
  );
}

function Destinations({ rows, now }: { rows: readonly DestinationRow[]; now: number }) {
  return (
    <Table
      caption="Event destinations"
      rows={rows}
      columns={[
        {
          head: "URL",
          cell: (row) => (
            <>
              <a href={destinationHref(row.id)}>{row.url}</a>
              {row.description === null ? null : <span class="reason">{row.description}</span>}
            </>
          ),
        },
        { head: "State", cell: (row) => <DestinationState destination={row} /> },
        {
          head: "Types",
          wide: true,
          cell: (row) => (row.eventTypes === null ? "all" : row.eventTypes.join(", ")),
        },
        { head: "Made (UTC)", wide: true, cell: (row) => <Time ms={row.createdAtMs} now={now} /> },
      ]}
    />
  );
}

export function DestinationState({ destination }: { destination: DestinationRow }) {
  const { disabledReason } = destination;
  return (
    <>
      <StatusBadge look={DESTINATION_LOOK[destinationState(destination)]} />
      {disabledReason === null ? null : <span class="reason">{disabledReason}</span>}
    </>
  );
}
