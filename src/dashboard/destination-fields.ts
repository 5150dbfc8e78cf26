// The fields of an event destination as a form has them: read by the rules of the API, and warned of where another
// destination has the same address.

import { validationFailed } from "../http/router.ts";
import { createDestinationBody } from "../notifications/schema.ts";
import { type DashboardContext, sessionLedger } from "./dashboard-env.ts";
import type { DestinationFields } from "./parts/destination-form.tsx";

// An environment has at most 20.
const MOST = 20;

/** As it was typed. */
export function typedDestination(form: URLSearchParams): DestinationFields {
  return {
    url: (form.get("url") ?? "").trim(),
    description: (form.get("description") ?? "").trim(),
    eventTypes: form.getAll("event_types"),
    twice: form.get("twice") === "on",
  };
}

/** @throws AppError `validation_failed` */
export function readDestination({ url, description, eventTypes }: DestinationFields) {
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

/** Whether another destination has this address: each event would be sent there twice. */
export async function sharesUrl(c: DashboardContext, url: string, exceptId?: string): Promise<boolean> {
  const others = await sessionLedger(c).listDestinations({ limit: MOST, after: null });
  return others.some((row) => row.id !== exceptId && sameAddress(row.url, url));
}

function sameAddress(one: string, other: string): boolean {
  return URL.canParse(one) && URL.canParse(other) ? new URL(one).href === new URL(other).href : one === other;
}
