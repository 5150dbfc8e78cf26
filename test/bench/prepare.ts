// All that is needed before a clock runs: the built Worker, and a world of paid invoices, of which each Worker
// that is measured gets a copy.

import { cp, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { SECRETS } from "../demo/dev-vars.ts";
import { step } from "../demo/report.ts";
import { startSandboxServer } from "../stripe-sandbox/serve.ts";
import { applyMigrations, type Bench, buildBundle, type Served, serveBundle } from "./serve-worker.ts";
import { type BenchEnvironment, createEnvironments, type Payment, payInvoices } from "./world.ts";

/** The Worker with counted bindings, from the repository's root. */
const COUNTED_ENTRY = "test/bench/counted-worker.ts";

export type Prepared = {
  /** Those that have paid invoices. */
  environments: BenchEnvironment[];
  /** Others, which nobody has sent anything to. */
  unseen: BenchEnvironment[];
  /** What Stripe has to tell of each paid invoice, and has told nobody. */
  payments: Payment[];
  /**
   * Serves the Worker with a copy of the world.
   * @param idle producers' bindings whose queues nobody consumes
   * @param isLimited with limits on the doors; else there are none
   */
  serveCopy: (idle: readonly (keyof Env)[], isLimited?: boolean) => Promise<Served>;
  /** The same with counted bindings. */
  serveCounted: () => Promise<Served>;
};

export async function prepare(
  bench: Bench,
  size: { paying: number; unseen: number; payments: number },
): Promise<Prepared> {
  const folder = await mkdtemp(join(tmpdir(), "quittance-bench-"));
  bench.lifetime.onEnd(() => rm(folder, { recursive: true, force: true }));
  const bundle = join(folder, "bundle");
  const counted = join(folder, "counted");
  const world = join(folder, "world");
  await step(
    "Worker built, database made",
    () =>
      Promise.all([
        buildBundle(bench, bundle),
        buildBundle(bench, counted, COUNTED_ENTRY),
        applyMigrations(bench, world),
      ]),
    () => "",
  );
  const { sandbox, origin } = await startSandbox(bench);
  const bindings = {
    ROOT_TOKEN: SECRETS.ROOT_TOKEN(),
    ENCRYPTION_KEYS: SECRETS.ENCRYPTION_KEYS(),
    STRIPE_API_BASE: origin,
    PUBLIC_URL: "",
    DESTINATIONS_ALLOW_PRIVATE: "true",
    EMAIL_PROVIDER: "off",
  };
  const served = await serveBundle(bench, { bundle, stateFolder: world, bindings });
  const all = await step(
    "environments connected",
    () => createEnvironments(served.origin, bindings.ROOT_TOKEN, sandbox, size.paying + size.unseen),
    ({ length }) => `${length}`,
  );
  const environments = all.slice(0, size.paying);
  const payments = await step(
    "invoices finalised and paid",
    () => payInvoices(served.origin, sandbox, environments, size.payments),
    ({ length }) => `${length}`,
  );
  await served.stop();

  let copies = 0;
  async function serveCopy(of: string, idle: readonly (keyof Env)[], isLimited = false): Promise<Served> {
    const stateFolder = `${world}-${copies++}`;
    await cp(world, stateFolder, { recursive: true });
    return serveBundle(bench, { bundle: of, stateFolder, bindings, idle, isLimited });
  }
  return {
    environments,
    unseen: all.slice(size.paying),
    payments,
    serveCopy: (idle, isLimited) => serveCopy(bundle, idle, isLimited),
    serveCounted: () => serveCopy(counted, []),
  };
}

async function startSandbox({ lifetime }: Bench) {
  const server = await startSandboxServer({ port: 0 });
  lifetime.onEnd(() => server.close());
  // Stripe tells nothing by itself: what it would tell is sent when the clock runs.
  server.sandbox.world.deliveryPolicy.withhold = true;
  return server;
}
