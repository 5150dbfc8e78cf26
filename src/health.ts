// Whether we are up, and whether we are ready: settings, database, migrations, queues; and, without bearing on it,
// what an operator should know of the keyring, the rate limits and what gave up.

import { sql } from "drizzle-orm";
import { drizzle } from "drizzle-orm/d1";
import { DIRECTORY_MIGRATIONS } from "../migrations/directory/index.ts";
import { findMissing } from "./directory/all-tables.ts";
import { installationChecks } from "./health-installation.ts";
import { keyringCheck } from "./health-keyring.ts";
import { ledgersCheck } from "./health-ledgers.ts";
import { queuesCheck } from "./health-queues.ts";
import { behindText } from "./platform/commit.ts";
import { type Config, deploymentProblems, problemsText, readConfig } from "./platform/config.ts";
import { createDeps, type Deps } from "./platform/deps.ts";
import { describeEmail } from "./platform/email-config.ts";
import { newId } from "./platform/ids.ts";
import { errorText } from "./platform/logger.ts";
import { createRateLimits, RATE_LIMIT_BINDINGS, type RateLimitName } from "./platform/rate-limits.ts";

export type ReadinessCheck = { name: string; ok: boolean; detail: string };
export type Readiness = { ready: boolean; checks: ReadinessCheck[] };

/**
 * Looks at everything that a request will need. Never throws; values of settings never show.
 * @param origin at which it was asked
 */
export async function checkReadiness(env: Env, origin: string): Promise<Readiness> {
  const config = readConfig(env);
  const needed = [checkSettings(env, origin), ...(await checkStores(env))];
  const ready = needed.every((check) => check.ok);
  const deps = config.ok && ready ? depsOf(env, config.config) : null;
  // What these find wrong is a fault of single connections, or a choice: calls can be answered all the same.
  const told = [
    rateLimitsCheck(env),
    ...(config.ok ? [emailCheck(config.config)] : []),
    ...(deps ? [await keyringCheck(env, deps.config), ...(await installationChecks(deps))] : []),
  ];
  return { ready, checks: [...needed, ...told] };
}

/**
 * What is asked of the database: whether it is there, up to date, and knows of queues that are not served and of
 * ledgers that cannot be used.
 */
export async function checkStores(env: Env): Promise<ReadinessCheck[]> {
  const config = readConfig(env);
  const stores = await databaseChecks(env);
  if (!config.ok || !stores.every(({ ok }) => ok)) return stores;
  const deps = depsOf(env, config.config);
  return [...stores, ...(await Promise.all([queuesCheck(deps), ledgersCheck(deps)]))];
}

function depsOf(env: Env, config: Config): Deps {
  return createDeps(env, config, { kind: "cron", id: null, ip: null }, "", newId("req"));
}

/** @param origin at which it was asked */
export function checkSettings(env: Env, origin: string): ReadinessCheck {
  const problems = deploymentProblems(env, origin);
  const detail =
    problems.length === 0
      ? "Every secret is set, and what is needed where strangers reach it."
      : problemsText(problems);
  return { name: "settings", ok: problems.length === 0, detail };
}

async function databaseChecks(env: Env): Promise<ReadinessCheck[]> {
  try {
    const rows = await drizzle(env.DB).all<{ name: string }>(sql`SELECT name FROM d1_migrations`);
    const applied = new Set(rows.map((row) => row.name));
    const missing = DIRECTORY_MIGRATIONS.filter((name) => !applied.has(name));
    const detail = `Not applied: ${missing.join(", ")}. Run 'wrangler d1 migrations apply DB --remote'.`;
    return [
      { name: "database", ok: true, detail: "D1 answers." },
      missing.length === 0 ? await tablesCheck(env) : { name: "migrations", ok: false, detail },
    ];
  } catch (error) {
    // Before the first migration there is no table of migrations either.
    const fresh = /no such table/i.test(
      `${errorText(error)} ${error instanceof Error ? errorText(error.cause) : ""}`,
    );
    const detail = "No migration is applied. Run 'wrangler d1 migrations apply DB --remote'.";
    if (fresh)
      return [
        { name: "database", ok: true, detail: "D1 answers." },
        { name: "migrations", ok: false, detail },
      ];
    return [{ name: "database", ok: false, detail: "D1 does not answer." }];
  }
}

/** Also where every migration is noted as applied: it may have been another one than ours. */
async function tablesCheck(env: Env): Promise<ReadinessCheck> {
  const missing = await findMissing(drizzle(env.DB));
  const detail = missing === null ? "Every migration is applied." : behindText(missing);
  return { name: "migrations", ok: missing === null, detail };
}

function emailCheck({ email, mailReports }: Config): ReadinessCheck {
  return { name: "email", ok: true, detail: describeEmail(email, mailReports) };
}

function rateLimitsCheck(env: Env): ReadinessCheck {
  const limits = createRateLimits(env);
  const names = Object.keys(RATE_LIMIT_BINDINGS) as RateLimitName[];
  const off = names.filter((name) => !limits[name]).map((name) => RATE_LIMIT_BINDINGS[name]);
  const detail =
    off.length === 0
      ? "On."
      : `Off for want of a binding: ${off.join(", ")}. See [[ratelimits]] in wrangler.toml.`;
  return { name: "rate_limits", ok: true, detail };
}
