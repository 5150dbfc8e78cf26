// Runs wrangler as a newcomer without an account has it: locally, asking nothing, telling nobody.

import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { type Child, type Lifetime, startChild } from "./lifetime.ts";
import type { LocalPaths } from "./local-state.ts";
import { HOST } from "./ports.ts";

const START_TIMEOUT_MS = 90_000;
const CRON_MS = 60_000;
const WATCH_MS = 5_000;
/** wrangler's own words when workerd has ended without being told to; it then tries to start it again. */
const CRASHED = "The Workers runtime crashed unexpectedly";

/** Brings the local D1 up to date. @throws Error when wrangler fails */
export async function applyMigrations(lifetime: Lifetime, paths: LocalPaths, log: number): Promise<void> {
  const child = runWrangler(lifetime, paths, log, ["d1", "migrations", "apply", "DB", "--local"]);
  const { code, how } = await child.exited;
  if (code !== 0) throw new Error(`The migrations were not applied: wrangler ${how}.`);
}

/**
 * Starts the Worker in workerd and waits until it answers. `died` rejects when it ends by itself.
 * @throws Error when it ends or is not ready, with its own words on what is missing
 */
export async function startWorker(
  lifetime: Lifetime,
  paths: LocalPaths,
  log: number,
  settings: { port: number; stripeApiBase: string; connect: Record<string, string> },
): Promise<{ origin: string; died: Promise<never> }> {
  const origin = `http://${HOST}:${settings.port}`;
  const child = runWrangler(lifetime, paths, log, [
    ...["dev", "--local", "--ip", HOST, "--port", String(settings.port), "--inspector-port", "0"],
    ...["--var", `STRIPE_API_BASE:${settings.stripeApiBase}`, "--var", `PUBLIC_URL:${origin}`],
    // So that a platform's own endpoint can be tried on the same machine.
    ...["--var", "DESTINATIONS_ALLOW_PRIVATE:true"],
    ...Object.entries(settings.connect).flatMap(([name, value]) => ["--var", `${name}:${value}`]),
    "--show-interactive-dev-session=false",
  ]);
  const ended = ends(child);
  await Promise.race([waitUntilReady(origin), ended]);
  tickCron(lifetime, origin);
  return { origin, died: Promise.race([ended, crashes(lifetime, origin, paths.log)]) };
}

/** Starts a command of wrangler; what it says goes to the file descriptor `log`. */
export function runWrangler(
  lifetime: Lifetime,
  paths: LocalPaths,
  log: number,
  args: readonly string[],
): Child {
  const program = join(paths.root, "node_modules", "wrangler", "bin", "wrangler.js");
  const env = {
    ...process.env,
    WRANGLER_SEND_METRICS: "false",
    WRANGLER_HIDE_BANNER: "true",
    // Nothing is left outside this folder, and nothing is fetched for the sake of `request.cf`.
    WRANGLER_LOG_PATH: join(paths.folder, "logs"),
    WRANGLER_REGISTRY_PATH: join(paths.folder, "registry"),
    CLOUDFLARE_CF_FETCH_ENABLED: "false",
    FORCE_COLOR: "0",
  };
  return startChild(lifetime, [program, ...args], { cwd: paths.root, env, log });
}

async function ends(child: Child): Promise<never> {
  const { how } = await child.exited;
  throw new Error(`wrangler dev ${how}.`);
}

async function waitUntilReady(origin: string): Promise<void> {
  const deadlineMs = Date.now() + START_TIMEOUT_MS;
  for (;;) {
    const response = await ask(`${origin}/readyz`);
    if (response?.ok) return;
    if (response) throw new Error(`The Worker is not ready: ${await response.text()}`);
    if (Date.now() > deadlineMs)
      throw new Error(`The Worker did not answer within ${START_TIMEOUT_MS / 1000} s.`);
    await sleep(50);
  }
}

async function ask(url: string): Promise<Response | null> {
  try {
    return await fetch(url, { signal: AbortSignal.timeout(WATCH_MS) });
  } catch {
    // Nobody listens yet, or any more.
    return null;
  }
}

/** Rejects when workerd crashed and wrangler did not bring it back. One that a debugger holds is no crash. */
function crashes(lifetime: Lifetime, origin: string, logPath: string): Promise<never> {
  return new Promise((_resolve, reject) => {
    async function watch(): Promise<void> {
      if (await ask(`${origin}/healthz`)) return;
      if ((await readFile(logPath, "utf8")).includes(CRASHED)) throw new Error("workerd crashed.");
    }
    const timer = setInterval(() => watch().catch(reject), WATCH_MS);
    lifetime.onEnd(() => clearInterval(timer));
  });
}

/** Cron does not run by itself in `wrangler dev`: it is asked to, every minute. */
function tickCron(lifetime: Lifetime, origin: string): void {
  const timer = setInterval(() => {
    // A run that fails is in wrangler's log; a Worker that died ends everything by itself.
    fetch(`${origin}/cdn-cgi/local/scheduled`).catch(() => {});
  }, CRON_MS);
  lifetime.onEnd(() => clearInterval(timer));
}
