// A connection as the API answers it, for pages: the same schema, so that no secret can reach a page either.

import type { DescribedConnection } from "../connections/describe-connections.ts";
import { toConnection } from "../connections/schema.ts";
import { findLiveConnection, listConnections } from "../connections/store.ts";
import { ledger } from "../ledger/client.ts";
import type { Deps, Scope } from "../platform/deps.ts";
import { STRIPE_API_VERSION } from "../platform/stripe.ts";

/** The environment's connection; null when it has none, or only disconnected ones. */
export async function readLiveConnection(deps: Deps, scope: Scope): Promise<DescribedConnection | null> {
  const [stored, lastEventAtMs] = await Promise.all([
    findLiveConnection(deps, scope),
    ledger(deps, scope).findLastEventAtMs({}),
  ]);
  return stored ? toConnection(stored, deps, lastEventAtMs) : null;
}

/** All of the environment's connections, newest first; an environment has one live one, and few before it. */
export async function readConnections(deps: Deps, scope: Scope): Promise<DescribedConnection[]> {
  const [stored, lastEventAtMs] = await Promise.all([
    listConnections(deps, scope, { limit: 50, after: null }),
    ledger(deps, scope).findLastEventAtMs({}),
  ]);
  return stored.map((one) => toConnection(one, deps, lastEventAtMs));
}

/** What a person should do next about a connection, in the order of doing it. Pure. */
export function nextSteps(connection: DescribedConnection): string[] {
  const steps: string[] = [];
  if (connection.status === "pending_webhook") {
    steps.push(
      `In Stripe's dashboard, under Developers, Webhooks, add an endpoint with the webhook URL shown here and API version ${STRIPE_API_VERSION}.`,
      "Choose the events that the docs list.",
      "Set the endpoint's signing secret (whsec_…) as webhook_secret of this connection.",
    );
  }
  if (connection.status === "error") {
    steps.push(
      "Make a new key in Stripe's dashboard under Developers, API keys, and set it as this connection's secret_key.",
    );
  }
  if (connection.status === "disabled") steps.push("Set is_active to true when payments are to go on.");
  if (connection.status === "active" && connection.last_event_at === null) {
    steps.push(
      "No event has arrived yet. Finalise an invoice and pay its link, or send a test event from Stripe's dashboard.",
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
