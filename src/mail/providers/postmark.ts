// Postmark: https://postmarkapp.com/developer/api/email-api#send-a-single-email. It has no idempotency key, so
// what may have been taken is never repeated.

import { formatAddress } from "../format-address.ts";
import type { MailProvider } from "../mail-provider.ts";
import { outcomeOfFailure, postJson, providerWords } from "./post-json.ts";

export function postmarkProvider(serverToken: string): MailProvider {
  return {
    name: "postmark",
    tellsRepeats: false,
    async send(mail) {
      const headers = { "x-postmark-server-token": serverToken };
      const answer = await postJson("https://api.postmarkapp.com/email", headers, {
        From: formatAddress(mail.from),
        To: mail.to,
        ...(mail.replyTo === null ? {} : { ReplyTo: mail.replyTo }),
        Subject: mail.subject,
        TextBody: mail.text,
        HtmlBody: mail.html,
        Metadata: mail.reference,
        MessageStream: "outbound",
        // Tracking would send the payer to Stripe by another host.
        TrackOpens: false,
        TrackLinks: "None",
      });
      if ("silence" in answer) return { outcome: "unknown", reason: `Postmark: ${answer.silence}.` };
      const { status, body } = answer;
      const reason = providerWords("Postmark", answer, body.Message, serverToken);
      if (status < 200 || status >= 300) return outcomeOfFailure(answer, reason, false);
      if (body.ErrorCode !== undefined && body.ErrorCode !== 0) return { outcome: "refused", reason };
      return { outcome: "sent", messageId: typeof body.MessageID === "string" ? body.MessageID : null };
    },
  };
}
