// A link that Stripe made though its answer was a failure is found and switched off: nobody knows of it, and it could
// be paid beside the one that is known.

import { afterEach, expect, test, vi } from "vitest";
import type { Deps } from "../../src/platform/deps.ts";
import { tryWork, whileQueueIsDown } from "../harness/outbox.ts";
import { sandbox } from "../harness/sandbox.ts";
import { createWorld, type TestWorld, testDeps } from "../harness/world.ts";
import { createDraft, createLinkedInvoice, linksAtStripe, readInvoice } from "./invoice-fixture.ts";

afterEach(() => {
  vi.restoreAllMocks();
});

const workOf = (invoiceId: string) => `create_payment_link/${invoiceId}/1`;
const active = (world: TestWorld) => linksAtStripe(world).filter((link) => link.active);

/** Deps with which Stripe makes a link and answers 500. */
function failingAfterwards(): Deps {
  const deps = testDeps();
  const stripe = (key: string) => {
    const client = deps.stripe(key);
    const create = client.paymentLinks.create.bind(client.paymentLinks);
    vi.spyOn(client.paymentLinks, "create").mockImplementation(async (params) => {
      await create(params);
      sandbox.world.faults.push({ path: "/v1/payment_links", times: 1, kind: "server_error" });
      return create(params);
    });
    return client;
  };
  return { ...deps, stripe };
}

/** A finalised invoice whose link was made at Stripe, unheard. */
async function withStray(world: TestWorld): Promise<string> {
  const { id } = await createDraft(world);
  await whileQueueIsDown(() => world.api("POST", `/invoices/${id}/finalize`));
  expect(await tryWork(world.scope, workOf(id), failingAfterwards())).toMatchObject({ status: "wanted" });
  return id;
}

async function makeForeignLinks(world: TestWorld, count: number): Promise<void> {
  const { paymentLinks } = testDeps().stripe(world.secretKey);
  const line = {
    quantity: 1,
    price_data: { currency: "eur", unit_amount: 100, product_data: { name: "Tea" } },
  };
  for (let index = 0; index < count; index++) await paymentLinks.create({ line_items: [line] });
}

test("however many other links were made since", async () => {
  const world = await createWorld();
  const id = await withStray(world);
  await makeForeignLinks(world, 210);
  await tryWork(world.scope, workOf(id));
  const { payment_link } = await readInvoice(world, id);
  expect(payment_link.status).toBe("active");
  const ours = active(world).filter(({ metadata }) => metadata.invoice_id === id);
  expect(ours.map((link) => link.id)).toEqual([payment_link.id]);
  // Nobody else's is touched.
  expect(active(world)).toHaveLength(211);
});

test("without reading links that were there before it", async () => {
  const world = await createWorld();
  await makeForeignLinks(world, 110);
  await createLinkedInvoice(world);
  const id = await withStray(world);
  const calls = vi.spyOn(sandbox, "fetch");
  await tryWork(world.scope, workOf(id));
  const lists = calls.mock.calls.filter(
    ([{ method, url }]) => method === "GET" && new URL(url).pathname === "/v1/payment_links",
  );
  expect(lists).toHaveLength(1);
  expect(active(world).filter(({ metadata }) => metadata.invoice_id === id)).toHaveLength(1);
});

test.each(["void", "mark_uncollectible"])("also where no link is wanted any more: after %s", async (verb) => {
  const world = await createWorld();
  const id = await withStray(world);
  await world.api("POST", `/invoices/${id}/${verb}`);
  expect(await tryWork(world.scope, workOf(id))).toBeUndefined();
  expect(active(world)).toEqual([]);
  expect(linksAtStripe(world)).toHaveLength(1);
});

test("also where Stripe refuses to make the link now", async () => {
  const world = await createWorld();
  const id = await withStray(world);
  const usual = sandbox.fetch;
  vi.spyOn(sandbox, "fetch").mockImplementation(async (request) => {
    const isMaking = request.method === "POST" && new URL(request.url).pathname === "/v1/payment_links";
    const error = { type: "invalid_request_error", message: "Your account cannot make links." };
    return isMaking ? Response.json({ error }, { status: 400 }) : usual(request);
  });
  expect(await tryWork(world.scope, workOf(id))).toMatchObject({ status: "dead" });
  expect((await readInvoice(world, id)).payment_link.status).toBe("failed");
  expect(active(world)).toEqual([]);
});
