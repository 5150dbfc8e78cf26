// Cloudflare's Email Service, by the Worker's `send_email` binding:
// https://developers.cloudflare.com/email-service/api/send-emails/workers-api/. It has no idempotency key, so
// what may have been taken is never repeated.

import { errorText } from "../../platform/logger.ts";
import {
  type MailOutcome,
  type MailProvider,
  type OutgoingMail,
  PROVIDER_TIMEOUT_MS,
} from "../mail-provider.ts";

const LIMITS = new Set(["E_RATE_LIMIT_EXCEEDED", "E_DAILY_LIMIT_EXCEEDED"]);
// Of the codes that Cloudflare documents, those that say for sure that nothing was sent.
const REFUSALS = new Set(
  (
    "E_VALIDATION_ERROR E_FIELD_MISSING E_TOO_MANY_RECIPIENTS E_TOO_MANY_ATTACHMENTS E_CONTENT_TOO_LARGE " +
    "E_SENDER_NOT_VERIFIED E_SENDER_DOMAIN_NOT_AVAILABLE E_RECIPIENT_NOT_ALLOWED E_RECIPIENT_SUPPRESSED " +
    "E_DELIVERY_FAILED E_HEADER_NOT_ALLOWED E_HEADER_USE_API_FIELD E_HEADER_VALUE_INVALID " +
    "E_HEADER_VALUE_TOO_LONG E_HEADER_NAME_INVALID E_HEADERS_TOO_LARGE E_HEADERS_TOO_MANY"
  ).split(" "),
);

/** @param timeoutMs for tests */
export function cloudflareProvider(
  binding: SendEmail,
  timeoutMs: number = PROVIDER_TIMEOUT_MS,
): MailProvider {
  return {
    name: "cloudflare",
    tellsRepeats: false,
    async send(mail) {
      try {
        return await Promise.race([sendOnce(binding, mail), silence(timeoutMs)]);
      } catch (error) {
        return outcomeOf(error);
      }
    },
  };
}

async function sendOnce(binding: SendEmail, mail: OutgoingMail): Promise<MailOutcome> {
  const { email, name } = mail.from;
  const result = await binding.send({
    from: name === null ? email : { email, name },
    to: mail.to,
    ...(mail.replyTo === null ? {} : { replyTo: mail.replyTo }),
    subject: mail.subject,
    text: mail.text,
    html: mail.html,
  });
  return { outcome: "sent", messageId: result?.messageId ?? null };
}

// A binding cannot be told to stop.
function silence(timeoutMs: number): Promise<MailOutcome> {
  const reason = `Cloudflare did not answer within ${timeoutMs / 1000} s.`;
  return new Promise((resolve) => setTimeout(() => resolve({ outcome: "unknown", reason }), timeoutMs));
}

function outcomeOf(error: unknown): MailOutcome {
  const code = typeof error === "object" && error !== null && "code" in error ? String(error.code) : "";
  const reason = `Cloudflare: ${errorText(error)}${code === "" ? "" : ` (${code})`}`;
  if (LIMITS.has(code)) return { outcome: "retry", reason, inDoubt: false };
  return { outcome: REFUSALS.has(code) ? "refused" : "unknown", reason };
}
