// Signing in: an API key is pasted once, and a cookie that does not hold it stands for it from then on. With
// 256 random bits there is nothing to guess: a wrong key costs one look-up, and how many come is limited.

import { authenticateApiKey } from "../../directory/authenticate.ts";
import { openWithKey } from "../../directory/open-session.ts";
import { noteSecurity } from "../../directory/security-log.ts";
import { readLimited } from "../../http/body-guard.ts";
import { limit } from "../../http/rate-limit.ts";
import { senderOf } from "../../http/sender.ts";
import { AppError } from "../../platform/app-error.ts";
import { environmentHref } from "../console/console-hrefs.ts";
import type { DashboardContext } from "../dashboard-env.ts";
import { docsHref, href, safeNext } from "../hrefs.ts";
import { renderAlone } from "../layout/render.tsx";
import { SwitchTo } from "../parts/switch-to.tsx";
import { endPresentSession } from "../session/end-session.ts";
import {
  dropPresent,
  enterSession,
  environmentsOf,
  type HeldEnvironment,
  heldSessions,
} from "../session/held-sessions.ts";
import { keyProblem } from "../session/key-problem.ts";
import { isOperatorView } from "../session/may-act.ts";
import { findSession } from "../session/require-session.ts";
import { isPrivateEnough } from "../session/session-cookie.ts";

const MAX_FORM_BYTES = 8 * 1024;
const ENDED = "Your session has ended, or its API key was revoked or has expired. Sign in again.";
const anotherKey = (environment: string) => `Paste an API key of the environment ${environment}.`;
const SIGNED_OUT_EVERYWHERE = "You are signed out everywhere.";
const SIGNED_OUT = "You are signed out.";

export async function showSignIn(c: DashboardContext) {
  if (!isPrivateEnough(new URL(c.req.url))) return renderNeedsHttps(c);
  const { next, ended, out, environment } = c.req.query();
  // Whoever is signed in may want to be in another environment; whoever has just left one is not led into another.
  const isSent = environment !== undefined || out !== undefined || ended !== undefined;
  if (!isSent && (await findSession(c))) return c.redirect(safeNext(next), 303);
  const held = isSent ? await environmentsOf(c, await heldSessions(c)) : [];
  const note = ended
    ? ENDED
    : out
      ? out === "all"
        ? SIGNED_OUT_EVERYWHERE
        : SIGNED_OUT
      : environment
        ? anotherKey(environment)
        : null;
  return renderAlone(c, { title: "Sign in" }, <SignIn next={next} note={note} error={null} held={held} />);
}

export async function signIn(c: DashboardContext) {
  if (!isPrivateEnough(new URL(c.req.url))) return renderNeedsHttps(c);
  const deps = c.get("deps");
  await limit(deps, "signIn", senderOf(deps));
  const form = new URLSearchParams(await readLimited(c.req.raw, MAX_FORM_BYTES));
  const next = form.get("next") ?? undefined;
  const key = (form.get("key") ?? "").trim();
  const error = keyProblem(key) ?? (await openSession(c, key));
  if (error === null) return c.redirect(safeNext(next), 303);
  return renderAlone(
    c,
    { title: "Sign in", status: 401 },
    <SignIn next={next} note={null} error={error} held={[]} />,
  );
}

/** Ends the session itself: a copy of the cookie opens nothing any more. */
export async function signOut(c: DashboardContext) {
  const ended = await endPresentSession(c);
  await dropPresent(c);
  if (ended && isOperatorView(ended)) return c.redirect(environmentHref(ended.principal.scope), 303);
  return c.redirect(href("/sign-in", { out: "1" }), 303);
}

/** Opens the session, or says why not. */
async function openSession(c: DashboardContext, key: string): Promise<string | null> {
  try {
    const principal = await authenticateApiKey(c.get("deps"), key);
    const session = await openWithKey(c.get("deps"), principal);
    await enterSession(c, session);
    return null;
  } catch (error) {
    if (error instanceof AppError && error.code === "forbidden") return error.message;
    if (!(error instanceof AppError) || error.code !== "unauthorized") throw error;
    await noteSecurity(c.get("deps"), { event: "session.refused", outcome: "refused", scope: null });
    return "This key is not known here, or it was revoked or has expired. Check that you copied all of it, or make a new one.";
  }
}

export function renderNeedsHttps(c: DashboardContext) {
  const content = (
    <div class="card">
      <h1>This page needs https</h1>
      <p>An API key must not travel in clear. Open the same address with https:// in place of http://.</p>
    </div>
  );
  return renderAlone(c, { title: "This page needs https", status: 403 }, content);
}

type SignInProps = {
  next: string | undefined;
  note: string | null;
  error: string | null;
  /** Where one is signed in all the same. */
  held: readonly HeldEnvironment[];
};

function SignIn(props: SignInProps) {
  return (
    <>
      <KeyForm {...props} />
      {props.held.length === 0 ? null : (
        <div class="card">
          <h2>You are still signed in</h2>
          {props.held.map((environment) => (
            <SwitchTo {...environment} />
          ))}
        </div>
      )}
    </>
  );
}

function KeyForm(props: SignInProps) {
  return (
    <form class="card" method="post" action={href("/sign-in")}>
      <h1>Sign in</h1>
      {props.note ? (
        <p class="notice info" role="status">
          {props.note}
        </p>
      ) : null}
      <label for="key">API key</label>
      <input
        id="key"
        name="key"
        type="password"
        placeholder="qt_…"
        required
        autofocus
        autocomplete="current-password"
        spellcheck={false}
        aria-describedby={props.error ? "key-error key-help" : "key-help"}
        aria-invalid={props.error ? "true" : undefined}
      />
      {props.error ? (
        <p id="key-error" class="field-error" role="alert">
          {props.error}
        </p>
      ) : null}
      <input type="hidden" name="next" value={safeNext(props.next)} />
      <button class="primary" type="submit">
        Sign in
      </button>
      <p id="key-help" class="muted">
        Use a key of the environment that you want to see. The session lasts twelve hours at most, ends two
        hours after its last use, and at once when the key is revoked. No key yet?{" "}
        <a href={docsHref("post", "/tenants/{tenant_id}/environments/{environment_id}/api_keys")}>
          Make one with ROOT_TOKEN
        </a>
        .
      </p>
    </form>
  );
}
