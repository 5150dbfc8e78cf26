import { env } from "cloudflare:workers";
import { expect, test } from "vitest";
import { STRIPE_EVENT_TYPE_NAMES } from "../../src/connections/stripe-event-types.ts";
import { type Json, root } from "../harness/api.ts";
import { sandbox, sent } from "../harness/sandbox.ts";
import { deliverEvent } from "../harness/stripe-delivery.ts";
import {
  createEndpoint,
  createOpenInvoice,
  createTenantWorld,
  eventually,
  type TestWorld,
} from "../harness/world.ts";
import { endpointsAt, failNext, restrictedKey, secretOf } from "./stripe-side.ts";

type World = Omit<TestWorld, "webhookSecret">;

/** A connection whose endpoint Quittance made. */
async function createAutomaticWorld(key = (secretKey: string) => secretKey): Promise<World> {
  const world = await createTenantWorld();
  const body = { name: "Stripe", provider: "stripe", secret_key: key(world.secretKey) };
  const made = await world.api("POST", "/connections", body);
  expect(made.body.status).toBe("active");
  return { ...world, connectionId: made.body.id };
}

const roll = (world: World) => world.api("POST", `/connections/${world.connectionId}/webhook_endpoint`);

/** An invoice with its link, ready to be paid. */
async function linkedInvoice(world: World): Promise<{ id: string; linkId: string }> {
  const invoice = await createOpenInvoice(world);
  const read = async () => (await world.api("GET", `/invoices/${invoice.id}`)).body;
  const linked = await eventually(read, (seen: Json) => seen.payment_link.status === "active");
  return { id: invoice.id, linkId: linked.payment_link.id };
}

const pay = (world: World, linkId: string) =>
  sandbox.pay(world.accountId, { paymentLinkId: linkId }, { card: "4242424242424242" });

const isPaid = async (world: World, id: string) =>
  (await world.api("GET", `/invoices/${id}`)).body.status === "paid";

test("one call rolls an automatic endpoint: a new one stands, the old one is gone, and its secret has its overlap", async () => {
  const world = await createAutomaticWorld();
  const [old] = endpointsAt(world.accountId);
  const rolled = await roll(world);
  expect(rolled.status).toBe(200);
  const [present, ...others] = endpointsAt(world.accountId);
  expect(others).toEqual([]);
  expect(present?.id).toBe(rolled.body.webhook_endpoint_id);
  expect(present?.id).not.toBe(old?.id);
  expect(rolled.body).toMatchObject({ status: "active", status_detail: null });
  expect(rolled.body.notices.join(" ")).toContain("stays valid until");
});

test("what the old endpoint had not delivered yet is fetched before it goes, so that nothing is lost", async () => {
  const world = await createAutomaticWorld();
  const invoice = await linkedInvoice(world);
  await sandbox.settle();
  sandbox.world.deliveryPolicy.withhold = true;
  await pay(world, invoice.linkId);
  await sandbox.settle();
  sandbox.world.deliveryPolicy.withhold = false;
  expect(await isPaid(world, invoice.id)).toBe(false);
  await roll(world);
  await eventually(
    () => isPaid(world, invoice.id),
    (paid) => paid,
  );
});

test("a manual endpoint is replaced by one of ours while its secret stays valid", async () => {
  const world = await createTenantWorld();
  const manual = await createEndpoint(world.secretKey, world.webhookUrl);
  const body = { name: "Stripe", provider: "stripe", secret_key: world.secretKey };
  const made = await world.api("POST", "/connections", { ...body, webhook_secret: manual.secret });
  const rolled = await roll({ ...world, connectionId: made.body.id });
  const [ours, ...others] = endpointsAt(world.accountId);
  expect(others).toEqual([]);
  expect(ours?.id).toBe(rolled.body.webhook_endpoint_id);
  const shape = { object: "event", type: "x", created: 1, livemode: false, data: { object: {} } };
  const secrets = [manual.secret, secretOf(world.accountId, ours?.id ?? "")];
  for (const [index, webhookSecret] of secrets.entries()) {
    const answer = await deliverEvent({ ...world, webhookSecret }, { id: `evt_roll${index}`, ...shape });
    expect(answer.status).toBe(200);
  }
});

test("a roll that Stripe refuses or does not answer leaves the endpoint, its secret and the status as they were", async () => {
  const world = await createAutomaticWorld();
  const before = (await world.api("GET", `/connections/${world.connectionId}`)).body;
  const path = "/v1/webhook_endpoints";
  for (const kind of ["server_error", "rate_limit", "cut_before"] as const) {
    failNext({ kind, method: "POST", path });
    expect((await roll(world)).status).toBe(502);
    expect((await world.api("GET", `/connections/${world.connectionId}`)).body).toEqual(before);
    expect(endpointsAt(world.accountId).map(({ id }) => id)).toEqual([before.webhook_endpoint_id]);
  }
  const mayNot = restrictedKey(world.secretKey, "webhook_write");
  await world.api("PATCH", `/connections/${world.connectionId}`, { secret_key: mayNot });
  const refused = await roll(world);
  expect(refused).toMatchObject({ status: 422, body: { code: "stripe_permission_missing" } });
  expect(refused.body.detail).toContain("rak_webhook_write");
  expect(refused.body.detail).toContain(world.webhookUrl);
  expect((await world.api("GET", `/connections/${world.connectionId}`)).body.status).toBe("active");
});

