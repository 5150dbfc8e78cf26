// Where it is deployed to: an environment of wrangler.toml, read as wrangler itself reads it.

import { join } from "node:path";
import { unstable_readConfig } from "wrangler";

export const ROOT = join(import.meta.dirname, "..", "..");
export const CONFIG = join(ROOT, "wrangler.toml");

export type Target = {
  /** Of wrangler.toml; null: what stands at its top, production. */
  environment: string | null;
  worker: string;
  database: string;
  /** Those that the Worker sends to or takes from, and their dead-letter queues. */
  queues: string[];
  vars: Record<string, string>;
};

// wrangler's own type of it does not resolve outside its bundle.
type Config = {
  name?: string | undefined;
  definedEnvironments?: string[] | undefined;
  d1_databases: { binding: string; database_name?: string | undefined }[];
  queues: {
    producers?: { queue: string }[] | undefined;
    consumers?: { queue: string; dead_letter_queue?: string | undefined }[] | undefined;
  };
  vars: Record<string, unknown>;
};

/** @throws Error when wrangler.toml has no such environment, or is not such as we need it */
export function readTarget(environment: string | null): Target {
  const config: Config = unstable_readConfig({
    config: CONFIG,
    ...(environment !== null && { env: environment }),
  });
  if (environment !== null && !config.definedEnvironments?.includes(environment)) {
    throw new Error(`wrangler.toml has no [env.${environment}]. Leave --env out for production.`);
  }
  const database = config.d1_databases.find(({ binding }) => binding === "DB")?.database_name;
  if (!config.name || !database) throw new Error("wrangler.toml names no Worker, or no database for DB.");
  const { producers = [], consumers = [] } = config.queues;
  const queues = [
    ...producers.map(({ queue }) => queue),
    ...consumers.flatMap(({ queue, dead_letter_queue: dead }) => (dead ? [queue, dead] : [queue])),
  ];
  const vars = Object.fromEntries(
    Object.entries(config.vars).flatMap(([name, value]) =>
      typeof value === "string" ? [[name, value]] : [],
    ),
  );
  return { environment, worker: config.name, database, queues: [...new Set(queues)], vars };
}

/** What every command of wrangler's is told of the environment. */
export function environmentFlags({ environment }: Pick<Target, "environment">): string[] {
  // Named also where it is the one at the top: wrangler warns otherwise that there are several.
  return [`--env=${environment ?? ""}`];
}

/** As `--env` and its value stand in a command that the reader is told: of npm's, behind its `--`, or of wrangler's. */
export function environmentWords(
  { environment }: Pick<Target, "environment">,
  of: "npm" | "wrangler",
): string {
  if (environment === null) return "";
  return `${of === "npm" ? " --" : ""} --env ${environment}`;
}
