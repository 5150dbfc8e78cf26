// What the proof plays with: tenants with their Stripe accounts, and the platform's endpoint for each.

import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import * as z from "zod";
import { createApi } from "../../../tools/doctor/single-calls.ts";
import { applyMigrations, type Bench, buildBundle } from "../../bench/serve-worker.ts";
import { type BenchEnvironment, createEnvironments } from "../../bench/world.ts";
import { SECRETS } from "../../demo/dev-vars.ts";
import { choosePort, HOST } from "../../demo/ports.ts";
import { step } from "../../demo/report.ts";
import { startSandboxServer } from "../../stripe-sandbox/serve.ts";
import type { Sandbox } from "../../stripe-sandbox/types.ts";
import { type LedgerFiles, openLedgerFiles } from "./ledger-files.ts";
import { createMortalWorker, type MortalWorker } from "./mortal-worker.ts";
import { type MessageReceiver, startReceiver } from "./receiver.ts";

export type KillsEnvironment = BenchEnvironment & {
  id: string;
  connectionId: string;
  customerId: string;
};

const identified = z.object({ id: z.string() });
const listed = z.object({ data: z.array(identified) });

const WORKER_PORT = 8_890;
const ENVIRONMENTS = 3;

export type Scene = {
  worker: MortalWorker;
  sandbox: Sandbox;
  receiver: MessageReceiver;
  environments: KillsEnvironment[];
  files: LedgerFiles;
};

/** @param retryDelaysMs after which Stripe sends again what was not taken */
export async function setUp(bench: Bench, retryDelaysMs: readonly number[]): Promise<Scene> {
  const folder = await mkdtemp(join(tmpdir(), "quittance-kills-"));
  bench.lifetime.onEnd(() => rm(folder, { recursive: true, force: true }));
  const [bundle, stateFolder] = [join(folder, "bundle"), join(folder, "world")];
  await step(
    "Worker built, database made",
    () => Promise.all([buildBundle(bench, bundle), applyMigrations(bench, stateFolder)]),
    () => "",
  );
  const stripe = await startSandboxServer({ port: 0, retryDelaysMs });
  bench.lifetime.onEnd(() => stripe.close());
  const receiver = await startReceiver(bench.lifetime);
  const port = await choosePort(WORKER_PORT);
  const bindings = {
    ROOT_TOKEN: SECRETS.ROOT_TOKEN(),
    ENCRYPTION_KEYS: SECRETS.ENCRYPTION_KEYS(),
    STRIPE_API_BASE: stripe.origin,
    PUBLIC_URL: `http://${HOST}:${port}`,
    DESTINATIONS_ALLOW_PRIVATE: "true",
    EMAIL_PROVIDER: "off",
  };
  const worker = createMortalWorker(bench, { bundle, stateFolder, bindings, port });
  worker.start();
  await worker.untilReady();
  const environments = await step(
    "environments connected",
    () => createScene(worker.origin, bindings.ROOT_TOKEN, stripe.sandbox, receiver, ENVIRONMENTS),
    ({ length }) => `${length}`,
  );
  return { worker, sandbox: stripe.sandbox, receiver, environments, files: openLedgerFiles(stateFolder) };
}

async function createScene(
  origin: string,
  rootToken: string,
  sandbox: Sandbox,
  receiver: MessageReceiver,
  count: number,
): Promise<KillsEnvironment[]> {
  const environments = await createEnvironments(origin, rootToken, sandbox, count);
  return Promise.all(
    environments.map(async (environment) => {
      const api = createApi(origin, environment.apiKey);
      const id = environment.door.split("/").at(-1) ?? "";
      const { data } = await api.get("/connections", listed);
      const customer = await api.post("/customers", { name: "Ada", email: "ada@example.com" }, identified);
      const destination = { url: receiver.urlOf(id) };
      const made = await api.post("/event_destinations", destination, z.object({ secret: z.string() }));
      receiver.trust(id, made.secret);
      return { ...environment, id, connectionId: data[0]?.id ?? "", customerId: customer.id };
    }),
  );
}
