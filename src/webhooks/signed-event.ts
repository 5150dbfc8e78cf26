// The text of a webhook that Stripe has signed, read as an event. What Stripe signed is never refused for its
// contents: what cannot be read is kept with the reason.

import * as z from "zod";
import { LAST_SECOND } from "../platform/iso-time.ts";
import { parseJsonMended } from "../platform/parse-json.ts";

const eventShape = z.looseObject({
  id: z.string().min(1).max(255),
  type: z.string().min(1).max(255),
  /** Seconds. */
  created: z.int().min(0).max(LAST_SECOND),
  livemode: z.boolean(),
  api_version: z.string().max(255).nullish(),
  /** Of Stripe Connect: the account that it happened in. */
  account: z.string().max(255).nullish(),
  /** Of an organisation's destination: the account that it happened in, last of a path. */
  context: z.string().max(1000).nullish(),
  data: z.looseObject({ object: z.unknown() }),
});

/** A signed event, whole, with the fields that every event has. */
export type SignedEvent = z.infer<typeof eventShape>;

/**
 * The account that it happened in: none where it does not say, two where it contradicts itself. An organisation's events name it in `context`,
 * those of Connect in both (https://docs.stripe.com/changelog/basil/2025-04-30/additional-context-organization-events).
 */
export function accountsOf({ account, context }: Pick<SignedEvent, "account" | "context">): string[] {
  const ofContext = context?.split("/").findLast((part) => part.startsWith("acct_"));
  return [...new Set([account, ofContext])].filter((id) => typeof id === "string");
}

/** Null where the text is no event. */
export function readSignedEvent(text: string): SignedEvent | null {
  const parsed = eventShape.safeParse(parseJsonMended(text));
  return parsed.success ? parsed.data : null;
}

// Whoever reads an intent's client secret can confirm the payment (https://docs.stripe.com/api/payment_intents/object).
const CLIENT_SECRET = /"client_secret"\s*:\s*"[^"]*"/g;

/** The text without any client secret: it is not kept. Inside of another string its quotes would be escaped. */
export function withoutClientSecrets(text: string): string {
  return text.includes('"client_secret"') ? text.replace(CLIENT_SECRET, '"client_secret":null') : text;
}
