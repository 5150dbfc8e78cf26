// The text of a webhook that Stripe has signed, read as an event. What Stripe signed is never refused for its
// contents: what cannot be read is kept with the reason.

import * as z from "zod";
import { MOST_EVENT_VALUES } from "../platform/bounds.ts";
import { LAST_SECOND } from "../platform/iso-time.ts";
import { jsonSizeProblem } from "../platform/json-size.ts";
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

/** Null where the text is no event, or more than any of Stripe's. */
export function readSignedEvent(text: string): SignedEvent | null {
  if (jsonSizeProblem(text, MOST_EVENT_VALUES) !== null) return null;
  const parsed = eventShape.safeParse(parseJsonMended(text));
  return parsed.success ? parsed.data : null;
}

// Whoever reads an intent's client secret can confirm the payment (https://docs.stripe.com/api/payment_intents/object).
const CLIENT_SECRET = /"client_secret"\s*:\s*"(?:[^"\\]|\\.)*"/g;
// As it stands within another text, such as a return address or JSON in metadata: `pi_3Q…_secret_…`.
const SECRET_WITHIN = /(?<=[A-Za-z0-9]{14})_secret_[A-Za-z0-9]{16,}/g;

/** The text without any client secret, wherever in it one is: none is kept. */
export function withoutClientSecrets(text: string): string {
  if (!text.includes("secret")) return text;
  return text.replace(CLIENT_SECRET, '"client_secret":null').replace(SECRET_WITHIN, "_secret_…");
}
