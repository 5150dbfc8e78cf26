import { expect, test } from "vitest";
import { STRIPE_EVENT_TYPE_NAMES } from "../../src/connections/stripe-event-types.ts";
import type { Json } from "../harness/api.ts";
import { sandbox } from "../harness/sandbox.ts";
import { createEndpoint, createTenantWorld, createWorld, type TestWorld } from "../harness/world.ts";
import { endpointsAt, failNext, restrictedKey } from "./stripe-side.ts";

type World = Omit<TestWorld, "webhookSecret" | "connectionId">;

function connect(world: World, fields: object = {}) {
  const body = { name: "Stripe", provider: "stripe", secret_key: world.secretKey, ...fields };
  return world.api("POST", "/connections", body);
}

async function connected(fields: (world: World) => object = () => ({})): Promise<World & { id: string }> {
  const world = await createTenantWorld();
  const made = await connect(world, fields(world));
  expect(made.status).toBe(201);
  return { ...world, id: made.body.id };
}

async function runTest(world: World & { id: string }) {
  const { status, body } = await world.api("POST", `/connections/${world.id}/test`);
  expect(status).toBe(200);
  const checks: Record<string, { ok: boolean; detail: string }> = Object.fromEntries(
    body.checks.map((check: Json) => [check.name, check]),
  );
  return { ok: body.ok as boolean, checks };
}

const OWN = "sk_test_placeholder_1";
const MISTAKES: [string, object, string, RegExp][] = [
  ["a publishable key in the secret's place", { secret_key: "pk_test_abc" }, "secret_key", /publishable key/],
  ["a signing secret in the key's place", { secret_key: "whsec_abcdefgh" }, "secret_key", /signing secret/],
  ["a URL in the key's place", { secret_key: "https://dashboard.stripe.com" }, "secret_key", /URL/],
  ["nothing in the key's place", { secret_key: " \n" }, "secret_key", /empty/],
  ["a key with a line break inside", { secret_key: "sk_test_ab\ncd" }, "secret_key", /line break/],
  ["two keys at once", { secret_key: "sk_test_ab sk_test_cd" }, "secret_key", /space or a line break/],
  ["a secret key in the publishable's place", { publishable_key: OWN }, "publishable_key", /secret key/],
  ["a URL in the signing secret's place", { webhook_secret: "https://a.example" }, "webhook_secret", /URL/],
  ["an endpoint's id in the signing secret's place", { webhook_secret: "we_123" }, "webhook_secret", /id/],
  ["a key in the signing secret's place", { webhook_secret: OWN }, "webhook_secret", /API key/],
  ["a broken signing secret", { webhook_secret: "whsec_abcd efgh" }, "webhook_secret", /line break/],
];

test.each(MISTAKES)("%s is named, and Stripe is not asked", async (_mistake, fields, path, words) => {
  const world = await createTenantWorld();
  failNext({ kind: "server_error", path: "/v1/account" });
  const answer = await connect(world, fields);
  sandbox.world.faults.length = 0;
  expect(answer.status).toBe(422);
  expect(answer.body.errors).toContainEqual({ path, message: expect.stringMatching(words) });
});

test("a live key in a test environment is a mode_mismatch, at the door and in a later change", async () => {
  const world = await createTenantWorld();
  const live = await connect(world, { secret_key: "sk_live_abc123" });
  expect(live).toMatchObject({ status: 422, body: { code: "mode_mismatch" } });
  const { id, api } = await connected();
  const changed = await api("PATCH", `/connections/${id}`, { publishable_key: "pk_live_abc123" });
  expect(changed).toMatchObject({ status: 422, body: { code: "mode_mismatch" } });
});

