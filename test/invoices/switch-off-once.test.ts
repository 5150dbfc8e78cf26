import { env } from "cloudflare:workers";
import { expect, test, vi } from "vitest";
import { readWorkMessages } from "../../src/platform/jobs.ts";
import { sandbox } from "../harness/sandbox.ts";
import { createWorld, eventually } from "../harness/world.ts";
import { createLinkedInvoice, untilInvoice } from "./invoice-fixture.ts";

const PAID_AT_ONCE = 4;

test("a paid invoice's link is switched off by one job: one update and one list of sessions at Stripe", async () => {
  const world = await createWorld();
  const invoices = [];
  for (let index = 0; index < PAID_AT_ONCE; index++) invoices.push(await createLinkedInvoice(world));
  const calls = vi.spyOn(sandbox, "fetch");
  const enqueued = vi.spyOn(env.JOBS, "sendBatch");
  for (const { payment_link } of invoices) {
    await sandbox.pay(world.accountId, { paymentLinkId: payment_link.id }, { card: "4242 4242 4242 4242" });
  }
  await sandbox.settle();
  for (const { id } of invoices)
    await untilInvoice(world, id, ({ payment_link }) => payment_link.deactivation === "done");
  await eventually(
    async () => (await world.api("GET", "/webhook_events?type=charge.succeeded")).body.data,
    (events) => events.length === PAID_AT_ONCE,
  );
  await new Promise((resolve) => setTimeout(resolve, 300));
  const seen = calls.mock.calls.map(([request]) => `${request.method} ${new URL(request.url).pathname}`);
  const sentJobs = enqueued.mock.calls.flatMap(([messages]) =>
    [...messages].flatMap(({ body }) => (readWorkMessages(body) ?? []).map(({ id }) => id)),
  );
  calls.mockRestore();
  enqueued.mockRestore();
  for (const { id, payment_link } of invoices) {
    const updates = seen.filter((call) => call === `POST /v1/payment_links/${payment_link.id}`);
    expect(updates).toHaveLength(1);
    expect(sentJobs.filter((job) => job === `deactivate_payment_link/${id}/1`)).toHaveLength(1);
  }
  expect(seen.filter((call) => call === "GET /v1/checkout/sessions")).toHaveLength(PAID_AT_ONCE);
});
