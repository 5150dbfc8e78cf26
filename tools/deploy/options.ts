// The flags of setup and deploy.

import { parseArgs } from "node:util";

export type Options = {
  environment: string | null;
  isDry: boolean;
  /** What is to stand among the vars of wrangler.toml, by name. */
  vars: Record<string, string>;
  skipsChecks: boolean;
};

/** @throws TypeError for a flag that is unknown */
export function readOptions(args: readonly string[]): Options {
  const { values } = parseArgs({
    args: [...args],
    options: {
      env: { type: "string" },
      "dry-run": { type: "boolean", default: false },
      "skip-checks": { type: "boolean", default: false },
      "public-url": { type: "string" },
      "email-provider": { type: "string" },
      "email-from": { type: "string" },
      "operator-email": { type: "string" },
    },
  });
  const given = {
    PUBLIC_URL: values["public-url"],
    EMAIL_PROVIDER: values["email-provider"],
    EMAIL_FROM: values["email-from"],
    OPERATOR_EMAIL: values["operator-email"],
  };
  return {
    environment: values.env === undefined || values.env === "production" ? null : values.env,
    isDry: values["dry-run"],
    skipsChecks: values["skip-checks"],
    vars: Object.fromEntries(
      Object.entries(given).flatMap(([name, value]) => (value === undefined ? [] : [[name, value]])),
    ),
  };
}
