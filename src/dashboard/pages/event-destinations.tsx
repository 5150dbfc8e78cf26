// Where the platform is told of what happens, and whether it listens.

import { byCreation, pageQuery } from "../../http/list.ts";
import type { DestinationView, RecentDeliveries } from "../../ledger/notifications/destination-view.ts";
import type { DestinationRow } from "../../ledger/notifications/destinations.ts";
import type { DashboardContext } from "../dashboard-env.ts";
import { DESTINATION_LOOK, destinationState, takenWords } from "../delivery-words.ts";
import { destinationHref, docsHref, href } from "../hrefs.ts";
import { renderPage } from "../layout/render.tsx";
import { StatusBadge } from "../parts/badge.tsx";
import { ListPage } from "../parts/list-page.tsx";
import { PageNote } from "../parts/page-note.tsx";
import { None, Table } from "../parts/table.tsx";
import { Time } from "../parts/time.tsx";
import { askList } from "../read-list.ts";
import { mayAct } from "../session/may-act.ts";

const PATH = "/event-destinations";

export async function showEventDestinations(c: DashboardContext) {
  const list = await askList(c, pageQuery, (_, page) => ["listDestinationViews", page], byCreation);
  return renderPage(
    c,
    { title: "Event destinations", place: "Event destinations" },
    <ListPage
      title="Event destinations"
      note="Where your platform is told of what happens, signed."
      actions={
        mayAct(c.get("session"), "admin", "event_destinations") ? (
          <a class="button primary" href={href(`${PATH}/new`)}>
            New destination…
          </a>
        ) : null
      }
      said={<PageNote c={c} />}
      path={PATH}
      api="/event_destinations"
      list={list}
      table={(rows) => <Destinations rows={rows} now={c.get("deps").now()} />}
      none={{
        title: "No event destination yet.",
        words: (
          <p>
            Your platform is told here of each payment, refund and dispute as it happens. A destination is
            made with the button above, or <a href={docsHref("post", "/event_destinations")}>by API</a>.
          </p>
        ),
      }}
    />,
  );
}

function Destinations({ rows, now }: { rows: readonly DestinationView[]; now: number }) {
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
        { head: "State", tag: true, cell: (row) => <DestinationState destination={row} /> },
        { head: "Delivered", cell: (row) => <Taken of={row.recent} /> },
        {
          head: "Next try",
          isTime: true,
          cell: (row) => <NextTry of={row.recent} now={now} />,
        },
        {
          head: "Types",
          priority: 2,
          cell: (row) => (row.eventTypes === null ? "all" : row.eventTypes.join(", ")),
        },
        { head: "Made", isTime: true, priority: 2, cell: (row) => <Time ms={row.createdAtMs} now={now} /> },
      ]}
    />
  );
}

/** How much of it, and of how much within what time. */
function Taken({ of: recent }: { of: RecentDeliveries }) {
  const taken = takenWords(recent);
  if (taken === null) return recent.lastSucceededAtMs === null ? "Nothing sent yet" : "Nothing in 7 days";
  return (
    <>
      {taken.rate}
      <span class="reason">{taken.of}</span>
    </>
  );
}

/** Of what failed before. */
function NextTry({ of: { nextTryAtMs }, now }: { of: RecentDeliveries; now: number }) {
  return nextTryAtMs === null ? <None /> : <Time ms={nextTryAtMs} now={now} />;
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
