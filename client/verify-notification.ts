// Tells a message of Quittance's from anybody else's (https://www.standardwebhooks.com).

import { Webhook } from "standardwebhooks";
import type { webhooks } from "./openapi.generated.ts";

/** A message by its type: `Notification<"invoice.paid">`. */
export type Notification<Type extends keyof webhooks = keyof webhooks> = {
  [Name in Type]: NonNullable<webhooks[Name]["post"]["requestBody"]>["content"]["application/json"];
}[Type];

/**
 * @param secret the event destination's, `whsec_…`
 * @param body as it came, before any JSON parser
 * @throws Error when the message is not Quittance's, was changed, or is older than five minutes
 */
export function verifyNotification(secret: string, headers: Headers, body: string): Notification {
  const names = ["webhook-id", "webhook-timestamp", "webhook-signature"];
  const signed = Object.fromEntries(names.map((name) => [name, headers.get(name) ?? ""]));
  new Webhook(secret).verify(body, signed);
  return JSON.parse(body) as Notification;
}
