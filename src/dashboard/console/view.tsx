// Opens an environment's dashboard to the operator: after a page that says what they see there, and who is told of it.

import { openView } from "../../directory/operator-view.ts";
import type { AppError } from "../../platform/app-error.ts";
import { invalid } from "../../platform/app-error.ts";
import { attempt, readForm } from "../act.ts";
import type { DashboardContext } from "../dashboard-env.ts";
import { href } from "../hrefs.ts";
import { TextField } from "../parts/field.tsx";
import { FormPage } from "../parts/form-page.tsx";
import { Panel } from "../parts/panel.tsx";
import { enterSession } from "../session/held-sessions.ts";
import { environmentOfPath } from "./console-act.ts";
import { environmentHref } from "./console-hrefs.ts";
import { renderConsole } from "./console-page.tsx";

const MOST_REASON = 200;

export function showView(c: DashboardContext) {
  return renderView(c, "", null);
}

export async function view(c: DashboardContext) {
  const { scope } = await environmentOfPath(c);
  const reason = ((await readForm(c)).get("reason") ?? "").trim();
  const done = await attempt(async () => {
    if (reason.length > MOST_REASON) throw invalid("reason", `At most ${MOST_REASON} characters.`);
    return openView(c.get("deps"), scope, c.get("consoleSession"), reason);
  });
  if (!done.ok) return renderView(c, reason, done.problem);
  // Whoever was signed in to the dashboard here is not any more.
  await enterSession(c, done.value);
  return c.redirect(href("/"), 303);
}

async function renderView(c: DashboardContext, reason: string, problem: AppError | null) {
  const { environment, scope } = await environmentOfPath(c);
  return renderConsole(
    c,
    { title: "Open a dashboard", place: "Environments", status: problem?.status },
    <FormPage
      crumb={{ words: environment.name, href: environmentHref(scope) }}
      title={`Open the dashboard of ${environment.name}`}
      note="Read-only."
      action={environmentHref(scope, "view")}
      button="Open it read-only"
      problem={problem}
      paths={["reason"]}
      before={
        <Panel title="What this does">
          <div class="pad">
            <ul>
              <li>
                The audit log says that you have opened it, as {c.get("deps").actor.name ?? "the operator"}:
                yours here, and the tenant's own in their dashboard.
              </li>
              <li>You change nothing there. Contents of events, mails and messages stay closed.</li>
              <li>It ends with your session here, an hour after you signed in at the latest.</li>
              <li>Whoever is signed in to a dashboard in this browser is signed out of it.</li>
            </ul>
          </div>
        </Panel>
      }
    >
      <TextField
        name="reason"
        label="Why (optional)"
        value={reason}
        help="The tenant reads it, such as: support request 1234."
        maxlength={MOST_REASON}
        problem={problem}
      />
    </FormPage>,
  );
}
