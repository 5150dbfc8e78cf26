import { expect, test } from "vitest";
import { createConnection } from "../../src/connections/create-connection.ts";
import { STRIPE_EVENT_TYPE_NAMES } from "../../src/connections/stripe-event-types.ts";
import { STRIPE_API_VERSION } from "../../src/platform/stripe.ts";
import { sandbox, sent } from "../harness/sandbox.ts";
import { createEndpoint, createTenantWorld, type TestWorld } from "../harness/world.ts";
import { createSandbox } from "../stripe-sandbox/sandbox.ts";
import { depsWithLoss } from "./failing-commits.ts";
import { endpointsAt, failNext, restrictedKey, secretOf } from "./stripe-side.ts";

type World = Omit<TestWorld, "webhookSecret" | "connectionId">;

const SYNC = {
  customer: { inbound: true, outbound: false },
  invoice: { outbound: true },
  subscription: { inbound: true },
};

function connect(world: World, fields: object = {}) {
  const body = { name: "Stripe", provider: "stripe", secret_key: world.secretKey, ...fields };
  return world.api("POST", "/connections", body);
}

/** Makes Stripe send an event now, and says how it was answered. */
async function nextDelivery(world: World): Promise<number | undefined> {
  const form = new URLSearchParams({ name: "Somebody" });
  const headers = {
    authorization: `Bearer ${world.secretKey}`,
    "content-type": "application/x-www-form-urlencoded",
  };
  const url = "http://stripe.sandbox/v1/customers";
  await sandbox.fetch(new Request(url, { method: "POST", headers, body: form.toString() }));
  const before = sent.length;
  await sandbox.settle();
  return sent.slice(before).find(({ url: to }) => to === world.webhookUrl)?.status;
}

test("one paste makes the endpoint with our URL, the pinned version and every event, and its secret verifies", async () => {
  const world = await createTenantWorld();
  const made = await connect(world);
  expect(made.status).toBe(201);
  expect(made.body).toMatchObject({ status: "active", status_detail: null, webhook_secret_set: true });
  const [endpoint, ...others] = endpointsAt(world.accountId);
  expect(others).toEqual([]);
  expect(endpoint).toMatchObject({
    id: made.body.webhook_endpoint_id,
    url: world.webhookUrl,
    status: "enabled",
    api_version: STRIPE_API_VERSION,
    enabled_events: STRIPE_EVENT_TYPE_NAMES,
    metadata: {
      quittance_tenant_id: world.scope.tenantId,
      quittance_environment_id: world.scope.environmentId,
    },
  });
  expect(await nextDelivery(world)).toBe(200);
});

test("an endpoint with our URL that is there already is replaced, not doubled; others stay", async () => {
  const world = await createTenantWorld();
  const older = await createEndpoint(world.secretKey, world.webhookUrl);
  const foreign = await createEndpoint(world.secretKey, "https://elsewhere.example/hook");
  const made = await connect(world, { webhook_setup: "automatic" });
  expect(made.body.status).toBe("active");
  const ids = endpointsAt(world.accountId).map(({ id }) => id);
  expect(ids.sort()).toEqual([foreign.id, made.body.webhook_endpoint_id].sort());
  expect(made.body.notices.join(" ")).toContain(older.id);
});

test("a key that may not make endpoints still connects: it says which permission it lacks and what to do by hand", async () => {
  const world = await createTenantWorld();
  const key = restrictedKey(world.secretKey, "webhook_write");
  for (const path of ["made", "read again"]) {
    const answer =
      path === "made"
        ? await connect(world, { secret_key: key })
        : await world.api("GET", "/connections").then((list) => ({ status: 201, body: list.body.data[0] }));
    expect(answer.status).toBe(201);
    expect(answer.body).toMatchObject({ status: "pending_webhook", webhook_endpoint_id: null });
    expect(answer.body.status_detail).toContain("rak_webhook_write");
    expect(answer.body.status_detail).toContain(world.webhookUrl);
    for (const type of STRIPE_EVENT_TYPE_NAMES) expect(answer.body.status_detail).toContain(type);
  }
});

test("at Stripe's limit of 16 endpoints the connection is made and says so in Stripe's words; room heals it", async () => {
  const world = await createTenantWorld();
  for (let index = 0; index < 16; index++)
    await createEndpoint(world.secretKey, `https://site${index}.example/hook`);
  const made = await connect(world);
  expect(made.status).toBe(201);
  expect(made.body.status).toBe("pending_webhook");
  expect(made.body.status_detail).toContain("maximum of 16 test webhook endpoints");

  const path = `/connections/${made.body.id}/webhook_endpoint`;
  const refused = await world.api("POST", path);
  expect(refused.status).toBe(422);
  expect(refused.body.detail).toContain("maximum of 16 test webhook endpoints");
  const account = sandbox.world.accounts[world.accountId];
  const [victim] = endpointsAt(world.accountId);
  if (account && victim) delete account.endpoints[victim.id];
  const healed = await world.api("POST", path);
  expect(healed.body).toMatchObject({ status: "active", status_detail: null });
  expect(await nextDelivery(world)).toBe(200);
});

