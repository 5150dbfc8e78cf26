import { beforeAll, describe, expect, test } from "vitest";
import { STRIPE_EVENT_TYPE_NAMES } from "../../src/connections/stripe-event-types.ts";
import { createWorld, type TestWorld } from "../harness/world.ts";
import { deliver, outcomeOf, putInvoice, rowsOf } from "./deliver.ts";
import { FIXTURES } from "./payloads/fixtures.ts";

let world: TestWorld;
let count = 0;

beforeAll(async () => {
  world = await createWorld();
});

describe.each(STRIPE_EVENT_TYPE_NAMES)("%s", (type) => {
  test.each(["oldest", "newest"] as const)(
    "of the %s shape ends processed or ignored with a reason, for a stranger and for one of ours",
    async (age) => {
      for (const ours of [false, true]) {
        count += 1;
        const invoiceId = `inv_${count}`;
        if (ours) await putInvoice(world, invoiceId, { dueMinor: 12_900, currency: "EUR" });
        const metadata = ours
          ? {
              invoice_id: invoiceId,
              customer_id: "cus_1",
              quittance_tenant_id: world.scope.tenantId,
              quittance_environment_id: world.scope.environmentId,
            }
          : {};
        const shape = FIXTURES[type][age];
        const { account, ...event } = structuredClone(shape);
        const object = withIds({ ...(event.data.object as object), metadata }, count);
        await deliver(world, { ...event, id: `evt_${count}`, data: { object } });
        const row = await outcomeOf(world, `evt_${count}`);
        expect(["processed", "ignored"], String(row?.error)).toContain(row?.status);
        if (row?.status === "ignored") expect(row.reason).toMatch(/^[a-z_]+$/);
        if (!ours) expect(row?.status === "processed" && row.invoice_id !== null).toBe(false);
        const paid = MONEY_IN.has(type) && ours;
        if (paid) {
          expect(row).toMatchObject({ status: "processed", invoice_id: invoiceId });
          expect(await rowsOf(world, "payments", `invoice_id = '${invoiceId}'`)).toHaveLength(
            type === "checkout.session.completed" && age === "oldest" ? 0 : 1,
          );
        }
      }
    },
  );
});

const MONEY_IN = new Set<string>([
  "checkout.session.completed",
  "checkout.session.async_payment_succeeded",
  "checkout.session.async_payment_failed",
  "payment_intent.succeeded",
  "payment_intent.payment_failed",
  "payment_intent.processing",
  "payment_intent.canceled",
  "charge.succeeded",
]);

/** Objects of their own for each delivery, so that none belongs to a payment of another. */
function withIds(object: Record<string, unknown>, n: number): Record<string, unknown> {
  const text = JSON.stringify(object).replace(
    /"((?:pi|ch|cs_test|re|du|dp|plink)_[A-Za-z0-9]+)"/g,
    `"$1x${n}"`,
  );
  return JSON.parse(text);
}
