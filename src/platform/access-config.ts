// The settings of Cloudflare Access, by which persons of the operator come into the console: whose word counts, for which
// application, and for whom. None set: ROOT_TOKEN is the only way. Half set: nobody comes in by it, which is said.

import type { ConfigProblem } from "./config.ts";
import { parseAddress } from "./email-config.ts";

export type AccessConfig = {
  /** The team's origin: who signs, and where the keys are. */
  issuer: string;
  /** The application's AUD tag. */
  audience: string;
  /** E-mail addresses, in lower case; or all whom the application's policies let in. */
  operators: readonly string[] | "everyone";
};

export type AccessSettings = {
  ACCESS_TEAM_DOMAIN?: string;
  ACCESS_AUD?: string;
  ACCESS_OPERATORS?: string;
};

export const ACCESS_SETTING_NAMES = [
  "ACCESS_TEAM_DOMAIN",
  "ACCESS_AUD",
  "ACCESS_OPERATORS",
] as const satisfies readonly (keyof AccessSettings)[];

/** Null where it is not configured, and where it is wrongly: what is wrong goes into `problems`. */
export function readAccess(settings: AccessSettings, problems: ConfigProblem[]): AccessConfig | null {
  const [domain, tag, named] = ACCESS_SETTING_NAMES.map((name) => (settings[name] ?? "").trim());
  if (!domain && !tag && !named) return null;
  const issuer = readIssuer(domain ?? "", problems);
  const audience = readAudience(tag ?? "", problems);
  const operators = readOperators(named ?? "", problems);
  if (issuer === null || audience === null || operators === null) return null;
  return { issuer, audience, operators };
}

/** Whether a person with this address may come in. */
export function isOperator({ operators }: AccessConfig, email: string): boolean {
  return operators === "everyone" || operators.includes(email.toLowerCase());
}

function readIssuer(value: string, problems: ConfigProblem[]): string | null {
  const url = URL.canParse(value) ? new URL(value) : null;
  const isTeam = url?.hostname.endsWith(".cloudflareaccess.com") && url.href === `https://${url.host}/`;
  if (url && isTeam) return url.origin;
  const remedy =
    "Give the team's own domain such as https://acme.cloudflareaccess.com (Zero Trust, Settings), or leave all three ACCESS_ settings unset.";
  problems.push({ setting: "ACCESS_TEAM_DOMAIN", problem: wrong(value, "the origin of a team"), remedy });
  return null;
}

// https://developers.cloudflare.com/cloudflare-one/access-controls/applications/http-apps/authorization-cookie/validating-json/
function readAudience(value: string, problems: ConfigProblem[]): string | null {
  if (/^[0-9a-f]{64}$/.test(value)) return value;
  const remedy =
    "Copy the Application Audience (AUD) Tag of the Access application that stands before /console: 64 hexadecimal digits.";
  problems.push({ setting: "ACCESS_AUD", problem: wrong(value, "an AUD tag"), remedy });
  return null;
}

function readOperators(value: string, problems: ConfigProblem[]): AccessConfig["operators"] | null {
  if (value === "everyone") return value;
  const named = value.split(",").map((part) => part.trim());
  const addresses = named.flatMap((part) =>
    /^[^\s<>]+$/.test(part) ? (parseAddress(part)?.email ?? []) : [],
  );
  if (addresses.length === named.length) return addresses.map((address) => address.toLowerCase());
  const remedy =
    "Name the operator's people, such as ada@example.com, bob@example.com; or everyone, for all whom the application's policies let in.";
  problems.push({ setting: "ACCESS_OPERATORS", problem: wrong(value, "a list of e-mail addresses"), remedy });
  return null;
}

function wrong(value: string, what: string): string {
  return value === "" ? "is not set, but another setting of Cloudflare Access is" : `is not ${what}`;
}
