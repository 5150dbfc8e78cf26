// What every use case is given: made once an invocation from the Worker's bindings, replaced part by part in tests.

import { drizzle } from "drizzle-orm/d1";
import type { KnownEnvironment, Ledgers } from "../ledger/client.ts";
import { type Analytics, createAnalytics } from "./analytics.ts";
import type { Database } from "./commit.ts";
import type { Config } from "./config.ts";
import { createQueues, type Queues } from "./jobs.ts";
import { createLogger, type Logger } from "./logger.ts";
import { createRateLimits, type RateLimits } from "./rate-limits.ts";
import type { Actor, Jurisdiction, Scope } from "./scope.ts";
import { type Keyring, parseKeyring } from "./secret-box.ts";
import { createStripeFactory, type StripeFactory } from "./stripe.ts";

export type { Actor, Scope } from "./scope.ts";

export type Deps = {
  config: Config;
  actor: Actor;
  /** Names a call that carries an Idempotency-Key: the same at each try of it. Null for all others. */
  callId: string | null;
  /** Of the request, by which its log lines and its entry in the security log are found. */
  traceId: string;
  /** Tenants, environments, API keys, connections and their secrets. */
  directory: Database;
  /** One for each environment, which holds all that it has: `ledger(deps, scope)` asks it. */
  ledgers: Ledgers;
  queues: Queues;
  limits: RateLimits;
  keyring: Keyring;
  stripe: StripeFactory;
  /** The `send_email` binding, where there is one. */
  emailBinding: SendEmail | null;
  /** Where there is a binding for them: data points for Workers Analytics Engine. */
  analytics: Analytics | null;
  log: Logger;
  /**
   * By it all log lines of one cause are found: of a webhook's receipt `dlv_…`, of a call its request's id. It goes with
   * the event and with the work that comes of it, through the queues and the ledger's outbox.
   */
  trace: string;
  /** ms since the epoch. */
  now: () => number;
  /** The origin under which we are reached, without a trailing slash. */
  publicUrl: string | null;
};

// Keys are imported once an isolate; the entry goes when the setting's text changes.
let keyringCache: { text: string; keyring: Keyring } | null = null;

/**
 * @param actor who causes it, as far as is known; authentication says it more exactly
 * @param origin the request's own origin, used where PUBLIC_URL is unset: see {@link unknownOrigin}. Empty: there is none
 */
export function createDeps(
  env: Env & { EMAIL?: SendEmail; ANALYTICS?: AnalyticsEngineDataset },
  config: Config,
  actor: Actor,
  origin: string,
  requestId: string,
): Deps {
  const directory = drizzle(env.DB);
  const now = () => Date.now();
  const ledgers = {
    namespace: env.LEDGER,
    findEnvironment: (scope: Scope) => findEnvironment(env.DB, scope),
  };
  const log = createLogger({ request_id: requestId });
  return {
    config,
    actor,
    callId: null,
    traceId: requestId,
    directory,
    ledgers,
    queues: createQueues(env),
    limits: createRateLimits(env),
    keyring: openKeyring(config.encryptionKeys),
    stripe: createStripeFactory(config.stripeApiBase),
    emailBinding: env.EMAIL ?? null,
    analytics: createAnalytics(env.ANALYTICS, log),
    log,
    trace: requestId,
    now,
    publicUrl: config.publicUrl ?? (origin || null),
  };
}

function openKeyring(text: string): Keyring {
  if (keyringCache?.text !== text) keyringCache = { text, keyring: parseKeyring(text) };
  return keyringCache.keyring;
}

async function findEnvironment(db: D1Database, scope: Scope): Promise<KnownEnvironment | null> {
  const row = await db
    .prepare(
      "SELECT livemode, jurisdiction FROM environments WHERE id = ? AND tenant_id = ? AND erased_at_ms IS NULL",
    )
    .bind(scope.environmentId, scope.tenantId)
    .first<{ livemode: number; jurisdiction: Jurisdiction | null }>();
  return row && { livemode: row.livemode === 1, jurisdiction: row.jurisdiction };
}
