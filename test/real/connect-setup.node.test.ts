// The script makes the platform's Connect endpoint once, repairs it afterwards, and says what to set.

import { execFile } from "node:child_process";
import { join } from "node:path";
import { promisify } from "node:util";
import type Stripe from "stripe";
import { afterAll, beforeAll, expect, test } from "vitest";
import { STRIPE_EVENT_TYPE_NAMES } from "../../src/connections/stripe-event-types.ts";
import { createStripeFactory, STRIPE_API_VERSION } from "../../src/platform/stripe.ts";
import { startSandboxServer } from "../stripe-sandbox/serve.ts";

const KEY = "sk_test_connectsetup_1";
let server: Awaited<ReturnType<typeof startSandboxServer>>;
let stripe: Stripe;

beforeAll(async () => {
  server = await startSandboxServer({ port: 0 });
  stripe = createStripeFactory(server.origin)(KEY);
});
afterAll(() => server.close());

async function setUp(more: Record<string, string | undefined> = {}, ...args: string[]) {
  const env = {
    ...process.env,
    ...{ QUITTANCE_URL: "http://127.0.0.1:8787", STRIPE_API_BASE: server.origin },
    ...{ STRIPE_CONNECT_SECRET_KEY_TEST: KEY, ...more },
  };
  const script = join(import.meta.dirname, "connect-setup.ts");
  return (await promisify(execFile)(process.execPath, [script, ...args], { env })).stdout;
}

const endpoints = async () => (await stripe.webhookEndpoints.list()).data;

test("the endpoint hears of connected accounts, in the pinned version, with our events, and its secret is said", async () => {
  const said = await setUp();
  const [endpoint, another] = await endpoints();
  expect(another).toBeUndefined();
  expect(endpoint).toMatchObject({
    url: "http://127.0.0.1:8787/api/v1/webhooks/stripe/connect",
    application: expect.stringMatching(/^ca_/),
    api_version: STRIPE_API_VERSION,
    enabled_events: STRIPE_EVENT_TYPE_NAMES,
  });
  expect(endpoint?.enabled_events).toContain("account.application.deauthorized");
  expect(said).toMatch(/wrangler secret put STRIPE_CONNECT_WEBHOOK_SECRETS\n {2}whsec_\w+/);
});

test("done again it repairs the one that is there, and says that its secret is not told again", async () => {
  const [before] = await endpoints();
  await stripe.webhookEndpoints.update(before?.id ?? "", {
    disabled: true,
    enabled_events: ["charge.succeeded"],
  });
  const said = await setUp();
  expect(said).toContain("does not tell its secret again");
  const after = await endpoints();
  expect(after).toHaveLength(1);
  expect(after[0]).toMatchObject({ id: before?.id, status: "enabled" });
  expect(after[0]?.enabled_events).toEqual(expect.arrayContaining(STRIPE_EVENT_TYPE_NAMES));
});

test("renewed, another stands in its place, and its secret is said", async () => {
  const [before] = await endpoints();
  const said = await setUp({}, "--renew");
  expect(said).toContain(`The endpoint ${before?.id} was removed.`);
  expect(said).toMatch(/whsec_\w+/);
  const after = await endpoints();
  expect(after).toHaveLength(1);
  expect(after[0]?.id).not.toBe(before?.id);
});

test("without an address or a key, or with a key of the other mode, it says what to set and does nothing", async () => {
  for (const wrong of [{ QUITTANCE_URL: "" }, { STRIPE_CONNECT_SECRET_KEY_TEST: "sk_live_connectsetup_1" }])
    await expect(setUp(wrong)).rejects.toMatchObject({
      code: 2,
      stderr: expect.stringContaining("Set QUITTANCE_URL"),
    });
  expect(await endpoints()).toHaveLength(1);
});
