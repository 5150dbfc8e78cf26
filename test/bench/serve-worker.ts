// Serves Workers from workerd itself: the bundle that would be deployed, on a socket of its own. `wrangler dev`
// puts a proxy before it, which costs more than what is measured.

import { createWriteStream, readdirSync, readFileSync } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { convertV4MiniflareOptions, Miniflare, type V4WorkerOptions } from "miniflare";
import { unstable_getMiniflareWorkerOptions } from "wrangler";
import type { Lifetime } from "../demo/lifetime.ts";
import type { LocalPaths } from "../demo/local-state.ts";
import { HOST } from "../demo/ports.ts";
import { runWrangler } from "../demo/wrangler.ts";
import { childrenNamed } from "./process-cpu.ts";
import type { BenchEnvironment } from "./world.ts";

// Secrets are given below: that wrangler finds none, or a .dev.vars, tells nothing.
process.env.WRANGLER_LOG ??= "error";

export type Served = {
  origin: string;
  pid: number;
  /** Runs the cron handler once. */
  runCron: () => Promise<void>;
  stop: () => Promise<void>;
};

/** What all the bench's Workers share: where they write their logs, and what ends them. */
export type Bench = { lifetime: Lifetime; paths: LocalPaths; log: number };

/** Builds as a deployment would. @param entry in place of the configuration's own @throws Error when it fails */
export async function buildBundle(bench: Bench, outFolder: string, entry?: string): Promise<void> {
  const args = ["deploy", ...(entry === undefined ? [] : [entry]), "--dry-run", "--outdir", outFolder];
  await wrangler(bench, args);
}

/** Brings a new D1 in the folder up to date. @throws Error when it fails */
export async function applyMigrations(bench: Bench, stateFolder: string): Promise<void> {
  await wrangler(bench, ["d1", "migrations", "apply", "DB", "--local", "--persist-to", stateFolder]);
}

/**
 * Serves a built bundle with the bindings of wrangler.toml.
 * @param setup.idle producers' bindings whose queues nobody consumes: what is sent stays there
 * @param setup.isLimited with the limits of wrangler.toml on the doors
 * @param setup.port left out: any that is free
 */
export async function serveBundle(
  bench: Bench,
  setup: {
    bundle: string;
    stateFolder: string;
    bindings: Record<string, string>;
    idle?: readonly (keyof Env)[];
    isLimited?: boolean;
    port?: number;
  },
): Promise<Served> {
  const { options, others } = configuredOptions(bench);
  const queueConsumers = new Map(Object.entries(options.queueConsumers ?? {}));
  for (const binding of setup.idle ?? []) queueConsumers.delete(queueOf(options, binding));
  const worker = {
    ...options,
    name: "bench",
    modules: readModules(setup.bundle),
    modulesRoot: setup.bundle,
    queueConsumers: Object.fromEntries(queueConsumers),
    // Cloudflare finds out by itself what is an asset; here two more Workers do, in the process that is measured.
    assets: undefined,
    bindings: { ...options.bindings, ...setup.bindings },
    ratelimits: setup.isLimited ? (options.ratelimits ?? {}) : {},
  };
  return serve(bench, [worker, ...others], join(setup.stateFolder, "v3"), setup.port);
}

/** A Worker that reads the request and answers 200: the least that any Worker costs. */
export function serveBareWorker(bench: Bench): Promise<Served> {
  const script = `export default {
    async fetch(request) {
      await request.text();
      return Response.json({ received: true });
    },
  };`;
  const { compatibilityDate } = configuredOptions(bench).options;
  return serve(bench, [{ name: "bare", modules: true, script, compatibilityDate }], undefined);
}

/**
 * A Worker of the same runtime that is no product and goes the same way (floor-worker.js).
 * @param setup.readsD1 the secret of each webhook
 * @param setup.consumes what it enqueues; else that stays in the queue
 */
