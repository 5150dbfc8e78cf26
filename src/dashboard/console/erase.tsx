// Erases an environment, after what is lost was read and its name typed.

import type { EnvironmentRow } from "../../directory/store.ts";
import { ledger } from "../../ledger/client.ts";
import type { AppError } from "../../platform/app-error.ts";
import type { Deps, Scope } from "../../platform/deps.ts";
import { attempt, readForm } from "../act.ts";
import type { DashboardContext } from "../dashboard-env.ts";
import { TextField } from "../parts/field.tsx";
import { FormPage } from "../parts/form-page.tsx";
import { Panel } from "../parts/panel.tsx";
import { environmentOfPath } from "./console-act.ts";
import { environmentHref, tenantHref } from "./console-hrefs.ts";
import { renderConsole } from "./console-page.tsx";
import { lostWords } from "./tenant.tsx";

/** Erases one whose name was typed; of a room that stands above this one. */
export type EraseEnvironment = (deps: Deps, scope: Scope, confirm: string) => Promise<EnvironmentRow>;

export function showErasure(c: DashboardContext) {
  return renderErasure(c, "", null);
}

export function erase(eraseEnvironment: EraseEnvironment) {
  return async (c: DashboardContext) => {
    const { scope } = await environmentOfPath(c);
    const typed = (await readForm(c)).get("confirm") ?? "";
    const done = await attempt(() => eraseEnvironment(c.get("deps"), scope, typed));
    if (!done.ok) return renderErasure(c, typed, done.problem);
    return c.redirect(`${tenantHref(scope.tenantId)}?done=environment_erased`, 303);
  };
}

async function renderErasure(c: DashboardContext, typed: string, problem: AppError | null) {
  const { environment, scope } = await environmentOfPath(c);
  const lost = await ledger(c.get("deps"), scope).countLost({});
  return renderConsole(
    c,
    { title: "Erase an environment", place: "Environments", status: problem?.status },
    <FormPage
      crumb={{ words: environment.name, href: environmentHref(scope) }}
      title={`Erase ${environment.name}`}
      note="For good: nobody can bring it back."
      action={environmentHref(scope, "erase")}
      button="Erase it for good"
      danger
      problem={problem}
      before={
        <Panel title="What is lost">
          <div class="pad">
            <ul>
              {lostWords(lost).map((words) => (
                <li>{words}</li>
              ))}
              <li>
                Its connection to Stripe with its secrets: our webhook endpoint is removed there, and payment
                links are switched off. What cannot be undone at Stripe is said afterwards.
              </li>
              <li>Its API keys, sessions, event destinations, settings and logs.</li>
            </ul>
            <p>What was paid stays at Stripe. Its name, its id and these counts are kept here.</p>
          </div>
        </Panel>
      }
    >
      <TextField
        name="confirm"
        label={`Type its name, ${environment.name}, to erase it`}
        value={typed}
        required
        maxlength={200}
        problem={problem}
      />
    </FormPage>,
  );
}
