import { expect, test } from "vitest";
import type { Json } from "../harness/api.ts";
import { outboxOf } from "../harness/outbox.ts";
import { sandbox } from "../harness/sandbox.ts";
import { createEndpoint, createOpenInvoice, createTenantWorld, eventually } from "../harness/world.ts";
import { connect, connected, runTest } from "./connect-fixture.ts";
import { endpointsAt, failNext, restrictedKey } from "./stripe-side.ts";

function verdictsOf(connection: Json): Record<string, { ok: boolean; in_use: boolean; missing: string[] }> {
  return Object.fromEntries(connection.features.map((feature: Json) => [feature.name, feature]));
}

test("a key that may do everything has every feature, and nothing is asked of Stripe for it", async () => {
  const world = await connected();
  const { body } = await world.api("GET", `/connections/${world.id}`);
  expect(body.features.map(({ name }: Json) => name)).toEqual([
    "invoices",
    "customers",
    "refunds",
    "checkout",
    "subscriptions",
    "portal",
    "reconciliation",
    "webhook_endpoint",
    "thin_events",
  ]);
  for (const feature of body.features) expect(feature).toMatchObject({ ok: true, missing: [], detail: null });
});

test.each(["payment_link_write", "checkout_session_write", "payment_intent_read"])(
  "a restricted key without %s could make no payment link: it is refused as soon as it is pasted, with the row's name, and nothing is left",
  async (permission) => {
    const world = await createTenantWorld();
    const answer = await connect(world, { secret_key: restrictedKey(world.secretKey, permission) });
    expect(answer).toMatchObject({ status: 422, body: { code: "stripe_permission_missing" } });
    expect(answer.body.errors[0].path).toBe("secret_key");
    const resource = permission.replace(/_(?:read|write)$/, "").replaceAll("_", " ");
    expect(answer.body.detail.toLowerCase()).toContain(`invoices needs ${resource}s`);
    expect(answer.body.detail).toContain("sync_config.invoice.outbound");
    expect(endpointsAt(world.accountId)).toEqual([]);
    expect((await world.api("GET", "/connections")).body.data).toEqual([]);
  },
);

test("a restricted key without Refunds write connects, and says at once that refunds do not work", async () => {
  const world = await createTenantWorld();
  const made = await connect(world, { secret_key: restrictedKey(world.secretKey, "charge_write") });
  expect(made).toMatchObject({ status: 201, body: { status: "active" } });
  expect(verdictsOf(made.body)).toMatchObject({
    invoices: { ok: true, in_use: true },
    refunds: {
      ok: false,
      in_use: false,
      missing: ["Charges and Refunds: write"],
      detail: "refunds needs Charges and Refunds write.",
    },
  });
  const again = (await world.api("GET", `/connections/${made.body.id}`)).body;
  expect(again.features).toEqual(made.body.features);
});

test("what is in use and cannot be done is said when the key is pasted; what is not in use is not", async () => {
  const world = await createTenantWorld();
  const key = restrictedKey(world.secretKey, "customer_write", "event_read");
  const made = await connect(world, { secret_key: key });
  expect(made.body.notices.join(" ")).toContain("reconciliation needs Events read.");
  expect(made.body.notices.join(" ")).not.toContain("customers");
  const changed = await world.api("PATCH", `/connections/${made.body.id}`, {
    sync_config: { customer: { outbound: true } },
  });
  expect(changed.body.notices.join(" ")).toContain("customers needs Customers write.");
  expect(verdictsOf(changed.body).customers).toMatchObject({ ok: false, in_use: true });
});

test("a connection that makes no links takes a key that could make none; switching links on is then refused", async () => {
  const world = await createTenantWorld();
  const key = restrictedKey(world.secretKey, "payment_link_write");
  const made = await connect(world, { secret_key: key, sync_config: { invoice: { outbound: false } } });
  expect(made.status).toBe(201);
  expect(verdictsOf(made.body).invoices).toMatchObject({ ok: false, in_use: false });
  const on = { sync_config: { invoice: { outbound: true } } };
  const refused = await world.api("PATCH", `/connections/${made.body.id}`, on);
  expect(refused).toMatchObject({ status: 422, body: { code: "stripe_permission_missing" } });
  expect(refused.body.errors[0].path).toBe("sync_config.invoice.outbound");
  const both = { ...on, secret_key: world.secretKey };
  expect((await world.api("PATCH", `/connections/${made.body.id}`, both)).status).toBe(200);
});

