// The settings of mails: which provider sends them, as whom, and with what key. Where nothing is set, mails
// are off in production, and in development kept to be looked at, so that none leaves by mistake.

import type { ConfigProblem } from "./config.ts";
import { weakSecretProblem } from "./secret-form.ts";
import { isLoopback, isPublicOrigin } from "./url-problem.ts";

export type EmailAddress = { email: string; name: string | null };

export type EmailConfig = { from: EmailAddress; replyTo: string | null } & (
  | { provider: "development" }
  | { provider: "cloudflare" }
  | { provider: "resend"; apiKey: string }
  | { provider: "postmark"; serverToken: string }
);

export type EmailSettings = {
  EMAIL_PROVIDER?: string;
  EMAIL_FROM?: string;
  EMAIL_REPLY_TO?: string;
  RESEND_API_KEY?: string;
  RESEND_WEBHOOK_SECRET?: string;
  POSTMARK_SERVER_TOKEN?: string;
  POSTMARK_WEBHOOK_TOKEN?: string;
  /** The `send_email` binding. */
  EMAIL?: unknown;
};

const PROVIDERS = ["cloudflare", "resend", "postmark", "development", "off"] as const;
type ProviderName = (typeof PROVIDERS)[number];

const DEVELOPMENT_SENDER: EmailAddress = { email: "billing@localhost", name: null };
const ADDRESS_REMEDY =
  'Give an address such as "Acme Billing <billing@example.com>" or "billing@example.com".';

/** @param publicUrl as it was read; null where it is not set */
export function readEmail(
  settings: EmailSettings,
  publicUrl: string | null,
  problems: ConfigProblem[],
): EmailConfig | null {
  const provider = readProvider(settings.EMAIL_PROVIDER, publicUrl, problems);
  if (provider === null || provider === "off") return null;
  const from = readSender(settings.EMAIL_FROM, provider, problems);
  const replyTo = readReplyTo(settings.EMAIL_REPLY_TO, problems);
  const address = { from: from ?? DEVELOPMENT_SENDER, replyTo };
  switch (provider) {
    case "development":
      return { provider, ...address };
    case "cloudflare":
      if (settings.EMAIL === undefined) {
        const remedy =
          'Add it to wrangler.toml as [[send_email]] with name = "EMAIL", or choose another provider.';
        problems.push({
          setting: "EMAIL",
          problem: "is not bound, but EMAIL_PROVIDER is cloudflare",
          remedy,
        });
      }
      return { provider, ...address };
    case "resend":
      return { provider, ...address, apiKey: readKey("RESEND_API_KEY", settings.RESEND_API_KEY, problems) };
    case "postmark": {
      const serverToken = readKey("POSTMARK_SERVER_TOKEN", settings.POSTMARK_SERVER_TOKEN, problems);
      return { provider, ...address, serverToken };
    }
  }
}

/** By what the reports of each provider are known to be its own; null where it is not set, and none is taken in. */
export type MailReportSecrets = Record<ReportingProvider, string | null>;

export const REPORTING_PROVIDERS = ["resend", "postmark"] as const;
export type ReportingProvider = (typeof REPORTING_PROVIDERS)[number];

/** Read whoever sends the mails at present: the former provider may still report on what it sent. */
export function readReportSecrets(settings: EmailSettings, problems: ConfigProblem[]): MailReportSecrets {
  return {
    resend: readOptional(
      { name: "RESEND_WEBHOOK_SECRET", value: settings.RESEND_WEBHOOK_SECRET },
      /^whsec_[A-Za-z0-9+/]{32,}={0,2}$/,
      "Give the signing secret of the webhook at Resend, `whsec_…`, or leave it unset.",
      problems,
    ),
    postmark: readOptional(
      { name: "POSTMARK_WEBHOOK_TOKEN", value: settings.POSTMARK_WEBHOOK_TOKEN },
      /^[A-Za-z0-9_.~-]+$/,
      "Make one with `openssl rand -hex 32`, or leave it unset.",
      problems,
    ),
  };
}

function readOptional(
  { name, value }: { name: string; value: string | undefined },
  shape: RegExp,
  remedy: string,
  problems: ConfigProblem[],
): string | null {
  const given = (value ?? "").trim();
  if (given === "") return null;
  if (!shape.test(given) || /change[-_ ]?me|example|^(.)\1+$/i.test(given)) {
    problems.push({ setting: name, problem: "is not of the right form, or is an example", remedy });
    return null;
  }
  // Who made it is the provider or we: theirs are as long as they make them.
  const weak = name === "POSTMARK_WEBHOOK_TOKEN" ? weakSecretProblem(given) : null;
  if (weak) problems.push({ setting: name, problem: weak, remedy });
  return weak ? null : given;
}

