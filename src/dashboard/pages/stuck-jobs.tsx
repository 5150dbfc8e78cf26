// Work that gave up, or waits for the connection to be put right.

import { positionOfJob } from "../../issues/job-routes.ts";
import { listJobsQuery, toJobFilter } from "../../issues/job-schema.ts";
import type { AppError } from "../../platform/app-error.ts";
import type { DashboardContext } from "../dashboard-env.ts";
import { href } from "../hrefs.ts";
import { renderPage } from "../layout/render.tsx";
import { JobTable } from "../parts/job-table.tsx";
import { ListPage } from "../parts/list-page.tsx";
import { PageNote } from "../parts/page-note.tsx";
import { askList } from "../read-list.ts";
import { mayAct } from "../session/may-act.ts";
import { JOB_LOOK } from "../status-words.ts";

const PATH = "/stuck-jobs";
const LOOKS = { dead: JOB_LOOK.dead, waiting: JOB_LOOK.waiting };

export async function showStuckJobs(c: DashboardContext) {
  return renderStuckJobs(c, null);
}

/** @param problem why a job could not be done again */
export async function renderStuckJobs(c: DashboardContext, problem: AppError | null) {
  const list = await askList(
    c,
    listJobsQuery,
    (query, { limit, after }) => ["listStuckWork", { filter: toJobFilter(query), limit: limit + 1, after }],
    positionOfJob,
  );
  const mayRetry = mayAct(c.get("session"), "write");
  const dead = list.rows.filter((row) => row.status === "dead").length;
  return renderPage(
    c,
    { title: "Jobs", place: "Issues", status: problem?.status },
    <ListPage
      title="Jobs"
      note="Work that gave up, or waits until the Stripe connection works again. Newest first."
      actions={
        mayRetry && dead > 1 ? (
          <a class="button" href={href(`${PATH}/retry`)}>
            Retry all that gave up…
          </a>
        ) : null
      }
      said={<PageNote c={c} problem={problem} />}
      path={PATH}
      api="/jobs"
      list={list}
      looks={LOOKS}
      table={(rows) => (
        <JobTable
          jobs={rows}
          invoiceNumbers={list.names.invoices}
          mayRetry={mayRetry}
          now={c.get("deps").now()}
        />
      )}
      none={{
        title: "Nothing is stuck.",
        words: (
          <p>
            Work that fails is tried again by itself for hours; only what gave up or waits shows here. See the{" "}
            <a href={href("/connections")}>connection</a> for its own state.
          </p>
        ),
      }}
      noneFits={{ title: "No job fits." }}
    />,
  );
}