export async function serveFloor(
  bench: Bench,
  setup: { environments: readonly BenchEnvironment[]; readsD1?: boolean; consumes?: boolean },
): Promise<Served> {
  const { options: configured } = configuredOptions(bench);
  const events = queueOf(configured, "STRIPE_EVENTS");
  const consumers = configured.queueConsumers as Record<string, object>;
  const secrets = setup.environments.map(({ door, webhookSecret }) => [door, webhookSecret]);
  const worker: V4WorkerOptions = {
    name: "floor",
    modules: true,
    scriptPath: join(import.meta.dirname, "floor-worker.js"),
    compatibilityDate: configured.compatibilityDate,
    bindings: { SECRETS: Object.fromEntries(secrets), READS_D1: setup.readsD1 ?? false },
    d1Databases: ["DB"],
    durableObjects: { KEEPER: { className: "Keeper", useSQLite: true } },
    queueProducers: { EVENTS: events },
    queueConsumers: setup.consumes ? { [events]: consumers[events] ?? {} } : {},
  };
  const folder = await mkdtemp(join(tmpdir(), "quittance-floor-"));
  bench.lifetime.onEnd(() => rm(folder, { recursive: true, force: true }));
  const served = await serve(bench, [worker], folder);
  if (setup.readsD1) await fetch(`${served.origin}/prepare`);
  return served;
}

/** What wrangler.toml says, as miniflare takes it. */
function configuredOptions({ paths }: Bench): { options: V4WorkerOptions; others: V4WorkerOptions[] } {
  const configured = unstable_getMiniflareWorkerOptions(join(paths.root, "wrangler.toml"));
  return { options: configured.workerOptions as V4WorkerOptions, others: configured.externalWorkers };
}

function queueOf({ queueProducers }: V4WorkerOptions, binding: string): string {
  const producers = queueProducers as Record<string, { queueName: string }>;
  const queue = producers[binding]?.queueName;
  if (queue === undefined) throw new Error(`wrangler.toml has no producer ${binding}.`);
  return queue;
}

async function serve(
  bench: Bench,
  [worker, ...others]: V4WorkerOptions[],
  persistence: string | undefined,
  port = 0,
): Promise<Served> {
  bench.lifetime.assertOpen();
  const before = childrenNamed("workerd");
  const log = createWriteStream("", { fd: bench.log, autoClose: false });
  const miniflare = new Miniflare({
    ...convertV4MiniflareOptions({
      workers: [{ ...worker, unsafeDirectSockets: [{ host: HOST, port }] } as V4WorkerOptions, ...others],
      host: HOST,
      port: 0,
      cf: false,
      telemetry: { enabled: false },
      handleStructuredLogs: ({ message }) => log.write(`${message}\n`),
    }),
    resourcePersistencePath: persistence,
  });
  let stopping: Promise<void> | null = null;
  const stop = () => {
    stopping ??= miniflare.dispose();
    return stopping;
  };
  bench.lifetime.onEnd(stop);
  const origin = (await miniflare.unsafeGetDirectURL()).origin;
  const pid = childrenNamed("workerd").find((child) => !before.includes(child));
  if (pid === undefined) throw new Error("workerd does not run.");
  async function runCron(): Promise<void> {
    await (await miniflare.getWorker()).scheduled({ scheduledTime: new Date() });
  }
  return { origin, pid, runCron, stop };
}

function readModules(folder: string): NonNullable<Extract<V4WorkerOptions["modules"], object>> {
  const files = readdirSync(folder).map((name) => ({
    path: join(folder, name),
    contents: readFileSync(join(folder, name), "utf8"),
  }));
  return [
    ...files
      .filter(({ path }) => path.endsWith(".js"))
      .map((file) => ({ type: "ESModule" as const, ...file })),
    ...files
      .filter(({ path }) => /\.(?:sql|md)$/.test(path))
      .map((file) => ({ type: "Text" as const, ...file })),
  ];
}

async function wrangler({ lifetime, paths, log }: Bench, args: readonly string[]): Promise<void> {
  const { code, how } = await runWrangler(lifetime, paths, log, args).exited;
  if (code !== 0) throw new Error(`wrangler ${args[0]} ${how}.`);
}
