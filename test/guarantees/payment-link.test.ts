import { expect, test } from "vitest";
import type { Json } from "../harness/api.ts";
import { ringAlarm, tryWork, whileQueueIsDown } from "../harness/outbox.ts";
import { sandbox } from "../harness/sandbox.ts";
import {
  createOpenInvoice,
  createTenantWorld,
  createWorld,
  eventually,
  type TestWorld,
} from "../harness/world.ts";

function linksAtStripe(world: TestWorld) {
  return Object.values(sandbox.world.accounts[world.accountId]?.paymentLinks ?? {});
}

const workOf = (invoiceId: string) => `create_payment_link/${invoiceId}/1`;

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
  expect(await tryWork(world.scope, workOf(draft.id))).toBeUndefined();
  expect(linksAtStripe(world)).toHaveLength(1);
});

for (const kind of ["cut_before", "cut_after", "server_error", "rate_limit"] as const) {
  test(`Stripe's ${kind} while a link is made leads to one link that the invoice shows`, async () => {
    const world = await createWorld();
    const draft = await createDraft(world);
    // It is done by hand, so that the queue's own tries do not mix in.
    await whileQueueIsDown(() => world.api("POST", `/invoices/${draft.id}/finalize`));
    sandbox.world.faults.push({
      method: "POST",
      path: "/v1/payment_links",
      times: 1,
      kind,
      retryAfterSeconds: 7,
    });
    const begun = Date.now();
    const again = await tryWork(world.scope, workOf(draft.id));
    expect(again).toMatchObject({ status: "wanted", attempts: 1, error: expect.stringContaining("Stripe") });
    // The first delay is five seconds, unless Stripe asks for more.
    const waits = (again?.notBeforeMs ?? 0) - begun;
    expect(waits).toBeGreaterThanOrEqual(kind === "rate_limit" ? 7_000 : 5_000);
    expect(again?.dueAtMs).toBe(again?.notBeforeMs);
    expect((await reader(world, draft.id)()).payment_link.status).toBe("pending");
    expect(await tryWork(world.scope, workOf(draft.id))).toBeUndefined();

    const invoice = await reader(world, draft.id)();
    expect(invoice.payment_link.status).toBe("active");
    expect(linksAtStripe(world).map((link) => link.id)).toEqual([invoice.payment_link.id]);
  });
}

test("work that the queue did not take is enqueued by the ledger's alarm", async () => {
  const world = await createWorld();
  const draft = await createDraft(world);
  const answer = await whileQueueIsDown(() => world.api("POST", `/invoices/${draft.id}/finalize`));
  expect(answer.body).toMatchObject({ status: "open", payment_link: { status: "pending" } });
  expect(linksAtStripe(world)).toHaveLength(0);
  await ringAlarm(world.scope, Date.now() + 61_000);
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
    quittance_link_revision: "1",
  };
  expect(link?.metadata).toEqual(ours);
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