test("a new key is asked for its permissions as well: one that can make no links changes nothing", async () => {
  const world = await connected();
  const lacking = restrictedKey(world.secretKey, "payment_link_write");
  const refused = await world.api("PATCH", `/connections/${world.id}`, { secret_key: lacking });
  expect(refused).toMatchObject({ status: 422, body: { code: "stripe_permission_missing" } });
  const { body } = await world.api("GET", `/connections/${world.id}`);
  expect(body.secret_key_hint).toMatch(/^sk_test_/);
  const fewer = restrictedKey(world.secretKey, "customer_portal_write");
  const changed = await world.api("PATCH", `/connections/${world.id}`, { secret_key: fewer });
  expect(verdictsOf(changed.body).portal).toMatchObject({ ok: false, missing: ["Customer portal: write"] });
});

test("a Stripe that does not answer a probe leaves nothing behind: the same paste can be tried again", async () => {
  const world = await createTenantWorld();
  failNext({ kind: "server_error", path: "/v1/payment_intents" });
  const key = restrictedKey(world.secretKey, "customer_portal_write");
  expect((await connect(world, { secret_key: key })).status).toBe(502);
  expect((await world.api("GET", "/connections")).body.data).toEqual([]);
  expect((await connect(world, { secret_key: key })).status).toBe(201);
});

test("the probes change nothing at Stripe", async () => {
  const world = await createTenantWorld();
  const { secret } = await createEndpoint(world.secretKey, world.webhookUrl);
  const before = JSON.stringify(sandbox.world.accounts[world.accountId]);
  const key = restrictedKey(world.secretKey, "customer_portal_write");
  expect((await connect(world, { secret_key: key, webhook_secret: secret })).status).toBe(201);
  expect(JSON.stringify(sandbox.world.accounts[world.accountId])).toBe(before);
});

test("a key whose permissions changed at Stripe has its new verdict after the next test", async () => {
  const world = await connected(({ secretKey }) => ({
    secret_key: restrictedKey(secretKey, "charge_write"),
  }));
  const account = world.secretKey.split("_")[2] ?? "";
  sandbox.world.grantedPermissions[`rk_test_${account}_restricted_charge_write`] = ["charge_write"];
  await runTest(world);
  const { body } = await world.api("GET", `/connections/${world.id}`);
  expect(verdictsOf(body).refunds).toMatchObject({ ok: true, missing: [] });
});

test("work that waits for a permission goes on once the key has it and the connection is tested", async () => {
  const { grantedPermissions } = sandbox.world;
  const permission = "payment_link_write";
  let key = "";
  const world = await connected(({ secretKey }) => {
    key = restrictedKey(secretKey, permission);
    grantedPermissions[key] = [permission];
    return { secret_key: key };
  });
  grantedPermissions[key] = [];
  const { id } = await createOpenInvoice(world);
  await eventually(
    () => outboxOf(world.scope),
    (works) => works.some(({ kind, status }) => kind === "create_payment_link" && status === "waiting"),
  );
  grantedPermissions[key] = [permission];
  await runTest(world);
  await eventually(
    async () => (await world.api("GET", `/invoices/${id}`)).body.payment_link,
    ({ status }) => status === "active",
  );
});

test("how to make a key with just what the chosen features need: a link that fills in Stripe's form, and by hand", async () => {
  const world = await createTenantWorld();
  const { status, body } = await world.api("GET", "/restricted_key?features=invoices,refunds");
  expect(status).toBe(200);
  const url = new URL(body.create_url);
  expect(url.origin + url.pathname).toBe("https://dashboard.stripe.com/test/apikeys/create");
  expect(url.searchParams.getAll("permissions[]").sort()).toEqual([
    "rak_accounts_kyc_basic_read",
    "rak_charge_write",
    "rak_checkout_session_write",
    "rak_payment_intent_read",
    "rak_payment_link_write",
  ]);
  expect(body.permissions).toContain("Charges and Refunds: write");
  expect(body.permissions).not.toContain("Customers: write");
  expect(body.by_hand.join(" ")).toContain("Payment Links write");
  const unknown = await world.api("GET", "/restricted_key?features=invoices,espresso");
  expect(unknown).toMatchObject({ status: 422 });
  expect(unknown.body.detail).toContain("invoices, customers, refunds");
});
