// Whether a report comes from the provider: Resend signs as Standard Webhooks says, under Svix's names for the headers
// (https://resend.com/docs/dashboard/webhooks/verify-webhooks-requests); Postmark signs nothing and sends the password
// that stands in the webhook's address (https://postmarkapp.com/developer/webhooks/webhooks-overview).

import { Webhook } from "standardwebhooks";
import type { ReportingProvider } from "../platform/email-config.ts";

/** @param secret as the settings have it; null: nothing verifies */
export async function isReportOf(
  provider: ReportingProvider,
  headers: Headers,
  rawBody: string,
  secret: string | null,
): Promise<boolean> {
  if (secret === null) return false;
  return provider === "resend" ? isSigned(headers, rawBody, secret) : hasPassword(headers, secret);
}

/** Stamped more than five minutes before or after now it is refused, too. */
function isSigned(headers: Headers, rawBody: string, secret: string): boolean {
  const part = (name: string) => headers.get(`svix-${name}`) ?? headers.get(`webhook-${name}`) ?? "";
  const given = {
    "webhook-id": part("id"),
    "webhook-timestamp": part("timestamp"),
    "webhook-signature": part("signature"),
  };
  try {
    new Webhook(secret).verify(rawBody, given, { jsonParse: false });
    return true;
  } catch {
    return false;
  }
}

/** Whatever the user's name is. Digests are compared, so that the time tells neither length nor content. */
async function hasPassword(headers: Headers, token: string): Promise<boolean> {
  const credentials = decode(
    /^Basic ([A-Za-z0-9+/=]+)$/i.exec(headers.get("authorization") ?? "")?.[1] ?? "",
  );
  const password = credentials.slice(credentials.indexOf(":") + 1);
  const [given, right] = await Promise.all([digest(password), digest(token)]);
  return crypto.subtle.timingSafeEqual(given, right);
}

function digest(text: string): Promise<ArrayBuffer> {
  return crypto.subtle.digest("SHA-256", new TextEncoder().encode(text));
}

function decode(base64: string): string {
  try {
    return atob(base64);
  } catch {
    return "";
  }
}
