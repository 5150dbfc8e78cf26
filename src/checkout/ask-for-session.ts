// Asks Stripe for a session. Under one key Stripe makes it once; but it replays a 500 under that key for at
// least a day (https://docs.stripe.com/api/idempotent_requests): then the next key is tried. A session that a
// failed try made all the same has an address that nobody was given, and expires unpaid.

import type Stripe from "stripe";
import { atStripe, stripeStatus } from "../connections/at-stripe.ts";
import type { StoredConnection } from "../connections/store.ts";
import { AppError } from "../platform/app-error.ts";
import { ANSWERS_KEPT_MS } from "../platform/call-id.ts";
import type { Deps, Scope } from "../platform/deps.ts";
import { idempotencyKey } from "../platform/idempotency-key.ts";
import { sha256Hex } from "../platform/sha256.ts";

type Opened = { connection: StoredConnection; stripe: Stripe };

// Each step is an answer that Stripe replays at once. Past the last one its own failure is told.
const MOST_KEYS = 20;

/** What is asked for, and how. */
type Asked<Session> = {
  kind: "checkout_session" | "portal_session";
  /** All that the session depends on. */
  parameters: object;
  make: (stripe: Stripe, options: Stripe.RequestOptions) => Promise<Session>;
};

/** @throws AppError as fromStripeError says; a refusal names the place in the caller's own words */
export async function askForSession<Session extends { created: number }>(
  deps: Deps,
  scope: Scope,
  opened: Opened,
  asked: Asked<Session>,
): Promise<Session> {
  const keyOf = await keysFor(deps, scope, asked);
  for (let generation = 0; ; generation++) {
    const isLast = generation === MOST_KEYS - 1;
    try {
      const made = await atStripe(deps, scope, opened.connection, () =>
        asked.make(opened.stripe, { idempotencyKey: keyOf(generation) }),
      );
      if (isLast || made.created * 1000 > deps.now() - ANSWERS_KEPT_MS) return made;
    } catch (error) {
      if (isLast || !isReplayedFailure(error)) throw namingThePlace(error);
    }
  }
}

/** Of the parameters too: the same key with others is refused, and a customer may have been made anew since. */
async function keysFor(
  deps: Deps,
  { environmentId }: Scope,
  { kind, parameters }: Pick<Asked<unknown>, "kind" | "parameters">,
): Promise<(generation: number) => string> {
  const call = deps.callId ?? crypto.randomUUID();
  const digest = (await sha256Hex(JSON.stringify(parameters))).slice(0, 16);
  return (generation) => idempotencyKey(kind, environmentId, call, digest, generation);
}

/** Whether Stripe refused since it does not know the customer (any more): then another one is to be made. */
export function isCustomerGone(error: unknown): boolean {
  const said = stripeSaid(error);
  return said?.param === "customer" && said.code === "resource_missing";
}

function isReplayedFailure(error: unknown): boolean {
  if ((stripeStatus(error) ?? 0) < 500) return false;
  return stripeSaid(error)?.headers?.["idempotent-replayed"] === "true";
}

function namingThePlace(error: unknown): unknown {
  const param = stripeSaid(error)?.param;
  if (!(error instanceof AppError) || error.code !== "stripe_refused" || !param) return error;
  const errors = [{ path: ourPath(param), message: error.message }];
  return new AppError("stripe_refused", { detail: error.message, errors, cause: error.cause });
}

/** `line_items[0][price_data][currency]` is `line_items[0].price_data.currency` to our callers. */
function ourPath(param: string): string {
  const path = param.replaceAll(/\[([^\d[\]][^[\]]*)\]/g, ".$1");
  return OUR_NAMES[path] ?? path;
}

const OUR_NAMES: Record<string, string> = {
  customer: "customer_id",
  "subscription_data.trial_period_days": "trial_days",
  "flow_data.subscription_cancel.subscription": "flow.subscription_id",
  "flow_data.subscription_pause.subscription": "flow.subscription_id",
  "flow_data.subscription_update.subscription": "flow.subscription_id",
  "flow_data.type": "flow.type",
};

function stripeSaid(
  error: unknown,
): Pick<Stripe.errors.StripeError, "param" | "code" | "headers"> | undefined {
  const cause = error instanceof AppError ? error.cause : null;
  return cause instanceof Error && "headers" in cause ? (cause as Stripe.errors.StripeError) : undefined;
}
