// Takes a job that gave up off the list, once it was said what that means.

import { AppError, notFound } from "../../platform/app-error.ts";
import { attempt, formToken, readForm } from "../act.ts";
import { askLedger } from "../ask-ledger.ts";
import { type DashboardContext, pathId, sessionLedger } from "../dashboard-env.ts";
import { href, jobHref } from "../hrefs.ts";
import { jobView } from "../job-view.ts";
import { renderPage } from "../layout/render.tsx";
import { ConfirmPage } from "../parts/confirm-page.tsx";

const PATH = "/stuck-jobs";

export async function showDismissal(c: DashboardContext) {
  return renderDismissal(c, null);
}

export async function dismiss(c: DashboardContext) {
  const id = pathId(c);
  const form = await readForm(c);
  if (form.get("confirm") !== "yes") return renderDismissal(c, null);
  try {
    const done = await attempt(() => sessionLedger(c).dismissWork({ id }));
    if (!done.ok) return renderDismissal(c, done.problem);
  } catch (error) {
    // Shown on a page of ours, and gone since: the form was sent twice.
    const isGone = error instanceof AppError && error.code === "not_found" && formToken(form) !== null;
    if (!isGone) throw error;
  }
  return c.redirect(href(PATH, { done: "job_dismissed" }), 303);
}

/** @param problem why it was refused */
async function renderDismissal(c: DashboardContext, problem: AppError | null) {
  const id = pathId(c);
  const { job } = await askLedger(c, { job: ["findWork", { id }] });
  if (!job) throw notFound("job", id);
  const { title, untilThen } = jobView(job);
  return renderPage(
    c,
    { title: "Dismiss a job", place: "Issues", status: problem?.status },
    <ConfirmPage
      crumb={{ words: "Jobs", href: href(PATH) }}
      title="Dismiss the job"
      note={title}
      action={`${jobHref(id)}/dismiss`}
      button={job.status === "dead" ? "Dismiss it" : null}
      danger
      problem={problem}
    >
      {job.status === "dead" ? (
        <>
          <li>{`It gave up: ${job.error ?? "no reason was noted."}`}</li>
          <li>
            It is taken off the list and out of the counts, and is not done again. What it was to do stays
            undone.
          </li>
          {untilThen === null ? null : <li>{untilThen}</li>}
          <li>The audit log keeps that it was dismissed, by whom, and why it had given up.</li>
        </>
      ) : (
        <li>It has not given up: there is nothing to dismiss.</li>
      )}
    </ConfirmPage>,
  );
}
