// Reads the Worker's settings once an invocation and says, in words that help, what is missing or wrong.
// A secret that is an example or too short counts as missing: a deployment must never run on it.

import { ACCESS_SETTING_NAMES, type AccessConfig, type AccessSettings, readAccess } from "./access-config.ts";
import {
  CONNECT_SETTING_NAMES,
  type ConnectConfig,
  type ConnectSettings,
  readConnect,
} from "./connect-config.ts";
import {
  type EmailConfig,
  type EmailSettings,
  type MailReportSecrets,
  readEmail,
  readReportSecrets,
} from "./email-config.ts";
import {
  OPERATOR_SETTING_NAMES,
  type OperatorConfig,
  type OperatorSettings,
  readOperator,
} from "./operator-config.ts";
import { invalidKeyring } from "./secret-box.ts";
import { weakSecretProblem } from "./secret-form.ts";
import { isLoopback, isPublicOrigin } from "./url-problem.ts";

export type Config = {
  rootToken: string;
  encryptionKeys: string;
  /** Origin for webhook URLs, payment URLs and mails, without a trailing slash; null: the request's own. */
  publicUrl: string | null;
  /** Null: Stripe itself. Set: a sandbox or proxy, which gets test keys only. */
  stripeApiBase: string | null;
  /** Event destinations may be plain http on a loopback address. Never where strangers may reach us. */
  destinationsAllowPrivate: boolean;
  /** Null: no mails. */
  email: EmailConfig | null;
  mailReports: MailReportSecrets;
  connect: ConnectConfig;
  operator: OperatorConfig;
  /** Null: nobody comes into the console by Cloudflare Access. */
  access: AccessConfig | null;
  /** After so many days contents go (payloads, bodies, answers), and what they came to stays. */
  retentionDays: number;
  /** What has to be decided before it is ready. Calls are answered meanwhile. */
  undecided: readonly ConfigProblem[];
};

export type ConfigProblem = { setting: string; problem: string; remedy: string };

export type ConfigResult = { ok: true; config: Config } | { ok: false; problems: ConfigProblem[] };

export const ROOT_TOKEN_REMEDY =
  "Make one with `openssl rand -hex 32` and set it with `wrangler secret put ROOT_TOKEN`.";
export const ENCRYPTION_KEYS_REMEDY =
  'Make one with `echo "k1:$(openssl rand -base64 32)"` and set it with `wrangler secret put ENCRYPTION_KEYS`.';

/** Settings as strings; the Worker's `env` has this shape. */
export type Settings = EmailSettings &
  ConnectSettings &
  OperatorSettings &
  AccessSettings & {
    ROOT_TOKEN?: string;
    ENCRYPTION_KEYS?: string;
    PUBLIC_URL?: string;
    STRIPE_API_BASE?: string;
    DESTINATIONS_ALLOW_PRIVATE?: string;
    RETENTION_DAYS?: string;
  };

const ALL: Record<
  Exclude<keyof Settings, keyof ConnectSettings | keyof OperatorSettings | keyof AccessSettings>,
  true
> = {
  ROOT_TOKEN: true,
  ENCRYPTION_KEYS: true,
  PUBLIC_URL: true,
  STRIPE_API_BASE: true,
  DESTINATIONS_ALLOW_PRIVATE: true,
  RETENTION_DAYS: true,
  EMAIL_PROVIDER: true,
  EMAIL_FROM: true,
  EMAIL_REPLY_TO: true,
  RESEND_API_KEY: true,
  RESEND_WEBHOOK_SECRET: true,
  POSTMARK_SERVER_TOKEN: true,
  POSTMARK_WEBHOOK_TOKEN: true,
  EMAIL: true,
};
const NAMES: (keyof Settings)[] = [
  ...(Object.keys(ALL) as (keyof typeof ALL)[]),
  ...CONNECT_SETTING_NAMES,
  ...OPERATOR_SETTING_NAMES,
  ...ACCESS_SETTING_NAMES,
];

// Checking takes longer than verifying a webhook, and an isolate's settings hardly ever change.
let last: { values: unknown[]; result: ConfigResult } | null = null;

/** Checks every setting and reports all problems at once. Values never appear in the report. */
export function readConfig(settings: Settings): ConfigResult {
  const values = NAMES.map((name) => settings[name]);
  if (!last || values.some((value, index) => value !== last?.values[index])) {
    last = { values, result: check(settings) };
  }
  return last.result;
}

/**
 * What is missing where the Worker is reached at this origin. A request says under which name it came, and anybody may
 * say any: it goes into webhook and payment URLs only on a loopback address, as in development.
 */
export function unknownOrigin({ publicUrl }: Config, origin: string): ConfigProblem | null {
  if (isLoopback(new URL(origin).hostname)) return null;
  if (publicUrl !== null && !isLoopback(new URL(publicUrl).hostname)) return null;
  const problem = publicUrl === null ? "is not set" : "is a loopback address, at which nobody else finds it";
  const remedy =
    "Set it in wrangler.toml to the origin under which Stripe and payers reach this Worker, such as https://billing.example.com.";
  return { setting: "PUBLIC_URL", problem, remedy };
}

/**
 * All that keeps the Worker, reached at this origin, from being ready: also what comes up once PUBLIC_URL is set to it.
 */
export function deploymentProblems(settings: Settings, origin: string): ConfigProblem[] {
  const read = readConfig(settings);
  if (!read.ok) return read.problems;
  const unknown = unknownOrigin(read.config, origin);
  if (!unknown) return [...read.config.undecided];
  const there = check({ ...settings, PUBLIC_URL: origin });
  return [unknown, ...(there.ok ? there.config.undecided : there.problems)];
}

/** Problems of settings in one sentence each: what is wrong and how it is put right. */
export function problemsText(problems: readonly ConfigProblem[]): string {
  return problems.map(({ setting, problem, remedy }) => `${setting} ${problem}. ${remedy}`).join(" ");
}

function check(settings: Settings): ConfigResult {
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
