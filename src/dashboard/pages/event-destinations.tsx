// Where the platform is told of what happens, and whether it listens.

import { listOf, readPage } from "../../http/list.ts";
import { ledger } from "../../ledger/client.ts";
import type { DestinationRow } from "../../ledger/notifications/destinations.ts";
import { pageQuery } from "../../notifications/schema.ts";
import type { DashboardContext } from "../dashboard-env.ts";
import { DESTINATION_LOOK, destinationState } from "../delivery-words.ts";
import { destinationHref, docsHref, href } from "../hrefs.ts";
import { renderPage } from "../layout/render.tsx";
import { StatusBadge } from "../parts/badge.tsx";
import { Pager } from "../parts/list-navigation.tsx";
import { PageNote } from "../parts/page-note.tsx";
import { Empty, PageHead } from "../parts/panel.tsx";
import { Table } from "../parts/table.tsx";
import { Time } from "../parts/time.tsx";
import { readQuery } from "../read-query.ts";
import { mayAct } from "../session/may-act.ts";

const PATH = "/event-destinations";

export async function showEventDestinations(c: DashboardContext) {
  const deps = c.get("deps");
  const { scope } = c.get("session").principal;
  const query = readQuery(c, pageQuery);
  const page = readPage(query);
  const list = listOf(
    await ledger(deps, scope).listDestinations(page),
    page.limit,
    (row) => row,
    (row) => ({ timeMs: row.createdAtMs, id: row.id }),
  );
  return renderPage(
    c,
    { title: "Event destinations", place: "Event destinations" },
    <>
      <PageHead title="Event destinations" note="Where your platform is told of what happens, signed.">
        {mayAct(c.get("session"), "admin") ? (
          <a class="button" href={href(`${PATH}/new`)}>
            New destination…
          </a>
        ) : null}
      </PageHead>
      <PageNote c={c} />
      <section class="panel">
        {list.data.length === 0 ? (
          <Empty title="No event destination yet.">
            <p>
              Your platform can ask for everything by API, or be told of it:{" "}
              <a href={docsHref("post", "/event_destinations")}>POST /api/v1/event_destinations</a>
            </p>
          </Empty>
        ) : (
          <Destinations rows={list.data} now={deps.now()} />
        )}
      </section>
      <Pager path={PATH} filters={{}} cursor={query.cursor} nextCursor={list.next_cursor} />
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
