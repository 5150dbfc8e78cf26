// Switches off the links of an environment whose connection is being disconnected, while its key still works.
// Bounded: a call to Stripe is one of those that a Worker's invocation has. Another call goes on.

import type Stripe from "stripe";
import type { StoredConnection } from "../connections/store.ts";
import type { LinkDeactivation } from "../ledger/invoices/deactivate-payment-link.ts";
import { AppError } from "../platform/app-error.ts";
import type { Deps, Scope } from "../platform/deps.ts";
import { errorText } from "../platform/logger.ts";
import { switchOffAtStripe } from "./deactivate-payment-link.ts";

// Each is two calls to Stripe or more; a Worker's invocation has 1,000.
const LIMIT = 300;
const AT_ONCE = 5;
const UNTRIED = "There are more links than one call can switch off.";

export type OpenLinksOff = {
  /** How many Stripe has confirmed. */
  done: number;
  /** How many were not tried. */
  untried: number;
  /** Why, for each that is not off, by Stripe's id. */
  left: ReadonlyMap<string, string>;
};

/**
 * @param links those that are to be switched off
 * @param opened the connection, and a client with its key
 * @returns what became of them
 */
export async function deactivateOpenLinks(
  deps: Deps,
  scope: Scope,
  links: readonly LinkDeactivation[],
  opened: { connection: StoredConnection; stripe: Stripe },
): Promise<OpenLinksOff> {
  const left = new Map<string, string>();
  const end = (untried: number): OpenLinksOff => ({ done: links.length - left.size, untried, left });
  for (let start = 0; start < links.length; start += AT_ONCE) {
    if (start >= LIMIT) {
      leave(left, links.slice(start), UNTRIED);
      return end(links.length - start);
    }
    const batch = links.slice(start, start + AT_ONCE);
    const failures = await Promise.all(batch.map((link) => switchOffOne(deps, scope, link, opened)));
    for (const [index, failure] of failures.entries())
      if (failure) leave(left, batch.slice(index, index + 1), errorText(failure));
    const useless = failures.find((failure) => failure?.code === "stripe_authentication_failed");
    // With a key that is refused every other call ends the same.
    if (useless) {
      leave(left, links.slice(start + AT_ONCE), errorText(useless));
      break;
    }
  }
  return end(0);
}

async function switchOffOne(
  deps: Deps,
  scope: Scope,
  link: LinkDeactivation,
  opened: { connection: StoredConnection; stripe: Stripe },
): Promise<AppError | null> {
  try {
    await switchOffAtStripe(deps, scope, link, opened);
    return null;
  } catch (error) {
    if (error instanceof AppError && error.code !== "database_unavailable") return error;
    throw error;
  }
}

function leave(left: Map<string, string>, links: readonly LinkDeactivation[], why: string): void {
  for (const { stripePaymentLinkId } of links) left.set(stripePaymentLinkId, why);
}
