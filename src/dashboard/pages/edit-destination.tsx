// Changes where an event destination is, what it is told of and what it is called. Its secret stays.

import { changeDestination } from "../../notifications/change-destination.ts";
import type { AppError } from "../../platform/app-error.ts";
import { attemptOnce, readForm } from "../act.ts";
import { askLedger } from "../ask-ledger.ts";
import { type DashboardContext, pathId, sessionLedger } from "../dashboard-env.ts";
import { readDestination, sharesUrl, typedDestination } from "../destination-fields.ts";
import { destinationHref } from "../hrefs.ts";
import { renderPage } from "../layout/render.tsx";
import { type DestinationFields, DestinationForm } from "../parts/destination-form.tsx";

export async function showDestinationEdit(c: DashboardContext) {
  const { destination } = await askLedger(c, { destination: ["getDestination", { id: pathId(c) }] });
  const { url, description, eventTypes } = destination;
  const fields = { url, description: description ?? "", eventTypes: eventTypes ?? [], twice: false };
  return renderForm(c, fields, null);
}

export async function editDestination(c: DashboardContext) {
  const id = pathId(c);
  const form = await readForm(c);
  const fields = typedDestination(form);
  // What is not there is said first.
  await sessionLedger(c).getDestination({ id });
  if (form.get("confirm") !== "yes") return renderForm(c, fields, null);
  if (!fields.twice && (await sharesUrl(c, fields.url, id))) return renderForm(c, fields, "shared_url");
  const { scope } = c.get("session").principal;
  const asked = [fields.url, fields.description, ...fields.eventTypes];
  const done = await attemptOnce(c, form, asked, async () =>
    changeDestination(c.get("deps"), scope, id, readDestination(fields)),
  );
  if (done !== null && !done.ok) return renderForm(c, fields, done.problem);
  return c.redirect(`${destinationHref(id)}?done=destination_changed`, 303);
}

function renderForm(c: DashboardContext, fields: DestinationFields, problem: AppError | "shared_url" | null) {
  const path = destinationHref(pathId(c));
  const status = problem === "shared_url" ? 409 : problem?.status;
  return renderPage(
    c,
    { title: "Edit the event destination", place: "Event destinations", status },
    <DestinationForm
      crumb={{ words: "The destination", href: path }}
      title="Edit the event destination"
      note="Its signing secret stays as it is. At a new address it begins with a clean slate."
      action={`${path}/edit`}
      button="Save"
      fields={fields}
      problem={problem}
    />,
  );
}
