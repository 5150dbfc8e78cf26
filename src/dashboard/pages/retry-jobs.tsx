// Jobs that gave up are done again: one, or all of them after they were counted.

import { AppError } from "../../platform/app-error.ts";
import type { Deps, Scope } from "../../platform/deps.ts";
import { findJob, listStuckJobs } from "../../platform/stuck-jobs.ts";
import { attempt, formToken, readForm } from "../act.ts";
import type { DashboardContext } from "../dashboard-env.ts";
import type { Done } from "../done-words.ts";
import { href, invoiceHref } from "../hrefs.ts";
import { jobView } from "../job-view.ts";
import { renderPage } from "../layout/render.tsx";
import { ConfirmForm } from "../parts/confirm-form.tsx";
import { countWords } from "../status-words.ts";
import { renderInvoice } from "./invoice.tsx";
import { renderStuckJobs } from "./stuck-jobs.tsx";

/** Does a job again that gave up (retry-job.ts): passed in, since every feature has jobs. */
export type RetryJob = (deps: Deps, scope: Scope, jobId: string) => Promise<void>;

const PATH = "/stuck-jobs";
// Each is a handful of queries; a Worker's invocation has 1,000.
const AT_ONCE = 50;

export function retryOne(retryJob: RetryJob) {
  return async (c: DashboardContext) => {
    const [deps, { scope }] = [c.get("deps"), c.get("session").principal];
    const id = c.req.param("id") ?? "";
    const form = await readForm(c);
    const invoiceId = form.get("invoice") ?? "";
    const backWith = (done: Done) =>
      c.redirect(invoiceId === "" ? href(PATH, { done }) : `${invoiceHref(invoiceId)}?done=${done}`, 303);
    // Shown on a page of ours, and gone or going on since: done meanwhile, or the form was sent twice.
    const job = await findJob(deps, scope, id);
    const hasMovedOn = job ? job.status === "pending" || job.status === "enqueued" : formToken(form) !== null;
    if (hasMovedOn) return backWith("job_moved_on");
    const done = await attempt(c, () => retryJob(deps, scope, id));
    if (done.ok) return backWith("job_retried");
    return invoiceId === "" ? renderStuckJobs(c, done.problem) : renderInvoice(c, done.problem, invoiceId);
  };
}

/** The page that says how many, and of what. */
export async function showRetryAll(c: DashboardContext) {
  const [deps, { scope }] = [c.get("deps"), c.get("session").principal];
  const jobs = await listStuckJobs(deps, scope, AT_ONCE + 1, { status: "dead" });
  const shown = jobs.slice(0, AT_ONCE);
  const kinds = Map.groupBy(shown, (row) => jobView(row).title);
  return renderPage(
    c,
    { title: "Retry jobs", place: "Stuck jobs" },
    <ConfirmForm
      crumb={{ words: "Stuck jobs", href: href(PATH) }}
      title="Retry all jobs that gave up"
      note={jobs.length > AT_ONCE ? `The newest ${AT_ONCE} of them; the others after that.` : null}
      action={href(`${PATH}/retry`)}
      button={shown.length === 0 ? null : `Retry ${countWords(shown.length, "job")}`}
    >
      {shown.length === 0 ? <li>No job has given up.</li> : null}
      {Array.from(kinds, ([title, rows]) => (
        <li>{`${title}: ${rows.length.toLocaleString("en")}`}</li>
      ))}
      {shown.length === 0 ? null : (
        <li>Each begins anew, with all its tries before it. What cannot be repeated safely stays here.</li>
      )}
    </ConfirmForm>,
  );
}

export function retryAll(retryJob: RetryJob) {
  return async (c: DashboardContext) => {
    if ((await readForm(c)).get("confirm") !== "yes") return showRetryAll(c);
    const [deps, { scope }] = [c.get("deps"), c.get("session").principal];
    for (const job of await listStuckJobs(deps, scope, AT_ONCE, { status: "dead" })) {
      try {
        const done = await attempt(c, () => retryJob(deps, scope, job.id));
        if (!done.ok && done.problem.retryable) return renderStuckJobs(c, done.problem);
      } catch (error) {
        // Done by another meanwhile.
        if (!(error instanceof AppError) || error.code !== "not_found") throw error;
      }
    }
    return c.redirect(href(PATH, { done: "jobs_retried" }), 303);
  };
}
