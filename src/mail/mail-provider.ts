// The one interface of those who send mails. A provider never throws: it says what became of the mail, and
// says `unknown` rather than guess.

import type { EmailAddress } from "../platform/email-config.ts";

export type OutgoingMail = {
  /** The same for every try of one mail, for providers that tell repeats by it. */
  idempotencyKey: string;
  from: EmailAddress;
  to: string;
  replyTo: string | null;
  subject: string;
  text: string;
  html: string;
  /** Goes with it as tags or metadata, and comes back when the provider reports on it. */
  reference: Readonly<Record<string, string>>;
};

export type MailOutcome =
  /** Taken by the provider. */
  | { outcome: "sent"; messageId: string | null }
  /** Not taken, and the same again would not be either; why, in the provider's words. */
  | { outcome: "refused"; reason: string }
  /**
   * May be tried again by itself: it was not taken, or (`inDoubt`) perhaps it was, and the provider tells a
   * repeat by its idempotency key.
   */
  | { outcome: "retry"; reason: string; inDoubt: boolean; retryAfterSeconds?: number | undefined }
  /** It may have been taken: a person decides whether to send it again. */
  | { outcome: "unknown"; reason: string };

export type MailProvider = {
  name: "cloudflare" | "resend" | "postmark" | "development";
  /** Whether it tells a repeat by its key: the same mail again within a day is no second mail. */
  tellsRepeats: boolean;
  send: (mail: OutgoingMail) => Promise<MailOutcome>;
};

/** How long a provider may take to answer, ms. */
export const PROVIDER_TIMEOUT_MS = 15_000;
