// Makes and revokes an environment's API keys. A key is in the answer to the form that made it, and in no other.

import { findApiKey } from "../../directory/api-key-store.ts";
import { createApiKey, revokeApiKey } from "../../directory/manage-api-keys.ts";
import { createApiKeyBody } from "../../directory/schema.ts";
import { type AppError, notFound } from "../../platform/app-error.ts";
import { attempt, readForm } from "../act.ts";
import type { DashboardContext } from "../dashboard-env.ts";
import { ActPage } from "../parts/act-page.tsx";
import { ConfirmPage } from "../parts/confirm-page.tsx";
import { SelectField, TextField } from "../parts/field.tsx";
import { FormPage } from "../parts/form-page.tsx";
import { Panel } from "../parts/panel.tsx";
import { SecretOnce } from "../parts/secret.tsx";
import { readFields } from "../read-query.ts";
import { depsOfForm, environmentOfPath } from "./console-act.ts";
import { environmentHref, revokeHref } from "./console-hrefs.ts";
import { renderConsole } from "./console-page.tsx";

export function showNewConsoleKey(c: DashboardContext) {
  return renderNewKey(c, new URLSearchParams({ role: "admin" }), null);
}

export async function makeConsoleKey(c: DashboardContext) {
  const { environment, scope } = await environmentOfPath(c);
  const form = await readForm(c);
  const fields = {
    name: form.get("name"),
    role: form.get("role"),
    expires_at: lastMoment(form.get("expires_on")),
  };
  const done = await attempt(async () => {
    const { name, role, expires_at: expiresAtMs = null } = readFields(c, fields, createApiKeyBody);
    const deps = await depsOfForm(c, form, [name, role, String(expiresAtMs)]);
    return createApiKey(deps, scope, { name, role, allowedAddresses: null, expiresAtMs }, null);
  });
  if (!done.ok) return renderNewKey(c, form, done.problem);
  const { row, key } = done.value;
  const page = environmentHref(scope);
  return renderConsole(
    c,
    { title: "API key", place: "Environments" },
    <ActPage
      crumb={{ words: environment.name, href: page }}
      title="The API key is made"
      note={`${row.name}, of role ${row.role}`}
    >
      <Panel title="The key">
        <div class="pad">
          <SecretOnce label="API key" value={key} lost="if it is lost, revoke it and make another." />
          <p>
            <a href={page}>To the environment</a>
          </p>
        </div>
      </Panel>
    </ActPage>,
  );
}

/** A key that expires on a day is good on it. */
function lastMoment(day: string | null): string | null {
  return day !== null && /^\d{4}-\d\d-\d\d$/.test(day) ? `${day}T23:59:59Z` : day;
}

async function renderNewKey(c: DashboardContext, form: URLSearchParams, problem: AppError | null) {
  const { environment, scope } = await environmentOfPath(c);
  return renderConsole(
    c,
    { title: "New API key", place: "Environments", status: problem?.status },
    <FormPage
      crumb={{ words: environment.name, href: environmentHref(scope) }}
      title="New API key"
      action={environmentHref(scope, "api-keys/new")}
      button="Create the key"
      problem={problem}
    >
      <TextField
        name="name"
        label="Name"
        value={form.get("name") ?? ""}
        help="Who or what has it: the audit log names it so."
        required
        maxlength={200}
        problem={problem}
      />
      <SelectField
        name="role"
        label="Role"
        value={form.get("role") ?? ""}
        options={[
          ["admin", "Admin: connections, keys and settings too"],
          ["write", "Write: invoices, refunds, checkout"],
          ["read", "Read"],
        ]}
        problem={problem}
      />
      <TextField
        name="expires_on"
        label="Good until the end of (optional, UTC)"
        type="date"
        value={form.get("expires_on") ?? ""}
        path="expires_at"
        problem={problem}
      />
    </FormPage>,
  );
}

export function showConsoleRevocation(c: DashboardContext) {
  return renderRevocation(c, null);
}

export async function revokeConsoleKey(c: DashboardContext) {
  const { scope } = await environmentOfPath(c);
  const done = await attempt(() => revokeApiKey(c.get("deps"), scope, keyIdOf(c)));
  if (!done.ok) return renderRevocation(c, done.problem);
  return c.redirect(`${environmentHref(scope)}?done=key_revoked`, 303);
}

async function renderRevocation(c: DashboardContext, problem: AppError | null) {
  const { environment, scope } = await environmentOfPath(c);
  const key = await findApiKey(c.get("deps"), scope, keyIdOf(c));
  if (!key) throw notFound("API key", keyIdOf(c));
  const isRevoked = key.revokedAtMs !== null;
  return renderConsole(
    c,
    { title: "Revoke an API key", place: "Environments", status: problem?.status },
    <ConfirmPage
      crumb={{ words: environment.name, href: environmentHref(scope) }}
      title={`Revoke ${key.name}`}
      note={
        <>
          <code>{key.keyHint}</code>, of role {key.role}
        </>
      }
      action={revokeHref(scope, key.id)}
      button={isRevoked ? null : "Revoke it"}
      danger
      problem={problem}
    >
      {isRevoked ? (
        <li>It is revoked already.</li>
      ) : (
        <>
          <li>Whoever calls with it is refused from the next request on.</li>
          <li>Every key that was made with it, and every session of the dashboard, ends with it.</li>
          <li>It cannot be undone. Make another first where something runs on it.</li>
        </>
      )}
    </ConfirmPage>,
  );
}

function keyIdOf(c: DashboardContext): string {
  return c.req.param("id") ?? "";
}
