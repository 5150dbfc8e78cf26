// Makes an event destination by form; its signing secret is in the answer to that form alone: in no address, and
// in no cache. The form sent twice makes one destination.

import { createDestination } from "../../notifications/create-destination.ts";
import type { AppError } from "../../platform/app-error.ts";
import { attempt, callIdOf, formToken, readForm } from "../act.ts";
import type { DashboardContext } from "../dashboard-env.ts";
import { readDestination, sharesUrl, typedDestination } from "../destination-fields.ts";
import { href } from "../hrefs.ts";
import { renderPage } from "../layout/render.tsx";
import { type DestinationFields, DestinationForm } from "../parts/destination-form.tsx";
import { NewSecret } from "../parts/new-secret.tsx";

const EMPTY: DestinationFields = { url: "", description: "", eventTypes: [], twice: false };

export async function showNewDestination(c: DashboardContext) {
  return renderForm(c, EMPTY, null);
}

export async function makeDestination(c: DashboardContext) {
  const form = await readForm(c);
  const fields = typedDestination(form);
  if (form.get("confirm") !== "yes") return renderForm(c, fields, null);
  const token = formToken(form);
  const asked = [fields.url, fields.description, ...fields.eventTypes];
  const callId = token === null ? null : await callIdOf(c, token, asked);
  // The form sent again finds what it has made, which is no other.
  const mine = callId === null ? undefined : `dest_${callId}`;
  if (!fields.twice && (await sharesUrl(c, fields.url, mine))) return renderForm(c, fields, "shared_url");
  const { scope } = c.get("session").principal;
  const done = await attempt(async () =>
    createDestination({ ...c.get("deps"), callId }, scope, readDestination(fields)),
  );
  if (!done.ok) return renderForm(c, fields, done.problem);
  return renderPage(
    c,
    { title: "Event destination", place: "Event destinations" },
    <NewSecret made={done.value} title="The destination is made" />,
  );
}

function renderForm(c: DashboardContext, fields: DestinationFields, problem: AppError | "shared_url" | null) {
  const status = problem === "shared_url" ? 409 : problem?.status;
  return renderPage(
    c,
    { title: "New event destination", place: "Event destinations", status },
    <DestinationForm
      crumb={{ words: "Event destinations", href: href("/event-destinations") }}
      title="New event destination"
      note="Where your platform is told of what happens, signed."
      action={href("/event-destinations/new")}
      button="Create"
      fields={fields}
      problem={problem}
    />,
  );
}
