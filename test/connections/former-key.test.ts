// What Stripe says of a key that was replaced meanwhile says nothing of the new one: neither on the connection, nor
// for the work that was being done with the old one.

import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { sandbox } from "../harness/sandbox.ts";
import {
  createOpenInvoice,
  createPayableInvoice,
  createWorld,
  eventually,
  type TestWorld,
} from "../harness/world.ts";
import { paidWorld } from "../payments/refund-fixture.ts";

afterEach(() => {
  vi.restoreAllMocks();
});
beforeEach(() => {
  sandbox.world.revokedKeys.length = 0;
});

type Call = [method: string, path: string];

/** The next call to Stripe with the present key answers 401, after the key was replaced and the old one revoked. */
function replaceKeyDuring(world: TestWorld, [method, path]: Call): { newKey: string; wasMet: () => boolean } {
  const newKey = world.secretKey.replace(/_1$/, "_2");
  const usual = sandbox.fetch;
  let met = false;
  vi.spyOn(sandbox, "fetch").mockImplementation(async (request) => {
    const isMeant = request.method === method && new URL(request.url).pathname.startsWith(path);
    const isOld = request.headers.get("authorization") === `Bearer ${world.secretKey}`;
    if (!isMeant || !isOld || met) return usual(request);
    met = true;
    const changed = await world.api("PATCH", `/connections/${world.connectionId}`, { secret_key: newKey });
    expect(changed.status).toBe(200);
    sandbox.world.revokedKeys.push(world.secretKey);
    return usual(request);
  });
  return { newKey, wasMet: () => met };
}

async function expectActive(world: TestWorld): Promise<void> {
  const { body } = await world.api("GET", `/connections/${world.connectionId}`);
  expect(body).toMatchObject({ status: "active", status_detail: null });
}

test("work that was refused with the former key is done with the new one, which is not marked refused", async () => {
  const world = await createWorld();
  const { wasMet } = replaceKeyDuring(world, ["POST", "/v1/payment_links"]);
  const invoice = await createOpenInvoice(world);
  const linked = await eventually(
    async () => (await world.api("GET", `/invoices/${invoice.id}`)).body,
    ({ payment_link }) => payment_link.status === "active",
  );
  expect(wasMet()).toBe(true);
  expect(linked.payment_link.url).toBeTruthy();
  await expectActive(world);
});

test("a link is switched off with the new key, where the former one was refused for it", async () => {
  const world = await createWorld();
  const { id, payment_link } = await createPayableInvoice(world);
  const { wasMet } = replaceKeyDuring(world, ["POST", `/v1/payment_links/${payment_link.id}`]);
  await world.api("POST", `/invoices/${id}/void`);
  await eventually(
    async () => (await world.api("GET", `/invoices/${id}`)).body.payment_link,
    ({ deactivation }) => deactivation === "done",
  );
  expect(wasMet()).toBe(true);
  await expectActive(world);
});

const DOORS: [string, Call, (world: TestWorld) => Promise<{ status: number; body: { detail?: string } }>][] =
  [
    [
      "a checkout session",
      ["POST", "/v1/checkout/sessions"],
      (world) =>
        world.api("POST", "/checkout_sessions", {
          mode: "payment",
          line_items: [
            { quantity: 1, price_data: { currency: "eur", unit_amount: 900, product_data: { name: "Mug" } } },
          ],
          success_url: "https://shop.example/thanks",
          cancel_url: "https://shop.example/cart",
        }),
    ],
    [
      "the webhook endpoint",
      ["GET", "/v1/webhook_endpoints"],
      (world) => world.api("POST", `/connections/${world.connectionId}/webhook_endpoint`),
    ],
  ];

test.each(DOORS)(
  "asked for %s with the former key, the caller is told to try again",
  async (_, call, ask) => {
    const world = await createWorld();
    const { wasMet } = replaceKeyDuring(world, call);
    const answer = await ask(world);
    expect(wasMet()).toBe(true);
    expect(answer.status).toBe(422);
    expect(answer.body.detail).toContain("try again");
    await expectActive(world);
    expect((await ask(world)).status).toBeLessThan(300);
  },
);

test("a refund that was refused with the former key is not made, is said so, and the new key makes it", async () => {
  const world = await paidWorld();
  const { wasMet } = replaceKeyDuring(world, ["POST", "/v1/refunds"]);
  const answer = await world.refund({ amount: 1000 });
  expect(wasMet()).toBe(true);
  expect(answer).toMatchObject({ status: 422, body: { code: "stripe_authentication_failed" } });
  await expectActive(world);
  expect((await world.refund({ amount: 1000 })).status).toBe(201);
});

test("the account is asked for with the former key: what Stripe says of that is not kept", async () => {
  const world = await createWorld();
  const { wasMet } = replaceKeyDuring(world, ["GET", "/v1/account"]);
  expect((await world.api("POST", `/connections/${world.connectionId}/test`)).status).toBe(200);
  expect(wasMet()).toBe(true);
  await expectActive(world);
});

test("the present key that Stripe refuses is marked so, once, and a new one heals it", async () => {
  const world = await createWorld();
  sandbox.world.revokedKeys.push(world.secretKey);
  const invoice = await createOpenInvoice(world);
  await eventually(
    async () => (await world.api("GET", `/connections/${world.connectionId}`)).body,
    ({ status }) => status === "error",
  );
  const newKey = world.secretKey.replace(/_1$/, "_2");
  await world.api("PATCH", `/connections/${world.connectionId}`, { secret_key: newKey });
  await eventually(
    async () => (await world.api("GET", `/invoices/${invoice.id}`)).body,
    ({ payment_link }) => payment_link.status === "active",
  );
  await expectActive(world);
});
