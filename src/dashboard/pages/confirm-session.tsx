// Showing once more that a session is one's own. A session of a key is asked for the key. A person whom a platform has
// sent has no secret with us: they are asked by name, which a browser that was left open does not answer by itself, and
// shown the way back to the platform, which can ask for more.

import { hashApiKey, isApiKey } from "../../directory/api-key.ts";
import { isKeyOf } from "../../directory/api-key-store.ts";
import { markSession } from "../../directory/dashboard-session-store.ts";
import { noteSecurity } from "../../directory/security-log.ts";
import { limit } from "../../http/rate-limit.ts";
import { readForm } from "../act.ts";
import type { DashboardContext, Session } from "../dashboard-env.ts";
import { href, safeNext } from "../hrefs.ts";
import { renderPage } from "../layout/render.tsx";
import { BackToPlatform } from "../parts/back-to-platform.tsx";
import { AskAgain, ConfirmSessionForm, ThatIsMe } from "../parts/confirm-session-form.tsx";

export function showConfirmation(c: DashboardContext) {
  return render(c, c.req.query("next"), null);
}

export async function confirmSession(c: DashboardContext) {
  const [deps, session] = [c.get("deps"), c.get("session")];
  const { scope, keyId } = session.principal;
  await limit(deps, "signIn", `confirm/${session.sessionId}`);
  const form = await readForm(c);
  const next = form.get("next") ?? undefined;
  const problem = await problemOf(c, session, form);
  const entry = { scope, keyId, detail: { way: session.way, next: safeNext(next) } };
  if (problem !== null) {
    const oncePerHour = `confirm/${session.sessionId}`;
    await noteSecurity(deps, { ...entry, event: "session.refused", outcome: "refused", oncePerHour });
    return render(c, next, problem);
  }
  await markSession(deps, { environmentId: scope.environmentId, id: session.sessionId }, "confirmedAtMs");
  await noteSecurity(deps, { ...entry, event: "session.confirmed", outcome: "ok" });
  return c.redirect(safeNext(next), 303);
}

/** Why it is not shown that the session is theirs; null where it is. */
async function problemOf(
  c: DashboardContext,
  { person, principal }: Session,
  form: URLSearchParams,
): Promise<string | null> {
  if (person !== null) {
    return form.get("confirm") === "yes" ? null : "Tick the box to go on.";
  }
  const key = (form.get("key") ?? "").trim();
  const isRight =
    isApiKey(key) && (await isKeyOf(c.get("deps"), principal.scope, principal.keyId, await hashApiKey(key)));
  return isRight ? null : "This is not the key that you signed in with.";
}

function render(c: DashboardContext, next: string | undefined, problem: string | null) {
  const session = c.get("session");
  return renderPage(
    c,
    { title: "Confirm that it is you", place: null, status: problem === null ? 200 : 422 },
    <ConfirmSessionForm
      note="Refunds, keys, secrets and disconnecting ask for this once in a quarter of an hour."
      title={session.person === null ? "Your API key" : "Your session"}
      action={href("/confirm")}
      next={safeNext(next)}
      cancel={href("/")}
      problem={problem}
    >
      {session.person === null ? (
        <AskForKey hint={session.keyHint} />
      ) : (
        <AskPerson name={session.person.name} session={session} />
      )}
    </ConfirmSessionForm>,
  );
}

function AskForKey({ hint }: { hint: string }) {
  const label = (
    <>
      Enter the key <code>{hint}</code> again
    </>
  );
  return <AskAgain name="key" label={label} placeholder="qt_…" />;
}

function AskPerson({ name, session }: { name: string; session: Session }) {
  return (
    <>
      <ThatIsMe name={name} />
      <p class="muted">
        If you are not, sign out. <BackToPlatform session={session} />
      </p>
    </>
  );
}
