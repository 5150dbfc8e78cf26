// What can be done to an event destination: its test, whose answer its page shows for a day; switching it on and off;
// deleting it. For role admin, as by API; a form sent twice acts once.

import { changeDestination, deleteDestination } from "../../notifications/change-destination.ts";
import { testDestinationBody, toTestResult } from "../../notifications/schema.ts";
import { testDestination } from "../../notifications/test-destination.ts";
import type { AppError } from "../../platform/app-error.ts";
import type { Deps, Scope } from "../../platform/deps.ts";
import { attempt, attemptOnce, readForm } from "../act.ts";
import { askLedger } from "../ask-ledger.ts";
import { type DashboardContext, pathId } from "../dashboard-env.ts";
import type { Done } from "../done-words.ts";
import { destinationHref, href } from "../hrefs.ts";
import { keepResult } from "../kept-result.ts";
import { renderPage } from "../layout/render.tsx";
import { ConfirmPage } from "../parts/confirm-page.tsx";
import { readFields } from "../read-query.ts";
import { renderDestination } from "./event-destination.tsx";

export async function testOne(c: DashboardContext) {
  const form = await readForm(c);
  const { type = "invoice.paid" } = readFields(c, { type: form.get("type") }, testDestinationBody);
  const { scope } = c.get("session").principal;
  const id = pathId(c);
  const test = () => testDestination(c.get("deps"), scope, id, type);
  const done = await attempt(() => keepResult(c, form, [type], async () => toTestResult(await test())));
  if (!done.ok) return renderDestination(c, done.problem);
  return c.redirect(`${destinationHref(id)}?test=${done.value}`, 303);
}

export type DestinationAct = "switch-on" | "switch-off" | "delete";
type Act = {
  title: string;
  button: string;
  danger: boolean;
  done: Done;
  /** Where it leads. */
  back: (id: string) => string;
  /** What will happen, a sentence each. */
  effects: readonly string[];
  verb: (deps: Deps, scope: Scope, id: string) => Promise<unknown>;
};

const KEPT = "What is still to be sent to it has failed then.";
const ACTS: Record<DestinationAct, Act> = {
  "switch-on": {
    title: "Switch the destination on",
    button: "Switch it on",
    danger: false,
    done: "destination_on",
    back: destinationHref,
    effects: [
      "What happens from now on is sent to it.",
      "What failed before is not sent by this: recover it afterwards.",
    ],
    verb: (deps, scope, id) => changeDestination(deps, scope, id, { isActive: true }),
  },
  "switch-off": {
    title: "Switch the destination off",
    button: "Switch it off",
    danger: true,
    done: "destination_off",
    back: destinationHref,
    effects: [
      "Nothing is sent to it until it is switched on again.",
      KEPT,
      "What comes meanwhile is kept as failed: all of it can be recovered once it is on again.",
    ],
    verb: (deps, scope, id) => changeDestination(deps, scope, id, { isActive: false }),
  },
  delete: {
    title: "Delete the destination",
    button: "Delete it",
    danger: true,
    done: "destination_deleted",
    back: () => href("/event-destinations"),
    effects: [
      "It is gone for good, and its signing secrets with it.",
      KEPT,
      "Your platform is not told here any more.",
    ],
    verb: deleteDestination,
  },
};

export function showDestinationAct(name: DestinationAct) {
  return async (c: DashboardContext) => renderAct(c, name, null);
}

export function actOnDestination(name: DestinationAct) {
  return async (c: DashboardContext) => {
    const id = pathId(c);
    const form = await readForm(c);
    if (form.get("confirm") !== "yes") return renderAct(c, name, null);
    const { scope } = c.get("session").principal;
    const done = await attemptOnce(c, form, [name], () => ACTS[name].verb(c.get("deps"), scope, id));
    if (done !== null && !done.ok) return renderAct(c, name, done.problem);
    return c.redirect(`${ACTS[name].back(id)}?done=${ACTS[name].done}`, 303);
  };
}

/** @param problem why it was refused */
async function renderAct(c: DashboardContext, name: DestinationAct, problem: AppError | null) {
  const { destination } = await askLedger(c, { destination: ["getDestination", { id: pathId(c) }] });
  const { title, button, danger, effects } = ACTS[name];
  const path = destinationHref(destination.id);
  return renderPage(
    c,
    { title, place: "Event destinations", status: problem?.status },
    <ConfirmPage
      crumb={{ words: destination.url, href: path }}
      title={title}
      note={destination.description}
      action={`${path}/${name}`}
      button={button}
      danger={danger}
      problem={problem}
    >
      {effects.map((effect) => (
        <li>{effect}</li>
      ))}
    </ConfirmPage>,
  );
}
