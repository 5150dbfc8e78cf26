import { statfsSync } from "node:fs";
import { cloudflareTest, readD1Migrations } from "@cloudflare/vitest-plugin";
import { defineConfig } from "vitest/config";
import { readCorpus } from "./test/corpus/read-corpus.ts";
import { readAnswerSchemas } from "./test/harness/answer-schemas.ts";

// The settings below take the place of secrets: that wrangler finds none, or a .dev.vars, tells nothing.
process.env.WRANGLER_LOG ??= "error";

// SQLite waits for the disk at each commit: on one in memory, where there is one, the tests take half as long.
// Proofs of thousands write gigabytes.
const writesMuch = process.env.PROOF_LOAD || process.env.PROOF_HISTORIES;
if (!writesMuch && hasRoom("/dev/shm")) process.env.TMPDIR ??= "/dev/shm";

const migrations = await readD1Migrations("migrations/directory");

// Queues that take their time, up to so many ms a message (docs/testing.md).
const jitterMs = Number(process.env.QUEUE_JITTER_MS ?? 0);

// The load's events come in batches as wrangler.toml has them, and its jobs as it has them for a paid plan; what tests
// look at is one message or a few.
const BATCH_SIZES: Record<string, number> = process.env.PROOF_LOAD ? { "stripe-events": 100, jobs: 10 } : {};

// For what will never end: a machine that is busy with other things takes ten times as long as any of them needs.
const NEVER_ENDS_MS = 120_000 + 200 * jitterMs;

const INCLUDE: Record<string, string[]> = {
  corpus: ["test/corpus/*.corpus.ts"],
};

// Two projects: what runs in workerd (nearly all), and what needs Node (servers, the demo, files).
// `--mode corpus` runs what is in a folder of Stripe events instead.
// biome-ignore lint/style/noDefaultExport: Vitest reads the default export.
export default defineConfig(({ mode }) => ({
  test: {
    // Two cores are what a runner has; a worker is busy on one of them.
    maxWorkers: 2,
    silent: mode in INCLUDE ? false : "passed-only",
    projects: [
      {
        plugins: [
          cloudflareTest({
            wrangler: { configPath: "./wrangler.toml" },
            ...(jitterMs > 0 && { main: "./test/harness/slow-queues.ts" }),
            miniflare: {
              // The queues of wrangler.toml, without its wait for fuller batches.
              queueConsumers: Object.fromEntries(
                ["stripe-events", "jobs", "notifications"].flatMap((name) => [
                  [
                    `quittance-${name}`,
                    {
                      ...(BATCH_SIZES[name] !== undefined && { maxBatchSize: BATCH_SIZES[name] }),
                      maxBatchTimeout: 0,
                      maxRetries: 20,
                      deadLetterQueue: `quittance-${name}-dead`,
                    },
                  ],
                  [`quittance-${name}-dead`, { maxBatchTimeout: 0, maxRetries: 100 }],
                ]),
              ),
              // As small as a test of the real local simulation needs; the others are taken away in test/setup.ts.
              ratelimits: { SMALL_LIMIT: { namespace_id: "7199", simple: { limit: 2, period: 60 } } },
              bindings: {
                TEST_MIGRATIONS: migrations,
                ANSWER_SCHEMAS: readAnswerSchemas(),
                // Keys for tests alone: refused nowhere, used nowhere else.
                ROOT_TOKEN: "test-root-7e44beea84c45be01da346472b641bbbdec4ed1cc55e7d62cef71f94e95a1707",
                ENCRYPTION_KEYS: "t1:todpjejTFgsFvgzfU73WiuvhMwI5vi62X+5q8MgJahU=",
                STRIPE_API_BASE: "http://stripe.sandbox",
                PUBLIC_URL: "https://quittance.test",
                STRIPE_CONNECT_CLIENT_ID: "ca_quittanceplatform",
                STRIPE_CONNECT_SECRET_KEY_TEST: "sk_test_quittanceplatform_1",
                STRIPE_CONNECT_WEBHOOK_SECRETS: "whsec_ofTheConnectEndpointInTests00",
                QUEUE_JITTER_MS: String(jitterMs),
                QUEUE_JITTER_SEED: process.env.QUEUE_JITTER_SEED ?? "",
                PROOF_HISTORIES: process.env.PROOF_HISTORIES ?? "",
                PROOF_FAULTS: process.env.PROOF_FAULTS ?? "",
                PROOF_LOAD: process.env.PROOF_LOAD ?? "",
                PROOF_TWICE: process.env.PROOF_TWICE ?? "",
                PROOF_FUZZ: process.env.PROOF_FUZZ ?? "",
                PROOF_FUZZ_SEED: process.env.PROOF_FUZZ_SEED ?? "",
              },
            },
          }),
        ],
        // The stripe package has source maps without their sources.
        logLevel: "error",
        test: {
          name: "workerd",
          include: INCLUDE[mode] ?? ["test/**/*.test.ts", "test/**/*.test.tsx"],
          provide: { corpus: mode === "corpus" ? readCorpus(process.env.CORPUS_DIR) : [] },
          exclude: ["test/**/*.node.test.ts"],
          // A worker for each file is two seconds of CPU; test/setup.ts keeps files apart within one.
          isolate: false,
          setupFiles: ["test/setup.ts"],
          testTimeout: NEVER_ENDS_MS,
          hookTimeout: NEVER_ENDS_MS,
        },
      },
      {
        test: {
          name: "node",
          include: ["test/**/*.node.test.ts"],
          testTimeout: NEVER_ENDS_MS,
          hookTimeout: NEVER_ENDS_MS,
        },
      },
    ],
  },
}));

/** Ten times and more what a run keeps at once; Docker gives 64 MB unless told otherwise. */
function hasRoom(folder: string): boolean {
  try {
    const { bavail, bsize } = statfsSync(folder);
    return bavail * bsize > 1e9;
  } catch {
    return false;
  }
}