test("an old endpoint that cannot be removed is said, and the next call removes it and rolls nothing", async () => {
  const world = await createAutomaticWorld();
  const [old] = endpointsAt(world.accountId);
  failNext({ kind: "server_error", method: "DELETE", path: "/v1/webhook_endpoints" });
  const rolled = await roll(world);
  expect(rolled.body.status).toBe("active");
  expect(rolled.body.status_detail).toContain(`${old?.id} with the same URL is still there`);
  expect(endpointsAt(world.accountId)).toHaveLength(2);
  const check = (await world.api("POST", `/connections/${world.connectionId}/test`)).body.checks.find(
    ({ name }: Json) => name === "webhook_endpoint",
  );
  expect(check).toMatchObject({ ok: false, detail: expect.stringContaining("2 endpoints have our URL") });

  const repaired = await roll(world);
  expect(repaired.body).toMatchObject({
    status_detail: null,
    webhook_endpoint_id: rolled.body.webhook_endpoint_id,
  });
  expect(endpointsAt(world.accountId).map(({ id }) => id)).toEqual([rolled.body.webhook_endpoint_id]);
});

test("a new endpoint that cannot be given its events leaves the old one at work, and the next call finishes it", async () => {
  const world = await createAutomaticWorld();
  const [old] = endpointsAt(world.accountId);
  // The second POST: the first makes the endpoint.
  const usual = globalThis.fetch;
  globalThis.fetch = async (input, init) => {
    const request = new Request(input, init);
    if (request.method === "POST" && request.url.includes("/v1/webhook_endpoints/"))
      failNext({ kind: "server_error", method: "POST", path: "/v1/webhook_endpoints/" });
    return usual(request);
  };
  const rolled = await roll(world);
  globalThis.fetch = usual;
  expect(rolled.body.status).toBe("active");
  expect(rolled.body.status_detail).toContain("is not sent its events yet");
  expect(endpointsAt(world.accountId).map(({ id }) => id)).toContain(old?.id);

  const invoice = await linkedInvoice(world);
  await pay(world, invoice.linkId);
  await sandbox.settle();
  await eventually(
    () => isPaid(world, invoice.id),
    (paid) => paid,
  );
  const finished = await roll(world);
  expect(finished.body.status_detail).toBeNull();
  expect(endpointsAt(world.accountId)).toMatchObject([
    { id: rolled.body.webhook_endpoint_id, enabled_events: expect.arrayContaining(STRIPE_EVENT_TYPE_NAMES) },
  ]);
});

test("while secret key, webhook secret and master key rotate and Stripe goes on delivering, 0 are refused and 0 lost", async () => {
  const world = await createAutomaticWorld();
  const path = `/connections/${world.connectionId}`;
  const invoices = await Promise.all(Array.from({ length: 24 }, () => linkedInvoice(world)));
  await sandbox.settle();
  const from = sent.length;
  const unpaid = [...invoices];
  const payOne = async () => {
    const next = unpaid.shift();
    if (next) await pay(world, next.linkId);
    await sandbox.settle();
  };
  // A payment, delivered at once, between every two steps that a rotation takes at Stripe.
  const usual = globalThis.fetch;
  globalThis.fetch = async (input, init) => {
    const request = new Request(input, init);
    if (/\/v1\/(webhook_endpoints|events|account)/.test(request.url)) await payOne();
    const response = await usual(request);
    // Also while the answer with the new secret is on its way to us.
    if (request.method === "POST" && request.url.endsWith("/v1/webhook_endpoints")) await payOne();
    return response;
  };
  const firstKeys = env.ENCRYPTION_KEYS;
  const secondKey = "t2:H79pwW66VmZenrInruy4+7ztf4I580x/B/eh211YnhI=";
  const setKeys = async (keys: string) => {
    env.ENCRYPTION_KEYS = keys;
  };
  const steps: (() => Promise<Json>)[] = [
    () => roll(world),
    () => world.api("PATCH", path, { secret_key: world.secretKey.replace(/_1$/, "_2") }),
    async () => void sandbox.world.revokedKeys.push(world.secretKey),
    () => setKeys(`${secondKey},${firstKeys}`),
    () => roll(world),
    () => root("POST", "/keyring/reseal"),
    () => setKeys(secondKey),
    () => roll(world),
    () => world.api("PATCH", path, { secret_key: world.secretKey.replace(/_1$/, "_3") }),
  ];

  try {
    for (const step of steps) {
      await payOne();
      const answer = await step();
      if (answer) expect(answer.status, JSON.stringify(answer.body)).toBe(200);
    }
    const keys = (await root("GET", "/keyring")).body.keys;
    expect(keys).toMatchObject([{ id: "t2", status: "seals" }]);
    expect(unpaid).toEqual([]);
    for (const { id } of invoices) {
      await eventually(
        () => isPaid(world, id),
        (paid) => paid,
      );
    }
    const mine = sent.slice(from).filter(({ url }) => url === world.webhookUrl);
    expect(mine.length).toBeGreaterThanOrEqual(invoices.length);
    expect(mine.filter(({ status }) => status !== 200)).toEqual([]);
    expect((await world.api("GET", "/payments?limit=100")).body.data).toHaveLength(invoices.length);
  } finally {
    globalThis.fetch = usual;
    env.ENCRYPTION_KEYS = firstKeys;
  }
});
