// Resend: https://resend.com/docs/api-reference/emails/send-email. It tells repeats by an idempotency key for
// 24 hours (https://resend.com/docs/dashboard/emails/idempotency-keys), so its failures may be tried again.

import { formatAddress } from "../format-address.ts";
import type { MailOutcome, MailProvider } from "../mail-provider.ts";
import { outcomeOfFailure, type ProviderAnswer, postJson, providerWords } from "./post-json.ts";

export function resendProvider(apiKey: string): MailProvider {
  return {
    name: "resend",
    tellsRepeats: true,
    async send(mail) {
      const headers = { authorization: `Bearer ${apiKey}`, "idempotency-key": mail.idempotencyKey };
      const answer = await postJson("https://api.resend.com/emails", headers, {
        from: formatAddress(mail.from),
        to: [mail.to],
        ...(mail.replyTo === null ? {} : { reply_to: mail.replyTo }),
        subject: mail.subject,
        text: mail.text,
        html: mail.html,
        tags: Object.entries(mail.reference).map(([name, value]) => ({ name, value })),
      });
      if ("silence" in answer) {
        return { outcome: "retry", reason: `Resend: ${answer.silence}.`, inDoubt: true };
      }
      return outcomeOf(answer, providerWords("Resend", answer, answer.body.message, apiKey));
    },
  };
}

function outcomeOf(answer: ProviderAnswer, reason: string): MailOutcome {
  if (answer.status >= 200 && answer.status < 300) {
    return { outcome: "sent", messageId: typeof answer.body.id === "string" ? answer.body.id : null };
  }
  // The first try with this key is still running.
  if (answer.body.name === "concurrent_idempotent_requests") {
    return { outcome: "retry", reason, inDoubt: true, retryAfterSeconds: answer.retryAfterSeconds };
  }
  // The key was taken before, with other content: what became of that one cannot be told from here.
  if (answer.status === 409) return { outcome: "unknown", reason };
  return outcomeOfFailure(answer, reason, true);
}