/** What becomes of mails, for an operator. Holds no secret. */
export function describeEmail(email: EmailConfig | null, reports: MailReportSecrets): string {
  if (email === null) return "Off: no mail is sent. Set EMAIL_PROVIDER and EMAIL_FROM to send them.";
  if (email.provider === "development") {
    return "Development: no mail leaves, each is shown at /dashboard/mails. Set EMAIL_PROVIDER to send them.";
  }
  return `Sent by ${email.provider} from ${email.from.email}. ${reportsWords(email.provider, reports)}`;
}

function reportsWords(provider: EmailConfig["provider"], reports: MailReportSecrets): string {
  if (provider !== "resend" && provider !== "postmark") return "What comes back shows at the provider alone.";
  if (reports[provider] !== null) return "What comes back is taken in.";
  const setting = provider === "resend" ? "RESEND_WEBHOOK_SECRET" : "POSTMARK_WEBHOOK_TOKEN";
  return `What comes back is not taken in: set ${setting}, and a webhook to /api/v1/webhooks/mail/${provider} there.`;
}

/** `Name <a@b>` or `a@b`; null when it is neither, or could be read as more than one address. */
export function parseAddress(text: string): EmailAddress | null {
  const given = text.trim();
  const open = given.endsWith(">") ? given.indexOf("<") : -1;
  const email = (open === -1 ? given : given.slice(open + 1, -1)).trim();
  const name = open === -1 ? "" : given.slice(0, open).trim().replace(/^"/, "").replace(/"$/, "").trim();
  if (!ADDRESS.test(email) || email.length > 320 || /["<>\p{Cc}]/u.test(name)) return null;
  return { email, name: name === "" ? null : name };
}

const ADDRESS = /^[^\s@<>(),:;"\\[\]\p{Cc}]+@[^\s@<>(),:;"\\[\]\p{Cc}]+$/u;

function readProvider(
  value: string | undefined,
  publicUrl: string | null,
  problems: ConfigProblem[],
): ProviderName | null {
  const name = (value ?? "").trim().toLowerCase();
  if (name === "") return isDevelopment(publicUrl) ? "development" : "off";
  const provider = PROVIDERS.find((known) => known === name);
  if (provider === "development" && publicUrl !== null && isPublicOrigin(publicUrl)) {
    const problem = "is development, but PUBLIC_URL is no loopback address: no mail would ever leave";
    problems.push({
      setting: "EMAIL_PROVIDER",
      problem,
      remedy: "Give cloudflare, resend, postmark or off.",
    });
  }
  if (provider) return provider;
  const remedy = `Give one of ${PROVIDERS.join(", ")}, or leave it unset.`;
  problems.push({ setting: "EMAIL_PROVIDER", problem: "is not a provider that we know", remedy });
  return null;
}

function isDevelopment(publicUrl: string | null): boolean {
  return publicUrl === null || isLoopback(new URL(publicUrl).hostname);
}

function readSender(
  value: string | undefined,
  provider: ProviderName,
  problems: ConfigProblem[],
): EmailAddress | null {
  const given = (value ?? "").trim();
  if (given === "" && provider === "development") return null;
  const address = parseAddress(given);
  if (!address) {
    const problem =
      given === "" ? `is not set, but EMAIL_PROVIDER is ${provider}` : "is not an e-mail address";
    problems.push({ setting: "EMAIL_FROM", problem, remedy: ADDRESS_REMEDY });
  }
  return address;
}

function readReplyTo(value: string | undefined, problems: ConfigProblem[]): string | null {
  const given = (value ?? "").trim();
  if (given === "") return null;
  const address = parseAddress(given);
  if (address) return address.email;
  const remedy = "Give an address such as support@example.com, or leave it unset.";
  problems.push({ setting: "EMAIL_REPLY_TO", problem: "is not an e-mail address", remedy });
  return null;
}

function readKey(setting: string, value: string | undefined, problems: ConfigProblem[]): string {
  const key = (value ?? "").trim();
  // A header cannot carry anything else, and a key pasted with its quotation marks would only be refused later.
  if (/^[A-Za-z0-9_.-]{8,}$/.test(key) && !/change[-_ ]?me|example|^(.)\1+$/i.test(key)) return key;
  const problem = key === "" ? "is not set" : "is not a key, or is an example";
  problems.push({ setting, problem, remedy: `Set it with \`wrangler secret put ${setting}\`.` });
  return key;
}
