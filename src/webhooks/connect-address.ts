// Reads from a signed event of Stripe Connect what says whose it is. No more: the rest is for the consumer to read, so
// that an event in a form that nobody knows still reaches its environment's log.

import * as z from "zod";
import { parseJsonMended } from "../platform/parse-json.ts";
import { accountsOf } from "./signed-event.ts";

const shape = z.object({
  livemode: z.boolean(),
  account: z.string().max(255).nullish().catch(null),
  context: z.string().max(1000).nullish().catch(null),
});

/**
 * The account that it happened in. Where it names two, the first: that it contradicts itself is for the consumer to say.
 * `no_account`: one of the platform's own account. `unreadable`: none that says its mode.
 */
export function readAddress(
  rawBody: string,
): { accountId: string; livemode: boolean } | "no_account" | "unreadable" {
  const parsed = shape.safeParse(parseJsonMended(rawBody));
  if (!parsed.success) return "unreadable";
  const [accountId] = accountsOf(parsed.data);
  return accountId === undefined ? "no_account" : { accountId, livemode: parsed.data.livemode };
}