test("white space round what was pasted is taken off, and said", async () => {
  const world = await createTenantWorld();
  const endpoint = await createEndpoint(world.secretKey, world.webhookUrl);
  const made = await connect(world, {
    secret_key: `\u00A0${world.secretKey}\n`,
    publishable_key: "pk_test_abc123",
    webhook_secret: `\u200B ${endpoint.secret}\t`,
  });
  expect(made.status).toBe(201);
  expect(made.body.secret_key_hint).toBe(`sk_test_…${world.secretKey.slice(-4)}`);
  const said = made.body.notices.join(" ");
  expect(said).toContain("White space round secret_key");
  expect(said).toContain("White space round webhook_secret");
  expect(said).not.toContain("publishable_key");
  const changed = await world.api("PATCH", `/connections/${made.body.id}`, {
    webhook_secret: ` ${endpoint.secret}`,
  });
  expect(changed.body.notices[0]).toContain("White space round webhook_secret");
  expect(changed.body.notices[1]).toContain("set already");
});

test("a connection in order passes every check", async () => {
  const { ok, checks } = await runTest(await connected());
  expect(checks).toMatchObject({
    secret_key: { ok: true },
    mode: { ok: true },
    account: { ok: true },
    permissions: { ok: true },
    webhook_endpoint: { ok: true },
    webhook_events: { ok: true },
    webhook_api_version: { ok: true },
    webhook_secret: { ok: true },
    last_event: { ok: true, detail: expect.stringContaining("No event has ever arrived") },
    charges_enabled: { ok: true },
    payouts_enabled: { ok: true },
    requirements: { ok: true },
  });
  expect(ok).toBe(true);
});

test.each([
  "webhook_read",
  "webhook_write",
  "payment_link_read",
  "payment_link_write",
  "checkout_session_read",
  "checkout_session_write",
  "payment_intent_read",
  "charge_read",
  "charge_write",
  "dispute_read",
  "customer_read",
  "customer_write",
  "subscription_read",
  "customer_portal_write",
  "event_read",
])(
  "a restricted key that lacks %s is told so by that name, and only that; nothing is changed at Stripe",
  async (permission) => {
    const world = await connected(({ secretKey }) => ({
      secret_key: restrictedKey(secretKey, permission),
      webhook_setup: "manual",
    }));
    const account = sandbox.world.accounts[world.accountId];
    const before = JSON.stringify(account);
    const { ok, checks } = await runTest(world);
    expect(ok).toBe(false);
    const lacking = Object.entries(checks).filter(
      ([name, check]) => name.startsWith("permission") && !check.ok,
    );
    expect(lacking.map(([name]) => name)).toEqual([`permission_${permission}`]);
    expect(lacking[0]?.[1].detail).toContain(`rak_${permission}`);
    expect(JSON.stringify(account)).toBe(before);
  },
);

test("a restricted key that may not read the account is refused at the door with the permission's name", async () => {
  const world = await createTenantWorld();
  const key = restrictedKey(world.secretKey, "accounts_kyc_basic_read");
  const answer = await connect(world, { secret_key: key });
  expect(answer).toMatchObject({ status: 422, body: { code: "stripe_permission_missing" } });
  expect(answer.body.detail).toContain("rak_accounts_kyc_basic_read");
});

test("an endpoint that is missing, disabled, elsewhere or without events fails the test, and one call repairs it", async () => {
  const world = await connected();
  const [endpoint] = endpointsAt(world.accountId);
  if (!endpoint) throw new Error("no endpoint");
  endpoint.status = "disabled";
  endpoint.enabled_events = STRIPE_EVENT_TYPE_NAMES.filter(
    (type) => type !== "refund.failed" && type !== "charge.dispute.created",
  );
  const wrong = await runTest(world);
  expect(wrong.ok).toBe(false);
  expect(wrong.checks.webhook_endpoint).toMatchObject({
    ok: false,
    detail: expect.stringContaining("disabled"),
  });
  expect(wrong.checks.webhook_events?.ok).toBe(false);
  expect(wrong.checks.webhook_events?.detail).toContain("refund.failed, charge.dispute.created");
  expect(wrong.checks.webhook_events?.detail).not.toContain("refund.created");

  endpoint.url = "https://old.example/hook";
  expect((await runTest(world)).checks.webhook_endpoint?.detail).toContain("https://old.example/hook");
  const repaired = await world.api("POST", `/connections/${world.id}/webhook_endpoint`);
  expect(repaired.body.webhook_endpoint_id).toBe(endpoint.id);
  expect((await runTest(world)).ok).toBe(true);

  const account = sandbox.world.accounts[world.accountId];
  if (account) delete account.endpoints[endpoint.id];
  expect((await runTest(world)).checks.webhook_endpoint?.detail).toContain("There is no endpoint");
  await world.api("POST", `/connections/${world.id}/webhook_endpoint`);
  expect((await runTest(world)).ok).toBe(true);
});

