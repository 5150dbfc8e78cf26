// Reads the Worker's settings once an invocation and says, in words that help, what is missing or wrong.

import { ACCESS_SETTING_NAMES, type AccessConfig, type AccessSettings } from "./access-config.ts";
import { CONNECT_SETTING_NAMES, type ConnectConfig, type ConnectSettings } from "./connect-config.ts";
import type { EmailConfig, EmailSettings, MailReportSecrets } from "./email-config.ts";
import { OPERATOR_SETTING_NAMES, type OperatorConfig, type OperatorSettings } from "./operator-config.ts";
import { isLoopback } from "./url-problem.ts";
import { validateSettings } from "./validate-settings.ts";

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
    last = { values, result: validateSettings(settings) };
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
  const there = validateSettings({ ...settings, PUBLIC_URL: origin });
  return [unknown, ...(there.ok ? there.config.undecided : there.problems)];
}

/** Problems of settings in one sentence each: what is wrong and how it is put right. */
export function problemsText(problems: readonly ConfigProblem[]): string {
  return problems.map(({ setting, problem, remedy }) => `${setting} ${problem}. ${remedy}`).join(" ");
}
