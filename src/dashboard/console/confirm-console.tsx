// Showing once more that the console's session is one's own: by ROOT_TOKEN where that has opened it, and by name where
// Cloudflare Access did, whose assertion comes with each request anyway.

import { isRootToken } from "../../directory/authenticate.ts";
import { confirmConsole, noteConsoleRefusal } from "../../directory/console-session.ts";
import type { SessionRow } from "../../directory/dashboard-session-store.ts";
import { limit } from "../../http/rate-limit.ts";
import { readForm } from "../act.ts";
import type { DashboardContext } from "../dashboard-env.ts";
import { safeNext } from "../hrefs.ts";
import { AskAgain, ConfirmSessionForm, ThatIsMe } from "../parts/confirm-session-form.tsx";
import { renderConsole } from "./console-page.tsx";

export function showConsoleConfirmation(c: DashboardContext) {
  return render(c, c.req.query("next"), null);
}

export async function confirmConsoleSession(c: DashboardContext) {
  const [deps, session] = [c.get("deps"), c.get("consoleSession")];
  await limit(deps, "signIn", `confirm/${session.id}`);
  const form = await readForm(c);
  const next = form.get("next") ?? undefined;
  const problem = await problemOf(c, session, form);
  if (problem !== null) {
    if (session.way === "root") await noteConsoleRefusal(deps, null);
    return render(c, next, problem);
  }
  await confirmConsole(deps, session);
  return c.redirect(safeNext(next, "/console"), 303);
}

/** Why it is not shown that the session is theirs; null where it is. */
async function problemOf(
  c: DashboardContext,
  { way }: SessionRow,
  form: URLSearchParams,
): Promise<string | null> {
  if (way === "access") return form.get("confirm") === "yes" ? null : "Tick the box to go on.";
  const isRight = await isRootToken(c.get("deps"), (form.get("token") ?? "").trim());
  return isRight ? null : "This is not ROOT_TOKEN.";
}

function render(c: DashboardContext, next: string | undefined, problem: string | null) {
  const { way, actorName } = c.get("consoleSession");
  return renderConsole(
    c,
    { title: "Confirm that it is you", place: null, status: problem === null ? 200 : 422 },
    <ConfirmSessionForm
      note="API keys and erasing an environment ask for this once in a quarter of an hour."
      title={way === "access" ? "Your session" : "ROOT_TOKEN"}
      action="/console/confirm"
      next={safeNext(next, "/console")}
      cancel="/console"
      problem={problem}
    >
      {way === "access" ? (
        <ThatIsMe name={actorName ?? "the operator"} />
      ) : (
        <AskAgain name="token" label="Enter ROOT_TOKEN again" />
      )}
    </ConfirmSessionForm>,
  );
}
