// One event destination with its deliveries, newest first: what was sent, and how its last try ended.

import { byCreation } from "../../http/list.ts";
import type { DeliveryRow } from "../../ledger/notifications/deliveries.ts";
import type { DestinationView } from "../../ledger/notifications/destination-view.ts";
import { deliveriesQuery } from "../../notifications/delivery-schema.ts";
import { testResultSchema } from "../../notifications/schema.ts";
import { SNIPPETS_BY_LANGUAGE } from "../../notifications/verify-snippets.ts";
import type { AppError } from "../../platform/app-error.ts";
import type { SealedAnswer } from "../../platform/sealed-answer.ts";
import { type DashboardContext, pathId } from "../dashboard-env.ts";
import { DELIVERY_LOOK, deliveryLook, rateWords } from "../delivery-words.ts";
import { deliveryHref, href } from "../hrefs.ts";
import { keptRead, openResult } from "../kept-result.ts";
import { renderPage } from "../layout/render.tsx";
import { StatusBadge } from "../parts/badge.tsx";
import { ByApi } from "../parts/by-api.tsx";
import { CopyId } from "../parts/copy.tsx";
import { DestinationActions, Tested } from "../parts/destination-actions.tsx";
import { List } from "../parts/list-page.tsx";
import { LiveRegion } from "../parts/live-region.tsx";
import { PageNote } from "../parts/page-note.tsx";
import { Facts, PageHead, Panel } from "../parts/panel.tsx";
import { Snippets } from "../parts/secret.tsx";
import { None, Table } from "../parts/table.tsx";
import { ExactTime, Time } from "../parts/time.tsx";
import { askList } from "../read-list.ts";
import { mayAct } from "../session/may-act.ts";
import { DestinationState } from "./event-destinations.tsx";

export async function showEventDestination(c: DashboardContext) {
  return renderDestination(c, null);
}

/** @param problem why an action of this page was refused */
export async function renderDestination(c: DashboardContext, problem: AppError | null) {
  const now = c.get("deps").now();
  const id = pathId(c);
  const testName = c.req.query("test") ?? "";
  const testRead = keptRead(testName);
  const list = await askList(
    c,
    deliveriesQuery,
    ({ status }, page) => ["listDeliveries", { destinationId: id, status, ...page }],
    byCreation,
    () => ({
      destination: ["getDestinationView", { id }],
      ...(testRead === null ? {} : { answer: testRead }),
    }),
  );
  const { destination } = list.beside;
  const tested = await readTest(c, testName, "answer" in list.beside ? list.beside.answer : null);
  const mayKeep = mayAct(c.get("session"), "admin", "event_destinations");
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
      {mayKeep ? <DestinationActions destination={destination} /> : null}
      <LiveRegion name="deliveries" pending={list.rows.some(({ status }) => status === "pending")}>
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
      </LiveRegion>
      <details class="panel pad">
        <summary>How your platform verifies what comes</summary>
        <Snippets snippets={SNIPPETS_BY_LANGUAGE} />
      </details>
      <ByApi
        calls={[
          { words: "This destination", method: "GET", path: pathOf(id), route: "/event_destinations/{id}" },
          {
            words: "Its deliveries",
            method: "GET",
            path: `${pathOf(id)}/deliveries`,
            query: list.filters,
            route: "/event_destinations/{id}/deliveries",
          },
          {
            words: "An example, sent now",
            method: "POST",
            path: `${pathOf(id)}/test`,
            body: { type: destination.eventTypes?.[0] ?? "invoice.paid" },
            route: "/event_destinations/{id}/test",
          },
        ]}
      />
    </>,
  );
}

function pathOf(id: string): string {
  return `/event_destinations/${encodeURIComponent(id)}`;
}

/** What came of the example that the address names; null for none, and once it is forgotten. */
async function readTest(c: DashboardContext, name: string, answer: SealedAnswer | null) {
  return testResultSchema.safeParse(await openResult(c, name, answer)).data ?? null;
}

function About({ destination, now }: { destination: DestinationView; now: number }) {
  const { failingSinceMs, eventTypes, recent } = destination;
  const time = (ms: number | null) => (ms === null ? null : <ExactTime ms={ms} now={now} />);
  return (
    <Panel title="About">
      <div class="pad">
        <Facts
          facts={[
            ["State", <DestinationState destination={destination} />],
            ["Last 24 hours", rateWords(recent.day)],
            ["Last 7 days", rateWords(recent.week)],
            ["Counted since", time(recent.countedSinceMs)],
            ["Last delivered", time(recent.lastSucceededAtMs)],
            ["Last failed", time(recent.lastFailedAtMs)],
            ["Next try", time(recent.nextTryAtMs)],
            ["Failing since", time(failingSinceMs)],
            ["Types", eventTypes === null ? "all" : eventTypes.join(", ")],
            ["Id", <CopyId id={destination.id} />],
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
          tag: true,
          cell: (row) => (
            <>
              <StatusBadge look={deliveryLook(row)} />
              {row.error === null ? null : <span class="reason">{row.error}</span>}
              {row.nextAttemptAtMs === null || row.attempts === 0 ? null : (
                <span class="reason">
                  Next try <Time ms={row.nextAttemptAtMs} now={now} />
                </span>
              )}
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