test("at the limit an endpoint with our URL makes room for its own replacement", async () => {
  const world = await createTenantWorld();
  for (let index = 0; index < 15; index++)
    await createEndpoint(world.secretKey, `https://site${index}.example/hook`);
  await createEndpoint(world.secretKey, world.webhookUrl);
  expect((await connect(world)).body.status).toBe("active");
  expect(endpointsAt(world.accountId).filter(({ url }) => url === world.webhookUrl)).toHaveLength(1);
});

test("a URL that Stripe cannot reach leaves a connection that says so in Stripe's words", async () => {
  const world = await createTenantWorld();
  const strict = createSandbox({
    now: () => Date.now(),
    origin: "http://stripe.sandbox",
    autoRun: false,
    send: async () => ({ status: 200 }),
  });
  const usual = globalThis.fetch;
  globalThis.fetch = (input, init) => strict.fetch(new Request(input, init));
  try {
    const made = await connect(world);
    expect(made.body.status).toBe("pending_webhook");
    expect(made.body.status_detail).toContain("URL must be publicly accessible");
  } finally {
    globalThis.fetch = usual;
  }
});

test("manual setup makes nothing at Stripe: the URL is given, and the secret that is added later activates", async () => {
  const world = await createTenantWorld();
  const made = await connect(world, { webhook_setup: "manual" });
  expect(made.body).toMatchObject({ status: "pending_webhook", webhook_url: world.webhookUrl });
  expect(made.body.status_detail).toContain(world.webhookUrl);
  expect(endpointsAt(world.accountId)).toEqual([]);

  const endpoint = await createEndpoint(world.secretKey, made.body.webhook_url);
  expect(await nextDelivery(world)).toBe(400);
  const added = await world.api("PATCH", `/connections/${made.body.id}`, { webhook_secret: endpoint.secret });
  expect(added.body).toMatchObject({ status: "active", status_detail: null });
  expect(await nextDelivery(world)).toBe(200);
});

test("a webhook secret that is given is taken, and nothing is made at Stripe", async () => {
  const world = await createTenantWorld();
  const endpoint = await createEndpoint(world.secretKey, world.webhookUrl);
  const made = await connect(world, { webhook_secret: endpoint.secret, webhook_setup: "automatic" });
  expect(made.body.status).toBe("active");
  expect(endpointsAt(world.accountId).map(({ id }) => id)).toEqual([endpoint.id]);
});

test("an endpoint whose making was cut off is found by our URL and replaced by the next call", async () => {
  const world = await createTenantWorld();
  failNext({ kind: "cut_after", method: "POST", path: "/v1/webhook_endpoints" });
  const made = await connect(world);
  expect(made.status).toBe(201);
  expect(made.body.status).toBe("pending_webhook");
  const [orphan] = endpointsAt(world.accountId);
  expect(orphan?.url).toBe(world.webhookUrl);

  const repaired = await world.api("POST", `/connections/${made.body.id}/webhook_endpoint`);
  expect(repaired.body.status).toBe("active");
  const ids = endpointsAt(world.accountId).map(({ id }) => id);
  expect(ids).toEqual([repaired.body.webhook_endpoint_id]);
  expect(ids).not.toContain(orphan?.id);
  expect(await nextDelivery(world)).toBe(200);
});

test("a database that is gone after the endpoint was made leaves no connection, and the next call replaces the endpoint", async () => {
  const world = await createTenantWorld();
  const input = { name: "Stripe", secretKey: world.secretKey, syncConfig: SYNC };
  const { deps } = depsWithLoss({ seam: "directory", when: "before", nth: 1 });
  const failing = { ...deps, publicUrl: "https://quittance.test" };
  await expect(createConnection(failing, world.scope, false, input)).rejects.toMatchObject({
    code: "database_unavailable",
  });
  expect(endpointsAt(world.accountId)).toHaveLength(1);
  const made = await connect(world);
  expect(made.body.status).toBe("active");
  expect(endpointsAt(world.accountId).map(({ id }) => id)).toEqual([made.body.webhook_endpoint_id]);
});

test("of two pastes at once one connection comes to be, with one endpoint whose secret is the stored one", async () => {
  const world = await createTenantWorld();
  const answers = await Promise.all([connect(world), connect(world)]);
  expect(answers.map(({ status }) => status).sort()).toEqual([201, 409]);
  const [made] = (await world.api("GET", "/connections")).body.data;
  expect(endpointsAt(world.accountId).map(({ id }) => id)).toEqual([made.webhook_endpoint_id]);
  expect(secretOf(world.accountId, made.webhook_endpoint_id)).not.toBe("");
  expect(await nextDelivery(world)).toBe(200);
});
