// Makes an event destination by form; its signing secret is in the answer to that form alone: in no address, and
// in no cache. The form sent twice makes one destination.

import { validationFailed } from "../../http/router.ts";
import { createDestination } from "../../notifications/create-destination.ts";
import { createDestinationBody } from "../../notifications/schema.ts";
import type { AppError } from "../../platform/app-error.ts";
import { attempt, callIdOf, formToken, readForm } from "../act.ts";
import type { DashboardContext } from "../dashboard-env.ts";
import { href } from "../hrefs.ts";
import { renderPage } from "../layout/render.tsx";
import { type DestinationFields, DestinationForm } from "../parts/destination-form.tsx";
import { NewSecret } from "../parts/new-secret.tsx";

const EMPTY: DestinationFields = { url: "", description: "", eventTypes: [] };

export async function showNewDestination(c: DashboardContext) {
  return renderForm(c, EMPTY, null);
}

export async function makeDestination(c: DashboardContext) {
  const form = await readForm(c);
  const fields: DestinationFields = {
    url: (form.get("url") ?? "").trim(),
    description: (form.get("description") ?? "").trim(),
    eventTypes: form.getAll("event_types"),
  };
  if (form.get("confirm") !== "yes") return renderForm(c, fields, null);
  const token = formToken(form);
  const asked = [fields.url, fields.description, ...fields.eventTypes];
  const callId = token === null ? null : await callIdOf(c, token, asked);
  const { scope } = c.get("session").principal;
  const done = await attempt(() => createDestination({ ...c.get("deps"), callId }, scope, read(fields)));
  if (!done.ok) return renderForm(c, fields, done.problem);
  return renderPage(
    c,
    { title: "Event destination", place: "Event destinations" },
    <NewSecret made={done.value} title="The destination is made" />,
  );
}

/** By the rules of the API. @throws AppError `validation_failed` */
function read({ url, description, eventTypes }: DestinationFields) {
  const parsed = createDestinationBody.safeParse({
    url,
    ...(description === "" ? {} : { description }),
    ...(eventTypes.length === 0 ? {} : { event_types: eventTypes }),
  });
  if (!parsed.success) throw validationFailed(parsed.error.issues);
  return {
    url: parsed.data.url,
    eventTypes: parsed.data.event_types ?? null,
    description: parsed.data.description ?? null,
  };
}

function renderForm(c: DashboardContext, fields: DestinationFields, problem: AppError | null) {
  return renderPage(
    c,
    {
      title: "New event destination",
      place: "Event destinations",
      status: problem?.status,
    },
    <DestinationForm
      action={href("/event-destinations/new")}
      back={href("/event-destinations")}
      fields={fields}
      problem={problem}
    />,
  );
}
