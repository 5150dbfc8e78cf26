// Work that gave up, or waits for the connection to be put right.

import type { ContentfulStatusCode } from "hono/utils/http-status";
import * as z from "zod";
import { listOf, listQuery, readPage } from "../../http/list.ts";
import { ledger } from "../../ledger/client.ts";
import type { AppError } from "../../platform/app-error.ts";
import type { DashboardContext } from "../dashboard-env.ts";
import { href } from "../hrefs.ts";
import { invoiceIdsOf } from "../job-view.ts";
import { renderPage } from "../layout/render.tsx";
import { JobTable } from "../parts/job-table.tsx";
import { Pager, StatusTabs } from "../parts/list-navigation.tsx";
import { PageNote } from "../parts/page-note.tsx";
import { Empty, PageHead } from "../parts/panel.tsx";
import { readQuery } from "../read-query.ts";
import { mayAct } from "../session/may-act.ts";
import { JOB_LOOK } from "../status-words.ts";

const PATH = "/stuck-jobs";
const LOOKS = { dead: JOB_LOOK.dead, waiting: JOB_LOOK.waiting };

const stuckJobsQuery = z.strictObject({ ...listQuery, status: z.enum(["dead", "waiting"]).optional() });

export async function showStuckJobs(c: DashboardContext) {
  return renderStuckJobs(c, null);
}

/** @param problem why a job could not be done again */
export async function renderStuckJobs(c: DashboardContext, problem: AppError | null) {
  const deps = c.get("deps");
  const { scope } = c.get("session").principal;
  const query = readQuery(c, stuckJobsQuery);
  const page = readPage(query);
  const { status } = query;
  const rows = await ledger(deps, scope).listStuckWork({
    filter: { status },
    limit: page.limit + 1,
    after: page.after,
  });
  const list = listOf(
    rows,
    page.limit,
    (row) => row,
    (row) => ({ timeMs: row.updatedAtMs, id: row.id }),
  );
  const numbers = await ledger(deps, scope).findInvoiceNumbers({ ids: invoiceIdsOf(list.data) });
  const mayRetry = mayAct(c.get("session"), "write");
  const dead = list.data.filter((row) => row.status === "dead").length;
  return renderPage(
    c,
    { title: "Stuck jobs", place: "Stuck jobs", status: (problem?.status ?? 200) as ContentfulStatusCode },
    <>
      <PageHead
        title="Stuck jobs"
        note="Work that gave up, or waits until the Stripe connection works again. Newest first."
      >
        {mayRetry && dead > 1 ? (
          <a class="button" href={href(`${PATH}/retry`)}>
            Retry all that gave up…
          </a>
        ) : null}
      </PageHead>
      <PageNote c={c} problem={problem} />
      <StatusTabs path={PATH} looks={LOOKS} present={status} />
      <section class="panel">
        {list.data.length === 0 ? (
          <Empty title={status === undefined ? "Nothing is stuck." : "No job fits."}>
            <p>
              Work that fails is tried again by itself for hours; only what gave up or waits shows here. See
              the <a href={href("/connections")}>connection</a> for its own state.
            </p>
          </Empty>
        ) : (
          <JobTable jobs={list.data} invoiceNumbers={numbers} mayRetry={mayRetry} now={deps.now()} />
        )}
      </section>
      <Pager path={PATH} filters={{ status }} cursor={query.cursor} nextCursor={list.next_cursor} />
    </>,
  );
}
