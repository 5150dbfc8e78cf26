// The checks of a connection's test that need no I/O: what an account, an endpoint and a time tell. Pure.

import type { AccountState } from "../directory/connection-tables.ts";
import type { LastArrivals } from "../ledger/events/read-events.ts";
import { isoTime } from "../platform/iso-time.ts";
import { STRIPE_API_VERSION } from "../platform/stripe.ts";
import { onboardingUrl } from "./account-state.ts";
import { refusalWords } from "./refusals.ts";
import type { ConnectionView } from "./render-connection.ts";
import { type EndpointShape, isSameUrl, missingEvents, setUpByHand } from "./webhook-endpoint-state.ts";

export type Check = { name: string; ok: boolean; detail: string };

const REPAIR = "Call POST /api/v1/connections/{id}/webhook_endpoint to repair it.";

const LOOK = {
  api_key: `look at the endpoint and its signing secret. ${REPAIR}`,
  oauth:
    "whoever runs this installation has to look at the platform's Connect endpoint and STRIPE_CONNECT_WEBHOOK_SECRETS.",
};

/** Whose account it is, what it may do, and what Stripe still requires. */
export function accountChecks(account: AccountState, livemode: boolean): Check[] {
  const url = onboardingUrl(livemode, account);
  const finish = url === null ? "" : ` Finish it at Stripe: ${url}`;
  const why = account.disabledReason === null ? "" : ` Stripe's reason: ${account.disabledReason}.`;
  const name = account.displayName === null ? "" : ` (${account.displayName})`;
  const flag = (check: string, ok: boolean, yes: string, no: string): Check => ({
    name: check,
    ok,
    detail: ok ? yes : `${no}${why}${finish}`,
  });
  return [
    { name: "account", ok: true, detail: `The account is ${account.id}${name}.` },
    flag(
      "charges_enabled",
      account.chargesEnabled,
      "The account can take payments.",
      "The account cannot take payments.",
    ),
    flag("payouts_enabled", account.payoutsEnabled, "Stripe pays out.", "Stripe does not pay out yet."),
    flag(
      "requirements",
      account.requirements.length === 0,
      "Stripe requires nothing more.",
      `Stripe still requires: ${account.requirements.join(", ")}.`,
    ),
  ];
}

/** @param sameUrl how many endpoints with our URL there are */
export function endpointChecks(
  endpoint: EndpointShape & { id: string },
  url: string,
  sameUrl: number,
): Check[] {
  const enabled = endpoint.status === "enabled";
  const rightUrl = isSameUrl(endpoint.url, url);
  const missing = missingEvents(endpoint);
  const pinned = endpoint.api_version === STRIPE_API_VERSION;
  const version = endpoint.api_version ?? "the account's default";
  return [
    check(
      "webhook_endpoint",
      enabled && rightUrl && sameUrl === 1,
      `The endpoint ${endpoint.id} is enabled and has our URL.`,
      [
        ...(enabled ? [] : [`The endpoint ${endpoint.id} is disabled at Stripe.`]),
        ...(rightUrl ? [] : [`The endpoint ${endpoint.id} has the URL ${endpoint.url} instead of ${url}.`]),
        ...(sameUrl === 1 ? [] : [`${sameUrl} endpoints have our URL: every event comes ${sameUrl} times.`]),
        REPAIR,
      ].join(" "),
    ),
    check(
      "webhook_events",
      missing.length === 0,
      "The endpoint sends every event that is used.",
      `The endpoint does not send: ${missing.join(", ")}. ${REPAIR}`,
    ),
    check(
      "webhook_api_version",
      pinned,
      `The endpoint's API version is ${STRIPE_API_VERSION}.`,
      `The endpoint's API version is ${version} instead of ${STRIPE_API_VERSION}; Stripe cannot change it, so it is replaced. ${REPAIR}`,
    ),
  ];
}

/** @param url where Stripe is to send the events */
export function missingEndpoint(url: string): Check {
  const detail = `There is no endpoint with our URL at Stripe: no event arrives. ${REPAIR} ${setUpByHand(url)}`;
  return { name: "webhook_endpoint", ok: false, detail };
}

/** A connection that is new has heard nothing yet: that is said, and is no failure. @param atMs ms; null for never */
export function lastEventCheck(atMs: number | null): Check {
  const detail =
    atMs === null
      ? "No event has ever arrived. `stripe trigger` and Workbench's shell in Stripe's dashboard make one."
      : `The last event arrived at ${isoTime(atMs)}.`;
  return { name: "last_event", ok: true, detail };
}

/**
 * @param unheard an event that Stripe must have sent since, and that did not arrive; null: none is known
 * @param authType who looks after the endpoint
 */
export function lastWebhookCheck(
  { eventAtMs, webhookAtMs }: LastArrivals,
  unheard: string | null,
  authType: "api_key" | "oauth",
): Check {
  const name = "last_webhook";
  if (webhookAtMs !== null)
    return { name, ok: true, detail: `Stripe last sent an event here at ${isoTime(webhookAtMs)}.` };
  if (eventAtMs === null && unheard === null)
    return { name, ok: true, detail: "Stripe has sent no event yet, and none is known that it should have." };
  const known = unheard === null ? "were fetched from it" : `exist there, such as ${unheard}`;
  const detail = `Stripe has never sent an event here, though events ${known}: ${LOOK[authType]}`;
  return { name, ok: false, detail };
}

/** @param webhookAtMs when one was last taken in, ms; null for never */
export function signaturesCheck(
  { row, refused }: Pick<ConnectionView, "row" | "refused">,
  webhookAtMs: number | null,
): Check {
  const name = "signatures";
  if (!refused || refused.count24h === 0) {
    const ok = row.refusedSinceMs === null;
    return {
      name,
      ok: true,
      detail: ok ? "No webhook was refused." : "None was refused in the last 24 hours.",
    };
  }
  const count = `${refused.count24h} ${refused.count24h === 1 ? "webhook was" : "webhooks were"} refused in the last 24 hours.`;
  const isOver = (webhookAtMs ?? 0) > refused.lastAtMs;
  const detail = `${count} ${refusalWords(refused)}${isOver ? " Since then webhooks arrive." : ""}`;
  return { name, ok: isOver, detail };
}

function check(name: string, ok: boolean, yes: string, no: string): Check {
  return { name, ok, detail: ok ? yes : no };
}
