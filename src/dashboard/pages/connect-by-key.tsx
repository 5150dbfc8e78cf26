// Connects the environment to a Stripe account by a key of it, as POST /connections does: by the API's own rules, each
// refusal at its field. The guide and the page of the connection both lead here and say where it goes on.

import { createConnection } from "../../connections/create-connection.ts";
import { createConnectionBody } from "../../connections/request-schema.ts";
import { validationFailed } from "../../http/router.ts";
import type { AppError } from "../../platform/app-error.ts";
import { attemptOnce, readForm } from "../act.ts";
import type { DashboardContext } from "../dashboard-env.ts";
import { href, safeNext } from "../hrefs.ts";
import { renderPage } from "../layout/render.tsx";
import { ConnectByKeyForm } from "../parts/connect-by-key-form.tsx";
import { KeyGuide } from "../parts/connection-features.tsx";
import { FormPage } from "../parts/form-page.tsx";
import { Notice } from "../parts/panel.tsx";

export async function showConnectByKey(c: DashboardContext) {
  return renderForm(c, { name: "Stripe", byHand: false, next: nextOf(c.req.query("next")) }, null);
}

export async function connectByKey(c: DashboardContext) {
  const form = await readForm(c);
  const fields = {
    name: (form.get("name") ?? "").trim() || "Stripe",
    byHand: form.get("webhook_setup") === "manual",
    next: nextOf(form.get("next") ?? undefined),
  };
  const { scope, livemode } = c.get("session").principal;
  const pasted = {
    secretKey: form.get("secret_key") ?? "",
    publishableKey: form.get("publishable_key") ?? "",
  };
  const asked = [...Object.values(pasted), fields.name, String(fields.byHand)];
  const done = await attemptOnce(c, form, asked, async () =>
    createConnection(c.get("deps"), scope, livemode, readBody(fields, pasted)),
  );
  if (done !== null && !done.ok) return renderForm(c, fields, done.problem);
  return c.redirect(fields.next, 303);
}

type Fields = { name: string; byHand: boolean; next: string };

function nextOf(next: string | undefined): string {
  return next === undefined ? href("/connections", { done: "connected" }) : safeNext(next);
}

/** By the rules of the API. @throws AppError `validation_failed` */
function readBody({ name, byHand }: Fields, pasted: { secretKey: string; publishableKey: string }) {
  const parsed = createConnectionBody.safeParse({
    name,
    provider: "stripe",
    secret_key: pasted.secretKey,
    ...(pasted.publishableKey.trim() === "" ? {} : { publishable_key: pasted.publishableKey }),
    webhook_setup: byHand ? "manual" : "automatic",
  });
  if (!parsed.success) throw validationFailed(parsed.error.issues);
  const { secret_key, publishable_key, webhook_setup, sync_config } = parsed.data;
  return {
    name: parsed.data.name,
    secretKey: secret_key,
    publishableKey: publishable_key,
    webhookSetup: webhook_setup,
    syncConfig: sync_config,
  };
}

/** @param problem why it was refused */
function renderForm(c: DashboardContext, fields: Fields, problem: AppError | null) {
  const { livemode } = c.get("session").principal;
  const isOfGuide = fields.next.startsWith(href("/guide"));
  return renderPage(
    c,
    { title: "Connect by key", place: isOfGuide ? "Home" : "Connection", status: problem?.status },
    <FormPage
      crumb={
        isOfGuide
          ? { words: "First steps", href: href("/guide/connect") }
          : { words: "Connection", href: href("/connections") }
      }
      title="Connect by key"
      note="A key of the Stripe account to which the money goes."
      before={
        <Notice tone="info">
          <KeyGuide livemode={livemode} />
        </Notice>
      }
      action={href("/connections/new")}
      button="Connect"
      problem={problem}
      paths={["name", "secret_key", "publishable_key"]}
    >
      <ConnectByKeyForm {...fields} livemode={livemode} problem={problem} />
    </FormPage>,
  );
}
