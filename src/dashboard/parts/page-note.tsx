// The first thing on a page after an action: that it was done, or why it was refused.

import type { AppError } from "../../platform/app-error.ts";
import type { DashboardContext } from "../dashboard-env.ts";
import { doneTone, doneWords } from "../done-words.ts";

/** @param props.done what was done, where the address names it in another way than by `?done=` */
export function PageNote({
  c,
  problem = null,
  done = c.req.query("done"),
}: {
  c: DashboardContext;
  problem?: AppError | null;
  done?: string | undefined;
}) {
  if (problem !== null) {
    return (
      <div class="notice bad page-note" role="alert">
        {problem.message}
      </div>
    );
  }
  const words = c.req.method === "GET" ? doneWords(done) : null;
  return words === null ? null : (
    <div class={`notice ${doneTone(done)} page-note`} role="status">
      {words}
    </div>
  );
}
