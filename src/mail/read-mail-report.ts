// What a provider reports, read into whether a mail came back or drew a complaint. Everything else that it may be set
// to report (sent, delivered, opened) is null. Pure.

import type { ReportingProvider } from "../platform/email-config.ts";
import { type MailReference, readReference } from "../platform/mail-reference.ts";
import { cutText } from "../platform/text.ts";
import { oneLine } from "./plain-text.ts";

export type ProviderReport = {
  what: "bounced" | "complained";
  /** In the provider's words, one line. */
  reason: string;
  messageId: string;
  /** Null for a mail that somebody else sent by the same account. */
  reference: MailReference | null;
};

const MOST_REASON = 500;

export function readMailReport(provider: ReportingProvider, body: unknown): ProviderReport | null {
  const report = objectOf(body);
  return provider === "resend" ? readResend(report) : readPostmark(report);
}

/** https://resend.com/docs/webhooks/emails/bounced, …/complained, …/suppressed */
function readResend({ type, data }: Values): ProviderReport | null {
  const { email_id: messageId, tags, bounce, suppressed } = objectOf(data);
  if (typeof messageId !== "string") return null;
  const reference = readReference(tagsOf(tags));
  switch (type) {
    case "email.bounced": {
      const { type: kind, subType, message } = objectOf(bounce);
      return { what: "bounced", reason: reasonOf([kind, subType], message), messageId, reference };
    }
    case "email.suppressed": {
      const { type: kind, message } = objectOf(suppressed);
      return { what: "bounced", reason: reasonOf(["Suppressed", kind], message), messageId, reference };
    }
    case "email.complained":
      return { what: "complained", reason: "The reader reported it as spam.", messageId, reference };
    default:
      return null;
  }
}

// Of the kinds that Postmark calls bounces these did not keep the mail from its reader, or not for good
// (https://postmarkapp.com/developer/api/bounce-api#bounce-types).
const NO_BOUNCE = new Set(
  (
    "Transient Unsubscribe Subscribe AutoResponder AddressChange DnsError OpenRelayTest VirusNotification " +
    "ChallengeVerification InboundError TemplateRenderingFailed"
  ).split(" "),
);

/** https://postmarkapp.com/developer/webhooks/bounce-webhook, …/spam-complaint-webhook */
function readPostmark(report: Values): ProviderReport | null {
  const { RecordType, Type, Name, Description, Details, MessageID: messageId, Metadata } = report;
  if (typeof messageId !== "string") return null;
  const reference = readReference(objectOf(Metadata));
  if (RecordType === "SpamComplaint" || Type === "SpamComplaint")
    return { what: "complained", reason: "The reader reported it as spam.", messageId, reference };
  if (RecordType !== "Bounce" || NO_BOUNCE.has(String(Type))) return null;
  const reason = reasonOf([Name ?? Type], [Description, Details].filter((part) => part).join(" "));
  return { what: "bounced", reason, messageId, reference };
}

type Values = Readonly<Record<string, unknown>>;

function objectOf(value: unknown): Values {
  return typeof value === "object" && value !== null && !Array.isArray(value) ? { ...value } : {};
}

/** They are given as a list of names and values, and come back by name. */
function tagsOf(tags: unknown): Values {
  if (!Array.isArray(tags)) return objectOf(tags);
  return Object.fromEntries(
    tags.map((tag) => {
      const { name, value } = objectOf(tag);
      return [String(name), value];
    }),
  );
}

function reasonOf(kinds: readonly unknown[], message: unknown): string {
  const kind = kinds.filter((word) => typeof word === "string" && word !== "").join(", ");
  const said = typeof message === "string" ? message : "";
  const words = [kind, said].filter((part) => part !== "").join(": ");
  return cutText(oneLine(words === "" ? "It could not be delivered." : words), MOST_REASON);
}
