// Starts what a newcomer needs: secrets, migrations, the Stripe sandbox and the Worker.

import { openSync } from "node:fs";
import { relative } from "node:path";
import { startSandboxServer } from "../stripe-sandbox/serve.ts";
import { prepareConnect } from "./connect-platform.ts";
import { ensureDevVars } from "./dev-vars.ts";
import type { Lifetime } from "./lifetime.ts";
import { type LocalPaths, setUnreadableAside } from "./local-state.ts";
import { choosePort, HOST } from "./ports.ts";
import { say, step } from "./report.ts";
import { applyMigrations, startWorker } from "./wrangler.ts";

// Where several stacks run on one machine, each is given ports of its own.
const WORKER_PORT = Number(process.env.WORKER_PORT ?? 8787);
const SANDBOX_PORT = Number(process.env.SANDBOX_PORT ?? 12_111);

export type Stack = {
  paths: LocalPaths;
  worker: string;
  sandbox: string;
  rootToken: string;
  /** Rejects when the Worker ends by itself. */
  died: Promise<never>;
};

/** Needs the lock of these files. @throws Error when something cannot be started */
export async function startStack(lifetime: Lifetime, paths: LocalPaths): Promise<Stack> {
  const log = openSync(paths.log, "w");
  const { made, rootToken } = await ensureDevVars(paths.devVars);
  if (made.length > 0) say(`  Made at random in .dev.vars: ${made.join(", ")}.`);
  const aside = await setUnreadableAside(paths, made);
  if (aside) {
    say(`  The data of earlier runs was sealed under keys that are gone: this run begins anew.`);
    say(`  It was moved to ${relative(paths.root, aside)}.`);
  }
  const sandboxPort = await portFor("Stripe sandbox", SANDBOX_PORT);
  const workerPort = await portFor("Worker", WORKER_PORT);
  await step(
    "database migrated",
    () => applyMigrations(lifetime, paths, log),
    () => "local D1",
  );
  const sandbox = await step(
    "Stripe sandbox started",
    () => startSandbox(lifetime, paths, sandboxPort),
    (origin) => origin,
  );
  const connect = await prepareConnect(sandbox, `http://${HOST}:${workerPort}`);
  const worker = await step(
    "Worker started",
    () => startWorker(lifetime, paths, log, { port: workerPort, stripeApiBase: sandbox, connect }),
    ({ origin }) => origin,
  );
  return { paths, worker: worker.origin, sandbox, rootToken, died: worker.died };
}

async function portFor(what: string, wanted: number): Promise<number> {
  const port = await choosePort(wanted);
  if (port !== wanted) say(`  Port ${wanted} is taken: the ${what} listens on ${port}.`);
  return port;
}

async function startSandbox(lifetime: Lifetime, paths: LocalPaths, port: number): Promise<string> {
  lifetime.assertOpen();
  const server = await startSandboxServer({ port, statePath: paths.sandbox });
  lifetime.onEnd(() => server.close());
  return server.origin;
}
