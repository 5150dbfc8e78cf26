// What is missing or wrong with the Worker's settings, all of it at once. A secret that is an example or too short counts
// as missing: a deployment must never run on it.

import { readAccess } from "./access-config.ts";
import type { ConfigProblem, ConfigResult, Settings } from "./config.ts";
import { readConnect } from "./connect-config.ts";
import { readEmail, readReportSecrets } from "./email-config.ts";
import { readOperator } from "./operator-config.ts";
import { invalidKeyring } from "./secret-box.ts";
import { weakSecretProblem } from "./secret-form.ts";
import { isPublicOrigin } from "./url-problem.ts";

export const ROOT_TOKEN_REMEDY =
  "Make one with `openssl rand -hex 32` and set it with `wrangler secret put ROOT_TOKEN`.";

export const ENCRYPTION_KEYS_REMEDY =
  'Make one with `echo "k1:$(openssl rand -base64 32)"` and set it with `wrangler secret put ENCRYPTION_KEYS`.';

/** Values never appear in what is said. */
export function validateSettings(settings: Settings): ConfigResult {
  const problems: ConfigProblem[] = [];
  const rootToken = settings.ROOT_TOKEN ?? "";
  const rootProblem = checkRootToken(rootToken);
  if (rootProblem) problems.push({ setting: "ROOT_TOKEN", problem: rootProblem, remedy: ROOT_TOKEN_REMEDY });

  const encryptionKeys = settings.ENCRYPTION_KEYS ?? "";
  const keyProblem = isExample(encryptionKeys)
    ? "is not set, or is an example"
    : invalidKeyring(encryptionKeys);
  if (keyProblem) {
    problems.push({ setting: "ENCRYPTION_KEYS", problem: keyProblem, remedy: ENCRYPTION_KEYS_REMEDY });
  }
  const publicUrl = readOrigin(settings.PUBLIC_URL, "PUBLIC_URL", problems);
  const isPublic = publicUrl !== null && isPublicOrigin(publicUrl);
  if (isPublic && publicUrl.startsWith("http:")) {
    const remedy = "Give the https origin: API keys and what payers are shown must not travel in clear.";
    problems.push({ setting: "PUBLIC_URL", problem: "is plain http", remedy });
  }
  const stripeApiBase = readOrigin(settings.STRIPE_API_BASE, "STRIPE_API_BASE", problems);
  const email = readEmail(settings, publicUrl, problems);
  const mailReports = readReportSecrets(settings, problems);
  const connect = readConnect(settings, problems);
  const operator = readOperator(settings, problems);
  // A way into the console that is set wrongly must stop no payment: it is red, and opens nothing.
  const accessProblems: ConfigProblem[] = [];
  const access = readAccess(settings, accessProblems);
  const retentionDays = readRetentionDays(settings.RETENTION_DAYS, problems);
  const destinationsAllowPrivate = settings.DESTINATIONS_ALLOW_PRIVATE?.trim() === "true";
  if (destinationsAllowPrivate && isPublic) {
    const problem = "is true, but PUBLIC_URL is no loopback address";
    const remedy = "Leave it unset: only on a developer's machine may messages go to private addresses.";
    problems.push({ setting: "DESTINATIONS_ALLOW_PRIVATE", problem, remedy });
  }
  if (problems.length > 0) return { ok: false, problems };
  return {
    ok: true,
    config: {
      rootToken,
      encryptionKeys,
      publicUrl,
      stripeApiBase,
      destinationsAllowPrivate,
      email,
      mailReports,
      connect,
      operator,
      access,
      retentionDays,
      undecided: [
        ...accessProblems,
        ...(isPublic && isUnset(settings.EMAIL_PROVIDER) ? [EMAIL_UNDECIDED] : []),
        ...(operator.email !== null && email === null ? [NO_MAIL_FOR_OPERATOR] : []),
      ],
    },
  };
}

const EMAIL_UNDECIDED: ConfigProblem = {
  setting: "EMAIL_PROVIDER",
  problem: "is not set, so that no mail is sent",
  remedy: "Set it to resend, postmark or cloudflare with EMAIL_FROM, or to off.",
};

const NO_MAIL_FOR_OPERATOR: ConfigProblem = {
  setting: "OPERATOR_EMAIL",
  problem: "is set, but no mail is sent",
  remedy: "Set EMAIL_PROVIDER and EMAIL_FROM, or give OPERATOR_WEBHOOK_URL in its place.",
};

function isUnset(value: string | undefined): boolean {
  return (value ?? "").trim() === "";
}

function checkRootToken(value: string): string | null {
  if (isExample(value)) return "is not set, or is an example";
  return weakSecretProblem(value);
}

function isExample(value: string): boolean {
  return value.trim() === "" || /change[-_ ]?me|example|replace|your[-_ ]|<[^<>]*>|^(.)\1+$/i.test(value);
}

function readOrigin(value: string | undefined, setting: string, problems: ConfigProblem[]): string | null {
  if (value === undefined || isUnset(value)) return null;
  const remedy = "Give an origin such as https://billing.example.com, without a path, or leave it unset.";
  if (!URL.canParse(value)) {
    problems.push({ setting, problem: "is not a URL", remedy });
    return null;
  }
  const url = new URL(value);
  if (!["http:", "https:"].includes(url.protocol) || url.pathname !== "/" || url.search || url.username) {
    problems.push({ setting, problem: "is not a plain http(s) origin", remedy });
    return null;
  }
  return url.origin;
}

/** What RETENTION_DAYS says, for one who has no part in the other settings. Unreadable: as if it were not set. */
export function retentionDaysOf(settings: { RETENTION_DAYS?: string }): number {
  return readRetentionDays(settings.RETENTION_DAYS, []);
}

export const DEFAULT_RETENTION_DAYS = 30;

const MOST_RETENTION_DAYS = 3650;

function readRetentionDays(value: string | undefined, problems: ConfigProblem[]): number {
  const text = value?.trim() ?? "";
  if (text === "") return DEFAULT_RETENTION_DAYS;
  const days = /^\d+$/.test(text) ? Number(text) : Number.NaN;
  if (days >= 1 && days <= MOST_RETENTION_DAYS) return days;
  problems.push({
    setting: "RETENTION_DAYS",
    problem: `is not a whole number of days from 1 to ${MOST_RETENTION_DAYS}`,
    remedy: `Give one, such as 90, or leave it unset for ${DEFAULT_RETENTION_DAYS}.`,
  });
  return DEFAULT_RETENTION_DAYS;
}
