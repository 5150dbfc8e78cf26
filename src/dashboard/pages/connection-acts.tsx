// What is done to a connection by a button: test it, pause it, resume it, and have its event destination made, mended
// or rolled. What a test found is shown by the page that it leads to, for a day.

import { testConnection } from "../../connections/test-connection.ts";
import { updateConnection } from "../../connections/update-connection.ts";
import type { AppError } from "../../platform/app-error.ts";
import type { Deps, Scope } from "../../platform/deps.ts";
import { setUpWebhookEndpoint } from "../../webhooks/set-up-webhook-endpoint.ts";
import { attempt, attemptOnce, readForm } from "../act.ts";
import { liveConnectionOf } from "../connection-view.ts";
import { type DashboardContext, pathId } from "../dashboard-env.ts";
import type { Done } from "../done-words.ts";
import { connectionHref, href, safeNext } from "../hrefs.ts";
import { keepResult } from "../kept-result.ts";
import { renderPage } from "../layout/render.tsx";
import { ConfirmPage } from "../parts/confirm-page.tsx";

export type ConfirmedConnectionAct = "pause" | "resume" | "webhook";
type Words = {
  title: string;
  button: string;
  danger: boolean;
  /** What will happen, a sentence each. */
  effects: readonly string[];
};
type Act = Words & {
  done: Done;
  verb: (deps: Deps, scope: Scope, id: string) => Promise<unknown>;
};

const ACTS: Record<ConfirmedConnectionAct, Act> = {
  pause: {
    title: "Pause the connection",
    button: "Pause it",
    danger: true,
    done: "connection_paused",
    effects: [
      "No payment links are made, and nothing is sent to Stripe.",
      "What Stripe sends is not taken in: invoices that are paid meanwhile stay open here. Links that are there can still be paid.",
      "Nothing is lost: once it is resumed, what Stripe sent is fetched, up to 30 days back.",
    ],
    verb: (deps, scope, id) => updateConnection(deps, scope, id, { isActive: false }),
  },
  resume: {
    title: "Resume the connection",
    button: "Resume it",
    danger: false,
    done: "connection_resumed",
    effects: [
      "Webhooks are taken in again, and what Stripe sent meanwhile is fetched.",
      "Work that waited goes on: links are made for the invoices that have none.",
    ],
    verb: (deps, scope, id) => updateConnection(deps, scope, id, { isActive: true }),
  },
  webhook: {
    title: "Make or mend the event destination",
    button: "Make or mend it",
    danger: false,
    done: "webhook_set_up",
    effects: [
      "Where there is none at Stripe with this connection's URL, it is made.",
      "One with a wrong address, missing events, or that was disabled, is mended.",
      "One that is right gets a new signing secret; the one before is taken for another day.",
      "Where there are several with this URL, one stays: else every event would come several times.",
    ],
    verb: setUpWebhookEndpoint,
  },
};

const TEST: Words = {
  title: "Test the connection",
  button: "Test it",
  danger: false,
  effects: [
    "Stripe is asked for the account, what the key may do, and the event destination. Nothing is changed there.",
    "What Stripe answers is kept: a connection whose key is taken again goes on.",
    "The next page says what works, and what to do about the rest.",
  ],
};

export async function testShownConnection(c: DashboardContext) {
  const form = await readForm(c);
  if (form.get("confirm") !== "yes") return renderAct(c, "test", undefined, null);
  const { scope } = c.get("session").principal;
  const test = () => testConnection(c.get("deps"), scope, pathId(c));
  const done = await attempt(() => keepResult(c, form, [], test));
  if (!done.ok) return renderAct(c, "test", undefined, done.problem);
  return c.redirect(href("/connections", { tested: done.value }), 303);
}

export function showConnectionAct(name: ConfirmedConnectionAct | "test") {
  return async (c: DashboardContext) => renderAct(c, name, c.req.query("next"), null);
}

export function actOnConnection(name: ConfirmedConnectionAct) {
  return async (c: DashboardContext) => {
    const form = await readForm(c);
    const next = form.get("next") ?? undefined;
    if (form.get("confirm") !== "yes") return renderAct(c, name, next, null);
    const { scope } = c.get("session").principal;
    const tried = await attemptOnce(c, form, [name], () => ACTS[name].verb(c.get("deps"), scope, pathId(c)));
    if (tried !== null && !tried.ok) return renderAct(c, name, next, tried.problem);
    return c.redirect(
      next === undefined ? href("/connections", { done: ACTS[name].done }) : safeNext(next),
      303,
    );
  };
}

/**
 * @param next where it leads then; left out: the page of the connection
 * @param problem why it was refused
 */
async function renderAct(
  c: DashboardContext,
  name: ConfirmedConnectionAct | "test",
  next: string | undefined,
  problem: AppError | null,
) {
  const { row } = await liveConnectionOf(c);
  const { title, button, danger, effects } = name === "test" ? TEST : ACTS[name];
  return renderPage(
    c,
    { title, place: "Connection", status: problem?.status },
    <ConfirmPage
      crumb={{
        words: next === undefined ? "Connection" : "Back",
        href: next === undefined ? href("/connections") : safeNext(next),
      }}
      title={title}
      note={row.name}
      action={connectionHref(row.id, name)}
      button={button}
      danger={danger}
      problem={problem}
      fields={{ next: next === undefined ? undefined : safeNext(next) }}
    >
      {effects.map((effect) => (
        <li>{effect}</li>
      ))}
    </ConfirmPage>,
  );
}
