// The ways into the console: ROOT_TOKEN, and Cloudflare Access where it is configured, for a person of the operator's. A
// form opens the session in either case, so that nobody is signed in by a link.

import type { AccessAnswer } from "../../directory/access-person.ts";
import { isRootToken } from "../../directory/authenticate.ts";
import { endConsole, noteConsoleRefusal, openConsole } from "../../directory/console-session.ts";
import { readLimited } from "../../http/body-guard.ts";
import { limit } from "../../http/rate-limit.ts";
import { senderOf } from "../../http/sender.ts";
import type { Deps } from "../../platform/deps.ts";
import type { DashboardContext } from "../dashboard-env.ts";
import { renderAlone } from "../layout/render.tsx";
import { renderNeedsHttps } from "../pages/sign-in.tsx";
import { clearSession, isPrivateEnough, writeSession } from "../session/session-cookie.ts";
import { askAccess, presentConsoleSession } from "./require-console.ts";

const MAX_FORM_BYTES = 8 * 1024;

export async function showConsoleSignIn(c: DashboardContext) {
  if (!isPrivateEnough(new URL(c.req.url))) return renderNeedsHttps(c);
  return renderForm(c, { access: await askAccess(c), problem: null });
}

export async function signInToConsole(c: DashboardContext) {
  if (!isPrivateEnough(new URL(c.req.url))) return renderNeedsHttps(c);
  const deps = asRoot(c);
  await limit(deps, "signIn", senderOf(deps));
  const form = new URLSearchParams(await readLimited(c.req.raw, MAX_FORM_BYTES));
  if (!(await isRootToken(deps, (form.get("token") ?? "").trim()))) {
    await noteConsoleRefusal(deps, null);
    const problem = "This is not ROOT_TOKEN. An API key signs in at the dashboard.";
    return renderForm(c, { access: await askAccess(c), problem });
  }
  await writeSession(c, "console", await openConsole(deps, null));
  return c.redirect("/console", 303);
}

export async function signInByAccess(c: DashboardContext) {
  if (!isPrivateEnough(new URL(c.req.url))) return renderNeedsHttps(c);
  const deps = asRoot(c);
  await limit(deps, "signIn", senderOf(deps));
  const access = await askAccess(c);
  if (!access?.ok) {
    await noteConsoleRefusal(deps, access?.problem ?? NOT_CONFIGURED);
    return renderForm(c, {
      access: access ?? { ok: false, problem: NOT_CONFIGURED },
      problem: null,
      status: 401,
    });
  }
  await writeSession(c, "console", await openConsole(deps, access.person));
  return c.redirect("/console", 303);
}

const NOT_CONFIGURED = "Cloudflare Access is not configured here: see ACCESS_TEAM_DOMAIN in wrangler.toml.";

export async function signOutOfConsole(c: DashboardContext) {
  const session = await presentConsoleSession(c);
  if (session) await endConsole(c.get("deps"), session);
  clearSession(c, "console");
  return c.redirect("/console/sign-in", 303);
}

/** Who tries is nobody yet; who succeeds is root. */
function asRoot(c: DashboardContext): Deps {
  const { actor, ...rest } = c.get("deps");
  return { ...rest, actor: { kind: "root", id: null, ip: actor.ip } };
}

type FormProps = { access: AccessAnswer | null; problem: string | null; status?: number };

function renderForm(c: DashboardContext, { access, problem, status }: FormProps) {
  return renderAlone(
    c,
    { title: "Console", status: status ?? (problem === null ? 200 : 401) },
    <div class="card">
      <h1>Console</h1>
      {access === null ? null : access.ok ? (
        <ByAccess email={access.person.email} />
      ) : (
        <p class="notice warn" role={status === undefined ? undefined : "alert"}>
          {access.problem}
        </p>
      )}
      <ByToken problem={problem} isFirst={!access?.ok} />
      <p class="muted">For an hour, and a quarter of one without use.</p>
    </div>,
  );
}

function ByAccess({ email }: { email: string }) {
  return (
    <form method="post" action="/console/sign-in/access">
      <p>
        Cloudflare Access says that you are <strong class="clip">{email}</strong>.
      </p>
      <button class="primary" type="submit">
        Continue
      </button>
      <p class="muted">
        <a href="/cdn-cgi/access/logout">I am somebody else</a>
      </p>
    </form>
  );
}

function ByToken({ problem, isFirst }: { problem: string | null; isFirst: boolean }) {
  return (
    <form method="post" action="/console/sign-in">
      <label for="token">ROOT_TOKEN</label>
      <input
        id="token"
        name="token"
        type="password"
        required
        autocomplete="current-password"
        spellcheck={false}
        aria-describedby={problem === null ? undefined : "token-error"}
        aria-invalid={problem === null ? undefined : "true"}
      />
      {problem === null ? null : (
        <p id="token-error" class="field-error" role="alert">
          {problem}
        </p>
      )}
      <button class={isFirst ? "primary" : ""} type="submit">
        Sign in
      </button>
    </form>
  );
}
