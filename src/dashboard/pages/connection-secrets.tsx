// Replaces what a connection keeps secret: its key, and its signing secret with an overlap in which the one before is
// taken as well. By the API's own rules, each refusal at its field.

import { type UpdateConnectionInput, updateConnection } from "../../connections/update-connection.ts";
import type { AppError } from "../../platform/app-error.ts";
import { DEFAULT_OVERLAP_SECONDS, MAX_OVERLAP_SECONDS } from "../../platform/secret-overlap.ts";
import { attemptOnce, readForm } from "../act.ts";
import { liveConnectionOf } from "../connection-view.ts";
import { type DashboardContext, pathId } from "../dashboard-env.ts";
import type { Done } from "../done-words.ts";
import { connectionHref, href, safeNext } from "../hrefs.ts";
import { renderPage } from "../layout/render.tsx";
import { KeyGuide } from "../parts/connection-features.tsx";
import { SelectField } from "../parts/field.tsx";
import { FormPage } from "../parts/form-page.tsx";
import { Notice } from "../parts/panel.tsx";
import { PublishableKeyField, SecretKeyField, SigningSecretField } from "../parts/stripe-fields.tsx";

const OVERLAPS = [
  ["0", "ends at once"],
  [String(60 * 60), "is taken for another hour"],
  [String(DEFAULT_OVERLAP_SECONDS), "is taken for another day"],
  [String(MAX_OVERLAP_SECONDS), "is taken for another 7 days"],
] as const;

export async function showReplaceKey(c: DashboardContext) {
  return renderKeyForm(c, null);
}

export async function replaceKey(c: DashboardContext) {
  const form = await readForm(c);
  const publishableKey = form.get("publishable_key") ?? "";
  const { problem } = await change(c, form, {
    secretKey: form.get("secret_key") ?? "",
    ...(publishableKey.trim() === "" ? {} : { publishableKey }),
  });
  return problem === null ? done(c, form, "key_replaced") : renderKeyForm(c, problem);
}

export async function showReplaceSigningSecret(c: DashboardContext) {
  return renderSecretForm(c, c.req.query("next"), null);
}

export async function replaceSigningSecret(c: DashboardContext) {
  const form = await readForm(c);
  const overlap = OVERLAPS.find(([seconds]) => seconds === form.get("webhook_secret_overlap_seconds"));
  const { problem, isKept } = await change(c, form, {
    webhookSecret: form.get("webhook_secret") ?? "",
    webhookSecretOverlapSeconds: overlap === undefined ? DEFAULT_OVERLAP_SECONDS : Number(overlap[0]),
  });
  if (problem === null) return done(c, form, isKept ? "signing_secret_kept" : "signing_secret_set");
  return renderSecretForm(c, form.get("next") ?? undefined, problem);
}

/** @returns why it was refused; null once it is done. Whether the signing secret was that one already. */
async function change(
  c: DashboardContext,
  form: URLSearchParams,
  input: UpdateConnectionInput,
): Promise<{ problem: AppError | null; isKept: boolean }> {
  const { scope } = c.get("session").principal;
  const asked = Object.entries(input).map(([name, value]) => `${name}=${value}`);
  const tried = await attemptOnce(c, form, asked, () =>
    updateConnection(c.get("deps"), scope, pathId(c), input),
  );
  if (tried !== null && !tried.ok) return { problem: tried.problem, isKept: false };
  // The form sent again: by now it is that one already.
  return { problem: null, isKept: tried?.value.keptWebhookSecret ?? true };
}

function done(c: DashboardContext, form: URLSearchParams, words: Done) {
  const next = form.get("next");
  return c.redirect(next === null ? href("/connections", { done: words }) : safeNext(next), 303);
}

/** @param problem why it was refused */
async function renderKeyForm(c: DashboardContext, problem: AppError | null) {
  const { row } = await liveConnectionOf(c);
  const fields = { livemode: row.livemode, problem };
  return renderPage(
    c,
    { title: "Replace the key", place: "Connection", status: problem?.status },
    <FormPage
      crumb={{ words: "Connection", href: href("/connections") }}
      title="Replace the key"
      note={`A new key of the same Stripe account, ${row.accountId}. It is tried at Stripe first; then the one before, ${row.secretKeyHint}, is erased here.`}
      before={
        <Notice tone="info">
          <KeyGuide livemode={row.livemode} />
        </Notice>
      }
      action={connectionHref(row.id, "key")}
      button="Replace the key"
      problem={problem}
      paths={["secret_key", "publishable_key"]}
    >
      <SecretKeyField {...fields} label="New secret or restricted key" />
      <PublishableKeyField {...fields} />
      <p class="muted">Then expire the old key in Stripe's dashboard, where it is still valid.</p>
    </FormPage>,
  );
}

/** @param next where it leads then; left out: the page of the connection */
async function renderSecretForm(c: DashboardContext, next: string | undefined, problem: AppError | null) {
  const { row } = await liveConnectionOf(c);
  const back = next === undefined ? href("/connections") : safeNext(next);
  return renderPage(
    c,
    { title: "Replace the signing secret", place: "Connection", status: problem?.status },
    <FormPage
      crumb={{ words: next === undefined ? "Connection" : "Back", href: back }}
      title="Replace the signing secret"
      note="In Stripe's dashboard open Workbench, Webhooks, then the destination with this connection's URL."
      action={connectionHref(row.id, "signing-secret")}
      button="Save"
      problem={problem}
      paths={["webhook_secret"]}
    >
      {next === undefined ? null : <input type="hidden" name="next" value={back} />}
      <SigningSecretField problem={problem} />
      <SelectField
        name="webhook_secret_overlap_seconds"
        label="The secret before it"
        value={String(DEFAULT_OVERLAP_SECONDS)}
        options={OVERLAPS}
        help="When you roll a secret at Stripe you choose there how long the old one signs: choose as long here."
        problem={problem}
      />
    </FormPage>,
  );
}
