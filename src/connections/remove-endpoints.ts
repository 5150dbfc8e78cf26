// Removes endpoints at Stripe one by one, and says which are gone and which are not.

import type Stripe from "stripe";
import { errorText } from "../platform/logger.ts";
import { removeEndpoint } from "./stripe-endpoints.ts";

/** What is left to say: null when all is done. */
export type Removal = { halfDone: string | null; notices: string[] };

/** Never throws for what Stripe answers: the next call finds what is left again. */
export async function removeEndpoints(stripe: Stripe, endpointIds: readonly string[]): Promise<Removal> {
  const notices: string[] = [];
  for (const [index, id] of endpointIds.entries()) {
    try {
      await removeEndpoint(stripe, id);
      notices.push(`The older endpoint ${id} was removed.`);
    } catch (error) {
      return { halfDone: leftBehind(endpointIds.slice(index), error), notices };
    }
  }
  return { halfDone: null, notices };
}

/** @param error why they could not be removed */
export function leftBehind(endpointIds: readonly string[], error: unknown): string {
  return (
    `The older endpoint ${endpointIds.join(", ")} with the same URL is still there: ${errorText(error)} ` +
    "Call POST /api/v1/connections/{id}/webhook_endpoint again to remove it."
  );
}
