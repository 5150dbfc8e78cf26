// The text of a webhook that Stripe has signed, read as an event. What Stripe signed is never refused for its
// contents: what cannot be read is kept with the reason.

import * as z from "zod";
import { parseJsonMended } from "../platform/parse-json.ts";

// The last second of the year 9999: what is later is no time.
const LAST_SECOND = 253_402_300_799;

const eventShape = z.looseObject({
  id: z.string().min(1).max(255),
  type: z.string().min(1).max(255),
  /** Seconds. */
  created: z.int().min(0).max(LAST_SECOND),
  livemode: z.boolean(),
  api_version: z.string().nullish(),
  account: z.string().nullish(),
  data: z.looseObject({ object: z.unknown() }),
});

/** A signed event, whole, with the fields that every event has. */
export type SignedEvent = z.infer<typeof eventShape>;

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
