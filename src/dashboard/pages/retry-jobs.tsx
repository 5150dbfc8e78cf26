// Jobs that gave up are done again: one, or all of them after they were counted.

import { AppError } from "../../platform/app-error.ts";
import { attempt, formToken, readForm } from "../act.ts";
import { askLedger } from "../ask-ledger.ts";
import { type DashboardContext, pathId, sessionLedger } from "../dashboard-env.ts";
import type { Done } from "../done-words.ts";
import { href, invoiceHref } from "../hrefs.ts";
import { jobView } from "../job-view.ts";
import { renderPage } from "../layout/render.tsx";
import { ConfirmPage } from "../parts/confirm-page.tsx";
import { countWords } from "../status-words.ts";
import { renderInvoice } from "./invoice.tsx";
import { renderStuckJobs } from "./stuck-jobs.tsx";

const PATH = "/stuck-jobs";
// Each is two calls of the ledger; a Worker's invocation has 1,000.
const AT_ONCE = 50;

export async function retryOne(c: DashboardContext) {
  const id = pathId(c);
  const form = await readForm(c);
  const invoiceId = form.get("invoice") ?? "";
  const backWith = (done: Done) =>
    c.redirect(invoiceId === "" ? href(PATH, { done }) : `${invoiceHref(invoiceId)}?done=${done}`, 303);
  // Shown on a page of ours, and gone or going on since: done meanwhile, or the form was sent twice.
  const job = await sessionLedger(c).findWork({ id });
  const hasMovedOn = job ? job.status === "wanted" : formToken(form) !== null;
  if (hasMovedOn) return backWith("job_moved_on");
  const done = await attempt(() => sessionLedger(c).retryWork({ id }));
  if (done.ok) return backWith("job_retried");
  return invoiceId === "" ? renderStuckJobs(c, done.problem) : renderInvoice(c, done.problem, invoiceId);
}

/** The page that says how many, and of what. */
export async function showRetryAll(c: DashboardContext) {
  const dead = { filter: { status: "dead" as const }, limit: AT_ONCE + 1, after: null };
  const { jobs } = await askLedger(c, { jobs: ["listStuckWork", dead] });
  const shown = jobs.slice(0, AT_ONCE);
  const kinds = Map.groupBy(shown, (row) => jobView(row).title);
  return renderPage(
    c,
    { title: "Retry jobs", place: "Issues" },
    <ConfirmPage
      crumb={{ words: "Jobs", href: href(PATH) }}
      title="Retry all jobs that gave up"
      note={jobs.length > AT_ONCE ? `The newest ${AT_ONCE} of them; the others after that.` : null}
      action={href(`${PATH}/retry`)}
      button={shown.length === 0 ? null : `Retry ${countWords(shown.length, "job")}`}
      problem={null}
    >
      {shown.length === 0 ? <li>No job has given up.</li> : null}
      {Array.from(kinds, ([title, rows]) => (
        <li>{`${title}: ${rows.length.toLocaleString("en")}`}</li>
      ))}
      {shown.length === 0 ? null : (
        <li>Each begins anew, with all its tries before it. What cannot be repeated safely stays here.</li>
      )}
    </ConfirmPage>,
  );
}

export async function retryAll(c: DashboardContext) {
  if ((await readForm(c)).get("confirm") !== "yes") return showRetryAll(c);
  const mine = sessionLedger(c);
  const dead = { filter: { status: "dead" as const }, limit: AT_ONCE, after: null };
  for (const job of await mine.listStuckWork(dead)) {
    try {
      const done = await attempt(() => mine.retryWork({ id: job.id }));
      if (!done.ok && done.problem.retryable) return renderStuckJobs(c, done.problem);
    } catch (error) {
      // Done by another meanwhile.
      if (!(error instanceof AppError) || error.code !== "not_found") throw error;
    }
  }
  return c.redirect(href(PATH, { done: "jobs_retried" }), 303);
}
