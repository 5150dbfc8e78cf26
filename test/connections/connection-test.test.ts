import { expect, test } from "vitest";
import { STRIPE_EVENT_TYPE_NAMES } from "../../src/connections/stripe-event-types.ts";
import { sandbox } from "../harness/sandbox.ts";
import { createWorld } from "../harness/world.ts";
import { connected, runTest } from "./connect-fixture.ts";
import { endpointsAt, failNext, restrictedKey } from "./stripe-side.ts";

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

const NOT_USED = [
  "webhook_read",
  "webhook_write",
  "payment_link_read",
  "payment_link_write",
  "checkout_session_write",
  "charge_read",
  "charge_write",
  "dispute_read",
  "customer_write",
  "subscription_write",
  "plan_read",
  "customer_portal_write",
];

test.each([
  "checkout_session_read",
  "payment_intent_read",
  "customer_read",
  "subscription_read",
  "invoice_read",
  "event_read",
])(
  "a restricted key that lacks %s, which is used, is told so by that name, and only that; nothing is changed at Stripe",
  async (permission) => {
    const world = await connected(({ secretKey }) => ({
      secret_key: restrictedKey(secretKey, permission),
      webhook_setup: "manual",
      sync_config: { invoice: { outbound: false } },
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

test("what a restricted key lacks and the connection does not use fails no test, and is said all the same", async () => {
  const world = await connected(({ secretKey, webhookUrl }) => ({
    secret_key: restrictedKey(secretKey, ...NOT_USED),
    webhook_secret: `whsec_${webhookUrl.length}_of_somebody`,
    sync_config: { invoice: { outbound: false } },
  }));
  const { checks } = await runTest(world);
  for (const name of NOT_USED) {
    expect(checks[`permission_${name}`]).toMatchObject({
      ok: true,
      detail: expect.stringMatching(/lacks .* not in use/),
    });
  }
  expect(Object.entries(checks).filter(([name, { ok }]) => name.startsWith("permission") && !ok)).toEqual([]);
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
