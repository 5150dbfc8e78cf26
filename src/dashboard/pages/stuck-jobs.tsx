// Work that gave up, or waits for the connection to be put right.

import { findInvoiceNumbers } from "../../invoices/store.ts";
import { listStuckJobs } from "../../platform/outbox.ts";
import type { DashboardContext } from "../dashboard-env.ts";
import { href } from "../hrefs.ts";
import { invoiceIdsOf } from "../job-view.ts";
import { renderPage } from "../layout/render.tsx";
import { JobTable } from "../parts/job-table.tsx";
import { Empty, PageHead } from "../parts/panel.tsx";

const SHOWN = 80;

export async function showStuckJobs(c: DashboardContext) {
  const deps = c.get("deps");
  const { scope } = c.get("session").principal;
  const jobs = await listStuckJobs(deps, scope, SHOWN);
  const numbers = await findInvoiceNumbers(deps, scope, invoiceIdsOf(jobs));
  return renderPage(
    c,
    { title: "Stuck jobs", place: "Stuck jobs" },
    <>
      <PageHead
        title="Stuck jobs"
        note="Work for Stripe that gave up, or waits until the connection works again. Newest first."
      />
      <section class="panel">
        {jobs.length === 0 ? (
          <Empty title="Nothing is stuck.">
            <p>
              Work that fails is tried again by itself for hours; only what gave up or waits shows here. See
              the <a href={href("/connections")}>connection</a> for its own state.
            </p>
          </Empty>
        ) : (
          <JobTable jobs={jobs} invoiceNumbers={numbers} now={deps.now()} />
        )}
      </section>
      {jobs.length === SHOWN ? <p class="muted">{`The newest ${SHOWN} are shown.`}</p> : null}
    </>,
  );
}
