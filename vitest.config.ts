import { cloudflareTest, readD1Migrations } from "@cloudflare/vitest-plugin";
import { defineConfig } from "vitest/config";

const migrations = await readD1Migrations("migrations");

// Two projects: what runs in workerd (nearly all), and what needs Node (servers, the demo, files).
// biome-ignore lint/style/noDefaultExport: Vitest reads the default export.
export default defineConfig({
  test: {
    silent: "passed-only",
    projects: [
      {
        plugins: [
          cloudflareTest({
            wrangler: { configPath: "./wrangler.toml" },
            miniflare: {
              // The queues of wrangler.toml, without its wait for fuller batches.
              queueConsumers: Object.fromEntries(
                ["stripe-events", "jobs"].flatMap((name) => [
                  [
                    `quittance-${name}`,
                    { maxBatchTimeout: 0, maxRetries: 20, deadLetterQueue: `quittance-${name}-dead` },
                  ],
                  [`quittance-${name}-dead`, { maxBatchTimeout: 0, maxRetries: 100 }],
                ]),
              ),
              bindings: {
                TEST_MIGRATIONS: migrations,
                // Keys for tests alone: refused nowhere, used nowhere else.
                ROOT_TOKEN: "test-root-5f0c1a7be94d4c33a1d27c60b8e2f19d",
                ENCRYPTION_KEYS: "t1:3q2+7wABAgMEBQYHCAkKCwwNDg8QERITFBUWFxgZGhs=",
                STRIPE_API_BASE: "http://stripe.sandbox",
                PUBLIC_URL: "https://quittance.test",
              },
            },
          }),
        ],
        test: {
          name: "workerd",
          include: ["test/**/*.test.ts", "test/**/*.test.tsx"],
          exclude: ["test/**/*.node.test.ts"],
          setupFiles: ["test/setup.ts"],
          testTimeout: 30_000,
        },
      },
      {
        test: {
          name: "node",
          include: ["test/**/*.node.test.ts"],
          testTimeout: 120_000,
        },
      },
    ],
  },
});
