// The settings of Stripe Connect: the platform's own client ids, secret keys and the signing secrets of its Connect
// endpoints. Where none is set, connections are made by key alone.

import type { ConfigProblem } from "./config.ts";

export type ConnectConfig = {
  clientIdLive: string | null;
  clientIdTest: string | null;
  secretKeyLive: string | null;
  secretKeyTest: string | null;
  /** Of the live and the test endpoint, and of those that were before them; each may have signed. */
  webhookSecrets: readonly string[];
  /** Whether an account may be connected by OAuth that another environment is connected to by its key. */
  sharesAccounts: boolean;
};

export type ConnectSettings = {
  STRIPE_CONNECT_CLIENT_ID?: string;
  STRIPE_CONNECT_CLIENT_ID_TEST?: string;
  STRIPE_CONNECT_SECRET_KEY_LIVE?: string;
  STRIPE_CONNECT_SECRET_KEY_TEST?: string;
  STRIPE_CONNECT_WEBHOOK_SECRETS?: string;
  STRIPE_CONNECT_SHARED_ACCOUNTS?: string;
};

export const CONNECT_SETTING_NAMES = [
  "STRIPE_CONNECT_CLIENT_ID",
  "STRIPE_CONNECT_CLIENT_ID_TEST",
  "STRIPE_CONNECT_SECRET_KEY_LIVE",
  "STRIPE_CONNECT_SECRET_KEY_TEST",
  "STRIPE_CONNECT_WEBHOOK_SECRETS",
  "STRIPE_CONNECT_SHARED_ACCOUNTS",
] as const satisfies readonly (keyof ConnectSettings)[];

/** What is left out is null; what is not of the right form is a problem. */
export function readConnect(settings: ConnectSettings, problems: ConfigProblem[]): ConnectConfig {
  const clientId = readClientId("STRIPE_CONNECT_CLIENT_ID", settings, problems);
  return {
    clientIdLive: clientId,
    clientIdTest: readClientId("STRIPE_CONNECT_CLIENT_ID_TEST", settings, problems) ?? clientId,
    secretKeyLive: readSecretKey("LIVE", settings, problems),
    secretKeyTest: readSecretKey("TEST", settings, problems),
    webhookSecrets: readWebhookSecrets(settings.STRIPE_CONNECT_WEBHOOK_SECRETS, problems),
    sharesAccounts: readSharing(settings.STRIPE_CONNECT_SHARED_ACCOUNTS, problems),
  };
}

/** What the platform connects accounts of a mode with, or what the operator still has to set. */
export type ConnectOffer =
  | { ok: true; clientId: string; secretKey: string }
  | { ok: false; missing: string[]; detail: string };

/** Whether Stripe Connect is offered for environments of this mode; if not, what is missing, in words. */
export function connectOffer(
  { connect, stripeApiBase }: { connect: ConnectConfig; stripeApiBase: string | null },
  livemode: boolean,
): ConnectOffer {
  if (livemode && stripeApiBase !== null) {
    const detail =
      "STRIPE_API_BASE is set, so no live account is connected: unset it to connect live accounts.";
    return { ok: false, missing: [], detail };
  }
  const clientId = livemode ? connect.clientIdLive : connect.clientIdTest;
  const secretKey = platformKey(connect, livemode);
  if (clientId !== null && secretKey !== null) return { ok: true, clientId, secretKey };
  const missing = [
    ...(clientId === null ? ["STRIPE_CONNECT_CLIENT_ID"] : []),
    ...(secretKey === null ? [platformKeySetting(livemode)] : []),
  ];
  const detail =
    `Stripe Connect is not set up for ${livemode ? "live" : "test"} environments: the operator has to set ` +
    `${missing.join(" and ")} (docs/configuration.md). Until then connect with a key, by POST /api/v1/connections.`;
  return { ok: false, missing, detail };
}

/** The platform's own secret key of a mode; null where it is not set. */
export function platformKey(connect: ConnectConfig, livemode: boolean): string | null {
  return livemode ? connect.secretKeyLive : connect.secretKeyTest;
}

export function platformKeySetting(livemode: boolean): string {
  return livemode ? "STRIPE_CONNECT_SECRET_KEY_LIVE" : "STRIPE_CONNECT_SECRET_KEY_TEST";
}

const EXAMPLE = /change[-_ ]?me|example|\.\.\.|…/i;

function readClientId(
  setting: "STRIPE_CONNECT_CLIENT_ID" | "STRIPE_CONNECT_CLIENT_ID_TEST",
  settings: ConnectSettings,
  problems: ConfigProblem[],
): string | null {
  const given = (settings[setting] ?? "").trim();
  if (given === "") return null;
  if (/^ca_[A-Za-z0-9_]{4,}$/.test(given) && !EXAMPLE.test(given)) return given;
  problems.push({
    setting,
    problem: "is not a client id, or is an example",
    remedy: "Give the one that Stripe shows under Connect, OAuth settings: `ca_…`. Or leave it unset.",
  });
  return null;
}

function readSecretKey(
  mode: "LIVE" | "TEST",
  settings: ConnectSettings,
  problems: ConfigProblem[],
): string | null {
  const setting = `STRIPE_CONNECT_SECRET_KEY_${mode}` as const;
  const given = (settings[setting] ?? "").trim();
  if (given === "") return null;
  const found = /^(?:sk|rk)_(test|live)_[A-Za-z0-9_]{4,}$/.exec(given)?.[1];
  const wanted = mode.toLowerCase();
  if (found === wanted && !EXAMPLE.test(given)) return given;
  const isOther = found !== undefined && found !== wanted;
  problems.push({
    setting,
    problem: isOther ? `is a key of ${found} mode` : "is not a secret key, or is an example",
    remedy: `Give the platform's own key of ${wanted} mode, \`sk_${wanted}_…\`, by \`wrangler secret put ${setting}\`, or leave it unset.`,
  });
  return null;
}

function readWebhookSecrets(value: string | undefined, problems: ConfigProblem[]): string[] {
  const given = (value ?? "").split(/[\s,]+/).filter((secret) => secret !== "");
  const wrong = given.filter(
    (secret) => !/^whsec_[A-Za-z0-9+/=_-]{16,}$/.test(secret) || EXAMPLE.test(secret),
  );
  if (wrong.length > 0) {
    const place = wrong.length === given.length ? "no signing secret" : "one that is no signing secret";
    problems.push({
      setting: "STRIPE_CONNECT_WEBHOOK_SECRETS",
      problem: `has ${place}, or an example`,
      remedy:
        "Give those of the platform's Connect endpoints, `whsec_…`, apart by commas or spaces, or leave it unset.",
    });
  }
  return [...new Set(given)];
}

function readSharing(value: string | undefined, problems: ConfigProblem[]): boolean {
  const given = (value ?? "").trim().toLowerCase();
  if (given === "" || given === "false") return false;
  if (given === "true") return true;
  problems.push({
    setting: "STRIPE_CONNECT_SHARED_ACCOUNTS",
    problem: "is neither true nor false",
    remedy: "Give one of them, or leave it unset: then an account is connected once alone.",
  });
  return false;
}
