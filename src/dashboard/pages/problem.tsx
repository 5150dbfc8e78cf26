// Errors as pages: the same words, status and request id as the API's, in the dashboard's look.

import { HTTPException } from "hono/http-exception";
import { type Problem, problemResponse } from "../../http/problem.ts";
import { createLogger } from "../../platform/logger.ts";
import type { DashboardContext } from "../dashboard-env.ts";
import { href, isOfConsole } from "../hrefs.ts";
import { isSignedIn, renderAlone, renderPage } from "../layout/render.tsx";

/** Answers whatever a page threw; what was not expected is logged and its words are not shown. */
export async function showError(error: unknown, c: DashboardContext): Promise<Response> {
  // hono/csrf throws this one; every other refusal is an AppError.
  if (error instanceof HTTPException && error.status === 403) {
    const detail =
      "The form came from another site, or the browser hid where it came from. Open the page here and try again.";
    return show(c, { status: 403, title: "Form refused", detail, request_id: c.get("requestId") });
  }
  const response = problemResponse(
    error,
    c.get("requestId"),
    createLogger({ request_id: c.get("requestId") }),
  );
  const retryAfter = response.headers.get("retry-after");
  if (retryAfter !== null) c.header("retry-after", retryAfter);
  return show(c, (await response.json()) as Problem);
}

export function showNotFound(c: DashboardContext) {
  const detail = `There is no page at ${c.req.path}.`;
  return show(c, { status: 404, title: "Not found", detail, request_id: c.get("requestId") });
}

type Shown = Pick<Problem, "status" | "title" | "detail" | "request_id">;

function show(c: DashboardContext, problem: Shown) {
  const { status } = problem;
  if (isSignedIn(c))
    return renderPage(c, { title: problem.title, place: null, status }, <Words problem={problem} />);
  const home = isOfConsole(c.req.path) ? "/console" : href("/");
  return renderAlone(c, { title: problem.title, status }, <Words problem={problem} home={home} />);
}

function Words({ problem, home = href("/") }: { problem: Shown; home?: string }) {
  return (
    <div class="card problem">
      <p class="muted">{problem.status}</p>
      <h1>{problem.title}</h1>
      <p>{problem.detail}</p>
      <p>
        <a href={home}>Back to Home</a>
      </p>
      <p class="muted">
        Request id <code>{problem.request_id}</code>
      </p>
    </div>
  );
}
