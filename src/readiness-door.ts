// /readyz: short and from memory for everybody, since anybody may ask it as often as he likes; whole and looked up at
// once for root, and on the developer's own machine.

import { isRootToken } from "./directory/authenticate.ts";
import { checkReadiness, checkSettings, checkStores, type Readiness, type ReadinessCheck } from "./health.ts";
import type { AppContext } from "./http/app-env.ts";
import { bearerOf } from "./http/bearer.ts";
import { readConfig } from "./platform/config.ts";
import type { Logger } from "./platform/logger.ts";
import { isLoopback, isPublicOrigin } from "./platform/url-problem.ts";

// What is looked up are some fifteen statements: one a second.
const KEPT_MS = 15_000;
const kept = new WeakMap<D1Database, { readAtMs: number; checks: ReadinessCheck[] }>();

/** @returns 503 while it is not ready */
export async function answerReadiness(c: AppContext, log: Logger): Promise<Response> {
  const { origin, hostname } = new URL(c.req.url);
  const isWhole = (isLoopback(hostname) && isDevelopment(c.env)) || (await isRoot(c));
  const readiness = isWhole ? await checkReadiness(c.env, origin) : await checkShortly(c.env, origin, log);
  if (isWhole && !readiness.ready) log.error("not ready", failed(readiness.checks));
  return c.json(readiness, readiness.ready ? 200 : 503);
}

/** A name under which a request came is the caller's own word. */
function isDevelopment(env: Env): boolean {
  const read = readConfig(env);
  return !read.ok || read.config.publicUrl === null || !isPublicOrigin(read.config.publicUrl);
}

async function isRoot(c: AppContext): Promise<boolean> {
  const read = readConfig(c.env);
  const token = bearerOf(c.req.raw);
  return read.ok && token !== null && (await isRootToken(read, token));
}

/** What is red, and of settings why: without them nobody is root, and every call says the same. */
async function checkShortly(env: Env, origin: string, log: Logger): Promise<Readiness> {
  const settings = checkSettings(env, origin);
  const stores = await storesOf(env, log);
  const red = [settings, ...stores].filter(({ ok }) => !ok);
  const detail = "GET /readyz with ROOT_TOKEN says what is wrong and how it is put right.";
  const checks = red.map((check) => (check === settings ? check : { ...check, detail }));
  return { ready: red.length === 0, checks };
}

async function storesOf(env: Env, log: Logger): Promise<ReadinessCheck[]> {
  const known = kept.get(env.DB);
  const now = Date.now();
  if (known && Math.abs(now - known.readAtMs) < KEPT_MS) return known.checks;
  // Who asks meanwhile is told what was known before.
  if (known) kept.set(env.DB, { ...known, readAtMs: now });
  const checks = await checkStores(env);
  kept.set(env.DB, { readAtMs: now, checks });
  const red = checks.filter(({ ok }) => !ok);
  if (red.length > 0) log.error("not ready", failed(red));
  return checks;
}

function failed(checks: readonly ReadinessCheck[]): Record<string, string> {
  return Object.fromEntries(checks.filter(({ ok }) => !ok).map(({ name, detail }) => [name, detail]));
}
