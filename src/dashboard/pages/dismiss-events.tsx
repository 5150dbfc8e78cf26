// Dead webhook events are dismissed, one or many by filter, once it was said what that means.

import * as z from "zod";
import { type AppError, notFound } from "../../platform/app-error.ts";
import { stripeEventIdFor } from "../../platform/ids.ts";
import { cutPage } from "../../platform/paging.ts";
import { positionOfEvent } from "../../platform/tables/webhook-events.ts";
import { REPLAY_LIMIT } from "../../webhooks/replay-events.ts";
import { attempt, attemptOnce, readForm } from "../act.ts";
import { askLedger } from "../ask-ledger.ts";
import { type DashboardContext, pathId, sessionLedger } from "../dashboard-env.ts";
import { href, webhookEventHref } from "../hrefs.ts";
import { renderPage } from "../layout/render.tsx";
import {
  MATCHING_FIELDS,
  MATCHING_NAMES,
  matchingFields,
  matchingFilter,
  matchingWords,
} from "../matching-events.ts";
import { ConfirmPage } from "../parts/confirm-page.tsx";
import { PageNote } from "../parts/page-note.tsx";
import { readFields, readFilters } from "../read-query.ts";
import { countWords } from "../status-words.ts";

const PATH = "/webhook-events";

export async function showEventDismissal(c: DashboardContext) {
  return renderOne(c, null);
}

export async function dismissShownEvent(c: DashboardContext) {
  const id = pathId(c);
  const form = await readForm(c);
  if (form.get("confirm") !== "yes") return renderOne(c, null);
  const done = await attempt(() => sessionLedger(c).dismissEvent({ id }));
  if (!done.ok) return renderOne(c, done.problem);
  return c.redirect(`${webhookEventHref(id)}?done=event_dismissed`, 303);
}

/** @param problem why it was refused */
async function renderOne(c: DashboardContext, problem: AppError | null) {
  const id = pathId(c);
  const { event } = await askLedger(c, {
    event: ["findWebhookEvent", { stripeEventId: stripeEventIdFor(id) }],
  });
  if (!event) throw notFound("webhook event", id);
  const isDead = event.status === "dead";
  return renderPage(
    c,
    { title: "Dismiss a webhook event", place: "Webhook events", status: problem?.status },
    <ConfirmPage
      crumb={{ words: event.type, href: webhookEventHref(id) }}
      title="Dismiss the webhook event"
      note={<code>{event.stripeEventId}</code>}
      action={`${webhookEventHref(id)}/dismiss`}
      button={isDead ? "Dismiss it" : null}
      danger
      problem={problem}
    >
      {isDead ? <li>{`It gave up: ${event.error ?? "no reason was noted."}`}</li> : null}
      {isDead ? <Effects /> : <li>It is not dead: there is nothing to dismiss.</li>}
    </ConfirmPage>,
  );
}

const dismissQuery = z.strictObject(MATCHING_FIELDS);
type DismissQuery = z.output<typeof dismissQuery>;

export async function showDismissMany(c: DashboardContext) {
  return renderMany(c, readFilters(c, dismissQuery), null);
}

export async function dismissMany(c: DashboardContext) {
  const form = await readForm(c);
  const fields = Object.fromEntries(MATCHING_NAMES.map((name) => [name, form.get(name)]));
  const query = readFields(c, fields, dismissQuery);
  if (form.get("confirm") !== "yes") return renderMany(c, query, null);
  const done = await attemptOnce(
    c,
    form,
    Object.values(fields).map((value) => value ?? ""),
    () => sessionLedger(c).dismissEvents({ filter: matchingFilter(query), limit: REPLAY_LIMIT, after: null }),
  );
  if (done !== null && !done.ok) return renderMany(c, query, done.problem);
  return c.redirect(href(PATH, { status: "dead", done: "events_dismissed" }), 303);
}

/** @param problem why it was refused */
async function renderMany(c: DashboardContext, query: DismissQuery, problem: AppError | null) {
  const filter = { ...matchingFilter(query), status: "dead" } as const;
  const page = { limit: REPLAY_LIMIT, after: null };
  const { found } = await askLedger(c, { found: ["listWebhookEvents", { filter, page }] });
  const { rows, next } = cutPage(found, REPLAY_LIMIT, positionOfEvent);
  return renderPage(
    c,
    { title: "Dismiss webhook events", place: "Webhook events", status: problem?.status },
    <ConfirmPage
      crumb={{ words: "Webhook events", href: href(PATH, { status: "dead" }) }}
      title="Dismiss webhook events"
      note="What gave up, and need not be done."
      action={href(`${PATH}/dismiss`)}
      button={rows.length === 0 ? null : `Dismiss ${countWords(rows.length, "event")}`}
      danger
      problem={problem}
      fields={matchingFields(query)}
      before={<PageNote c={c} />}
    >
      <li>
        <strong>{`${countWords(rows.length, "dead event")}${next ? " or more" : ""} fit`}</strong>
        {`: ${matchingWords(query, c.get("timeZone"))}.`}
      </li>
      {rows.length === 0 ? null : <Effects />}
    </ConfirmPage>,
  );
}

function Effects() {
  return (
    <>
      <li>What Stripe told by it stays unrecorded here: no payment, refund or dispute comes of it.</li>
      <li>
        It counts as ignored from now on, and no longer as dead. Until it goes by its age it can still be
        replayed.
      </li>
      <li>The audit log keeps that it was dismissed, and by whom.</li>
    </>
  );
}
