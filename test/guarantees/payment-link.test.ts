import { env } from "cloudflare:workers";
import { expect, test, vi } from "vitest";
import { createPaymentLink } from "../../src/invoices/create-payment-link.ts";
import { linkJob } from "../../src/invoices/finalize-invoice.ts";
import { sweepOutbox } from "../../src/platform/outbox.ts";
import type { Json } from "../harness/api.ts";
import { sandbox } from "../harness/sandbox.ts";
import {
  createOpenInvoice,
  createTenantWorld,
  createWorld,
  eventually,
  type TestWorld,
  testDeps,
} from "../harness/world.ts";

function linksAtStripe(world: TestWorld) {
  return Object.values(sandbox.world.accounts[world.accountId]?.paymentLinks ?? {});
}

async function createDraft(world: TestWorld): Promise<Json> {
  return createOpenInvoice(world, { finalize: false });
}

function reader(world: TestWorld, id: string): () => Promise<Json> {
  return async () => (await world.api("GET", `/invoices/${id}`)).body;
}

test("finalising 50 times at once makes one link at Stripe", async () => {
  const world = await createWorld();
  const draft = await createDraft(world);
  const answers = await Promise.all(
    Array.from({ length: 50 }, () => world.api("POST", `/invoices/${draft.id}/finalize`)),
  );
  expect(new Set(answers.map((answer) => answer.status))).toEqual(new Set([200]));
  await eventually(reader(world, draft.id), (invoice) => invoice.payment_link.status === "active");
  const job = linkJob(world.scope, draft.id, 1);
  if (job.kind === "create_payment_link") await createPaymentLink(testDeps(), world.scope, job);
  expect(linksAtStripe(world)).toHaveLength(1);
});

for (const kind of ["cut_before", "cut_after", "server_error", "rate_limit"] as const) {
  test(`Stripe's ${kind} while a link is made leads to one link that the invoice shows`, async () => {
    const world = await createWorld();
    const draft = await createDraft(world);
    // The job is run by hand, so that the queue's own tries do not mix in.
    const enqueue = vi.spyOn(env.JOBS, "sendBatch").mockRejectedValue(new Error("queue down"));
    await world.api("POST", `/invoices/${draft.id}/finalize`);
    enqueue.mockRestore();
    const job = linkJob(world.scope, draft.id, 1);
    if (job.kind !== "create_payment_link") throw new Error("not a link's job");

    sandbox.world.faults.push({
      method: "POST",
      path: "/v1/payment_links",
      times: 1,
      kind,
      retryAfterSeconds: 7,
    });
    await expect(createPaymentLink(testDeps(), world.scope, job)).rejects.toMatchObject({
      retryable: true,
      ...(kind === "rate_limit" ? { retryAfterSeconds: 7 } : {}),
    });
    expect((await reader(world, draft.id)()).payment_link.status).toBe("pending");
    await createPaymentLink(testDeps(), world.scope, job);

    const invoice = await reader(world, draft.id)();
    expect(invoice.payment_link.status).toBe("active");
    expect(linksAtStripe(world).map((link) => link.id)).toEqual([invoice.payment_link.id]);
  });
}

test("a job that the queue did not take is enqueued by the next sweep", async () => {
  const world = await createWorld();
  const draft = await createDraft(world);
  const broken = vi.spyOn(env.JOBS, "sendBatch").mockRejectedValue(new Error("queue down"));
  const answer = await world.api("POST", `/invoices/${draft.id}/finalize`);
  broken.mockRestore();
  expect(answer.body).toMatchObject({ status: "open", payment_link: { status: "pending" } });
  expect(linksAtStripe(world)).toHaveLength(0);
  await sweepOutbox(testDeps({ now: () => Date.now() + 20_000 }));
  await eventually(reader(world, draft.id), (invoice) => invoice.payment_link.status === "active");
});

test("the link carries the lines, our metadata in both places, and one payment only", async () => {
  const world = await createWorld();
  const invoice = await createOpenInvoice(world, {
    number: "2026-0042",
    metadata: { order: "7", invoice_id: "spoofed" },
    lines: [
      { description: "Seats", quantity: 3, unit_amount: 1000 },
      { description: "Support", quantity: 1, unit_amount: 9900 },
    ],
  });
  await eventually(reader(world, invoice.id), (seen) => seen.payment_link.status === "active");
  const [link] = linksAtStripe(world);
  const ours = {
    order: "7",
    invoice_id: invoice.id,
    customer_id: invoice.customer_id,
    quittance_tenant_id: world.scope.tenantId,
    quittance_environment_id: world.scope.environmentId,
  };
  expect(link?.metadata).toEqual({ ...ours, quittance_link_revision: "1" });
  expect(link?.payment_intent_data?.metadata).toEqual(ours);
  expect(link?.restrictions?.completed_sessions.limit).toBe(1);
});

test("work for a connection whose key Stripe refuses waits, and the connection says why", async () => {
  const world = await createWorld();
  sandbox.world.revokedKeys.push(world.secretKey);
  const invoice = await createOpenInvoice(world);
  const connection = async () => (await world.api("GET", `/connections/${world.connectionId}`)).body;
  const refused = await eventually(connection, (seen) => seen.status === "error");
  expect(refused.status_detail).toContain("Stripe refuses the key");
  expect((await reader(world, invoice.id)()).payment_link).toMatchObject({ status: "pending", error: null });
});

test("an invoice to be finalised at once is refused whole where there is no connection", async () => {
  const world = await createTenantWorld();
  await world.api("POST", "/customers", { id: "ada", name: "Ada" });
  const body = {
    id: "inv_1",
    customer_id: "ada",
    currency: "eur",
    lines: [{ description: "Pro plan", quantity: 1, unit_amount: 12900 }],
    finalize: true,
  };
  expect(await world.api("POST", "/invoices", body)).toMatchObject({
    status: 409,
    body: { code: "connection_missing" },
  });
  expect((await world.api("GET", "/invoices/inv_1")).status).toBe(404);
});