test("an endpoint of another API version is told and replaced, for Stripe cannot change it", async () => {
  const world = await connected();
  const [endpoint] = endpointsAt(world.accountId);
  if (!endpoint) throw new Error("no endpoint");
  endpoint.api_version = "2020-08-27";
  const { checks } = await runTest(world);
  expect(checks.webhook_api_version).toMatchObject({
    ok: false,
    detail: expect.stringContaining("2020-08-27"),
  });
  await world.api("POST", `/connections/${world.id}/webhook_endpoint`);
  expect((await runTest(world)).ok).toBe(true);
  expect(endpointsAt(world.accountId).map(({ id }) => id)).not.toContain(endpoint.id);
});

test("a missing signing secret fails the test and says what to do", async () => {
  const world = await connected(() => ({ webhook_setup: "manual" }));
  const { ok, checks } = await runTest(world);
  expect(ok).toBe(false);
  expect(checks.webhook_secret).toMatchObject({
    ok: false,
    detail: expect.stringContaining(world.webhookUrl),
  });
});

test("the last event that arrived is told", async () => {
  const world = await createWorld();
  const id = world.connectionId;
  await sandbox.fetch(
    new Request(`http://stripe.sandbox/_sandbox/accounts/${world.accountId}`, {
      method: "POST",
      body: JSON.stringify({ payouts_enabled: true }),
    }),
  );
  await sandbox.settle();
  await expect
    .poll(async () => (await runTest({ ...world, id })).checks.last_event?.detail)
    .toContain("The last event arrived at 20");
});

test("a key that Stripe refuses makes the connection error with the reason; once it is taken again the test heals it", async () => {
  const world = await connected();
  const read = async () => (await world.api("GET", `/connections/${world.id}`)).body;
  sandbox.world.revokedKeys.push(world.secretKey);
  const refused = await runTest(world);
  expect(refused.ok).toBe(false);
  expect(refused.checks.secret_key).toMatchObject({
    ok: false,
    detail: expect.stringContaining("refuses the key"),
  });
  expect(await read()).toMatchObject({
    status: "error",
    status_detail: expect.stringContaining("refuses the key"),
  });
  expect(JSON.stringify(refused)).not.toContain(world.secretKey);

  sandbox.world.revokedKeys.length = 0;
  expect((await runTest(world)).ok).toBe(true);
  expect(await read()).toMatchObject({ status: "active", status_detail: null });
});

test("a Stripe that does not answer changes nothing of the connection", async () => {
  const world = await connected();
  const before = (await world.api("GET", `/connections/${world.id}`)).body;
  failNext({ kind: "server_error", path: "/v1/account" });
  const { ok, checks } = await runTest(world);
  expect(ok).toBe(false);
  expect(checks.secret_key?.detail).toContain("could not be tried");
  const after = (await world.api("GET", `/connections/${world.id}`)).body;
  expect({ ...after, updated_at: null }).toEqual({ ...before, updated_at: null });
});

test("what Stripe still requires is told, with the link to finish onboarding", async () => {
  const world = await connected();
  const patch = {
    charges_enabled: false,
    payouts_enabled: false,
    requirements: { currently_due: ["external_account"], past_due: ["company.tax_id"] },
  };
  await sandbox.fetch(
    new Request(`http://stripe.sandbox/_sandbox/accounts/${world.accountId}`, {
      method: "POST",
      body: JSON.stringify(patch),
    }),
  );
  const { ok, checks } = await runTest(world);
  expect(ok).toBe(false);
  for (const name of ["charges_enabled", "payouts_enabled", "requirements"]) {
    expect(checks[name]).toMatchObject({
      ok: false,
      detail: expect.stringContaining("https://dashboard.stripe.com/test/account/onboarding"),
    });
  }
  expect(checks.requirements?.detail).toContain("company.tax_id, external_account");
});
