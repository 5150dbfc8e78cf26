// A connection as the API answers it, for pages: the same schema, so that no secret can reach a page either.

import type { DescribedConnection } from "../connections/describe-connections.ts";
import { REFUSAL_WORDS } from "../connections/refusals.ts";
import { toConnection } from "../connections/schema.ts";
import { findLiveConnection, listConnections } from "../connections/store.ts";
import { ledger } from "../ledger/client.ts";
import type { Deps, Scope } from "../platform/deps.ts";
import { STRIPE_API_VERSION } from "../platform/stripe.ts";

/** The environment's connection; null when it has none, or only disconnected ones. */
export async function readLiveConnection(deps: Deps, scope: Scope): Promise<DescribedConnection | null> {
  const [stored, arrivals] = await Promise.all([
    findLiveConnection(deps, scope),
    ledger(deps, scope).findLastArrivals({}),
  ]);
  return stored ? toConnection(stored, deps, arrivals) : null;
}

/** All of the environment's connections, newest first; an environment has one live one, and few before it. */
export async function readConnections(deps: Deps, scope: Scope): Promise<DescribedConnection[]> {
  const [stored, arrivals] = await Promise.all([
    listConnections(deps, scope, { limit: 50, after: null }),
    ledger(deps, scope).findLastArrivals({}),
  ]);
  return stored.map((one) => toConnection(one, deps, arrivals));
}

/** What a person should do next about a connection, in the order of doing it. Pure. */
export function nextSteps(connection: DescribedConnection): string[] {
  const steps: string[] = [];
  const isByConnect = connection.auth_type === "oauth";
  if (connection.status === "pending_webhook" && isByConnect) {
    steps.push("Whoever runs this installation sets the signing secrets of its Connect endpoint.");
  } else if (connection.status === "pending_webhook") {
    steps.push(
      `In Stripe's dashboard open Workbench, choose Webhooks, and create an event destination: a webhook endpoint with the URL shown here, and snapshot payloads of API version ${STRIPE_API_VERSION}.`,
      "Choose the events that the docs list.",
      "Set its signing secret (whsec_…) as webhook_secret of this connection.",
    );
  }
  const { count_24h, since, last_reason } = connection.refused;
  if (since !== null && last_reason !== null && connection.status !== "disconnected") {
    steps.push(
      `Webhooks are refused, ${count_24h} in the last 24 hours: nothing that Stripe sends so is processed. The last one was ${REFUSAL_WORDS[last_reason]}.`,
    );
  }
  if (connection.status === "error" && isByConnect) {
    steps.push("Press Test to see whether Stripe gives access again; if not, disconnect and connect again.");
  } else if (connection.status === "error") {
    steps.push(
      "Make a new restricted key in Stripe's dashboard on the page API keys, and set it as this connection's secret_key.",
    );
  }
  if (connection.status === "disabled") steps.push("Set is_active to true when payments are to go on.");
  if (connection.status === "active" && connection.last_webhook_at === null) {
    steps.push(
      connection.last_event_at === null
        ? "No event has arrived yet. Finalise an invoice and pay its link, or send a test event from Workbench in Stripe's dashboard."
        : "Stripe has never sent an event here, though events were fetched from it: press Test to see what is wrong with the endpoint.",
    );
  }
  if (connection.status !== "disconnected" && !connection.account.charges_enabled) {
    steps.push("Stripe does not let this account take payments yet: finish its onboarding.");
  }
  if (connection.status !== "disconnected" && connection.account.requirements.length > 0) {
    steps.push(`Stripe asks for: ${connection.account.requirements.join(", ")}.`);
  }
  return steps;
}
