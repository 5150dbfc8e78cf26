// The first page: whether money can come in, what is open, what came from Stripe, and what needs a person.

import { readLiveConnection } from "../connection-view.ts";
import { type DashboardContext, sessionLedger } from "../dashboard-env.ts";
import { href } from "../hrefs.ts";
import { invoiceIdsOf } from "../job-view.ts";
import { renderPage } from "../layout/render.tsx";
import { ConnectionSummary } from "../parts/connection-summary.tsx";
import { DayStrip } from "../parts/day-strip.tsx";
import { DeafDestinations } from "../parts/deaf-destinations.tsx";
import { EventTable } from "../parts/event-table.tsx";
import { FillingUp } from "../parts/filling-up.tsx";
import { FirstSteps } from "../parts/first-steps.tsx";
import { InvoiceTable } from "../parts/invoice-table.tsx";
import { JobTable } from "../parts/job-table.tsx";
import { PageHead, Panel } from "../parts/panel.tsx";
import { PayableLinks } from "../parts/payable-links.tsx";
import { MissedNotice } from "../parts/reconciliation-state.tsx";
import { Tiles } from "../parts/tiles.tsx";
import { mayAct } from "../session/may-act.ts";

const LATEST = { limit: 6, after: null };
const DESTINATIONS = { limit: 50, after: null };
const STUCK_SHOWN = 5;
const PAYABLE_SHOWN = 20;

export async function showOverview(c: DashboardContext) {
  const deps = c.get("deps");
  const { scope, livemode } = c.get("session").principal;
  const now = deps.now();
  const mine = sessionLedger(c);
  const [
    connection,
    invoiceCounts,
    { rows: invoices },
    { rows: events },
    jobs,
    payable,
    destinations,
    stats,
  ] = await Promise.all([
    readLiveConnection(deps, scope),
    mine.countInvoices({}),
    mine.listInvoices({ filter: {}, page: LATEST }),
    mine.listWebhookEvents({ filter: {}, page: LATEST }),
    mine.listStuckWork({ filter: {}, limit: 100, after: null }),
    mine.listStuckWork({ filter: { kind: "deactivate_payment_link" }, limit: PAYABLE_SHOWN, after: null }),
    mine.listDestinations(DESTINATIONS),
    mine.readStats({}),
  ]);
  const reconciled = connection ? await mine.findReconciliation({ connectionId: connection.id }) : undefined;
  const stuck = jobs.slice(0, STUCK_SHOWN);
  const [names, numbers] = await Promise.all([
    mine.findCustomerNames({ ids: invoices.map(({ invoice }) => invoice.customerId) }),
    mine.findInvoiceNumbers({
      ids: [
        ...events.map((event) => event.invoiceId).filter((id) => id !== null),
        ...invoiceIdsOf([...stuck, ...payable]),
      ],
    }),
  ]);
  const gauges = await mine.readGauges({});
  const isNew = invoices.length === 0;
  return renderPage(
    c,
    { title: "Overview", place: "Overview" },
    <>
      <PageHead
        title="Overview"
        note={livemode ? "Live mode: real money." : "Test mode: no real money moves."}
      />
      <ConnectionSummary connection={connection} livemode={livemode} now={now} />
      <PayableLinks jobs={payable} invoiceNumbers={numbers} />
      <DeafDestinations rows={destinations} now={now} />
      <FillingUp bytes={gauges.bytes} />
      <div class="page-note">
        <MissedNotice row={reconciled ?? null} now={now} />
      </div>
      <Tiles
        invoices={invoiceCounts}
        eventsReceived={stats.totals.events.received}
        eventsUnfinished={gauges.failedEvents + gauges.deadEvents}
        stuckJobs={jobs.length}
      />
      <DayStrip stats={stats} />
      {jobs.length === 0 ? null : (
        <Panel title="Needs attention" more={<a href={href("/stuck-jobs")}>All stuck jobs</a>}>
          <JobTable
            jobs={stuck}
            invoiceNumbers={numbers}
            mayRetry={mayAct(c.get("session"), "write")}
            now={now}
          />
        </Panel>
      )}
      {isNew ? (
        <FirstSteps connected={connection !== null} />
      ) : (
        <Panel title="Latest invoices" more={<a href={href("/invoices")}>All invoices</a>}>
          <InvoiceTable invoices={invoices.slice(0, LATEST.limit)} customerNames={names} now={now} />
        </Panel>
      )}
      {events.length === 0 ? null : (
        <Panel title="Latest webhook events" more={<a href={href("/webhook-events")}>All events</a>}>
          <EventTable events={events.slice(0, LATEST.limit)} invoiceNumbers={numbers} now={now} />
        </Panel>
      )}
    </>,
  );
}
