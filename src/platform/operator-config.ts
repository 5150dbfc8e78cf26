// Whom cron tells when something needs a person: by mail, by a signed POST, or nobody.

import type { ConfigProblem } from "./config.ts";
import { parseAddress } from "./email-config.ts";

export type OperatorConfig = {
  email: string | null;
  webhook: { url: string; secret: string } | null;
};

export type OperatorSettings = {
  OPERATOR_EMAIL?: string;
  OPERATOR_WEBHOOK_URL?: string;
  OPERATOR_WEBHOOK_SECRET?: string;
};

export const OPERATOR_SETTING_NAMES = [
  "OPERATOR_EMAIL",
  "OPERATOR_WEBHOOK_URL",
  "OPERATOR_WEBHOOK_SECRET",
] as const satisfies readonly (keyof OperatorSettings)[];

export function readOperator(settings: OperatorSettings, problems: ConfigProblem[]): OperatorConfig {
  return { email: readEmail(settings, problems), webhook: readWebhook(settings, problems) };
}

function readEmail({ OPERATOR_EMAIL }: OperatorSettings, problems: ConfigProblem[]): string | null {
  const given = (OPERATOR_EMAIL ?? "").trim();
  if (given === "") return null;
  const address = parseAddress(given);
  if (address) return address.email;
  const remedy = "Give one address such as operations@example.com, or leave it unset.";
  problems.push({ setting: "OPERATOR_EMAIL", problem: "is not an e-mail address", remedy });
  return null;
}

function readWebhook(settings: OperatorSettings, problems: ConfigProblem[]): OperatorConfig["webhook"] {
  const url = (settings.OPERATOR_WEBHOOK_URL ?? "").trim();
  const secret = (settings.OPERATOR_WEBHOOK_SECRET ?? "").trim();
  if (url === "") return null;
  if (!URL.canParse(url) || !/^https?:$/.test(new URL(url).protocol)) {
    const remedy = "Give an https URL that takes a POST, or leave it unset.";
    problems.push({ setting: "OPERATOR_WEBHOOK_URL", problem: "is not a URL", remedy });
    return null;
  }
  if (!/^whsec_[A-Za-z0-9+/]{32,}={0,2}$/.test(secret)) {
    const remedy =
      'Make one with `echo "whsec_$(openssl rand -base64 32)"` and set it with `wrangler secret put OPERATOR_WEBHOOK_SECRET`: the receiver knows by it that a message is ours.';
    const problem = secret === "" ? "is not set, but OPERATOR_WEBHOOK_URL is" : "is not of the right form";
    problems.push({ setting: "OPERATOR_WEBHOOK_SECRET", problem, remedy });
    return null;
  }
  return { url, secret };
}
