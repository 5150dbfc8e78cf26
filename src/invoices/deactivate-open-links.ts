// Switches off every link of an environment whose connection is being disconnected, while its key still
// works. Bounded: what is left is said, and its work goes on with a connection to the same account.

import type Stripe from "stripe";
import type { StoredConnection } from "../connections/store.ts";
import { ledger } from "../ledger/client.ts";
import type { LinkDeactivation } from "../ledger/invoices/deactivate-payment-link.ts";
import { AppError } from "../platform/app-error.ts";
import type { Deps, Scope } from "../platform/deps.ts";
import { errorText } from "../platform/logger.ts";
import { switchOffAtStripe } from "./deactivate-payment-link.ts";

// Each is two calls to Stripe or more; a Worker's invocation has 1,000.
const LIMIT = 300;
const AT_ONCE = 5;
const NAMED = 20;

/**
 * @param opened the connection, and a client with its key
 * @returns sentences about links that may still be paid; empty when all are off
 */
export async function deactivateOpenLinks(
  deps: Deps,
  scope: Scope,
  opened: { connection: StoredConnection; stripe: Stripe },
): Promise<string[]> {
  const links = await ledger(deps, scope).switchOffAllLinks({ limit: LIMIT * 10 });
  const left: { invoiceId: string; why: string }[] = [];
  for (let start = 0; start < Math.min(links.length, LIMIT); start += AT_ONCE) {
    const batch = links.slice(start, Math.min(start + AT_ONCE, LIMIT));
    const tried = await Promise.all(batch.map((link) => switchOffOne(deps, scope, link, opened)));
    for (const [index, failure] of tried.entries()) {
      if (failure) left.push({ invoiceId: batch[index]?.invoiceId ?? "", why: errorText(failure) });
    }
    const useless = tried.find((failure) => failure?.code === "stripe_authentication_failed");
    if (!useless) continue;
    // With a key that is refused every other call ends the same.
    const rest = links.slice(start + AT_ONCE);
    left.push(...rest.map(({ invoiceId }) => ({ invoiceId, why: errorText(useless) })));
    return sayLeft(left, 0);
  }
  return sayLeft(left, Math.max(0, links.length - LIMIT));
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

function sayLeft(left: readonly { invoiceId: string; why: string }[], untried: number): string[] {
  const said: string[] = [];
  const [first] = left;
  if (first) {
    const ids = left.slice(0, NAMED).map(({ invoiceId }) => invoiceId);
    const more = left.length > NAMED ? ` and ${left.length - NAMED} more` : "";
    said.push(
      `The payment links of these invoices may still be paid: ${ids.join(", ")}${more}. ${first.why} ` +
        "Deactivate them in Stripe's dashboard under Payment Links.",
    );
  }
  if (untried > 0)
    said.push(
      `${untried} more payment links were not tried. Deactivate them in Stripe's dashboard under Payment Links.`,
    );
  return said;
}
