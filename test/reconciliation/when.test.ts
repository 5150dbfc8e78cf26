import { beforeEach, expect, test, vi } from "vitest";
import { ledgerSql } from "../harness/ledger-sql.ts";
import { sandbox } from "../harness/sandbox.ts";
import {
  createOpenInvoice,
  createTenantWorld,
  createWorld,
  eventually,
  type TestWorld,
} from "../harness/world.ts";
import {
  payUnheard,
  quietDeps,
  reader,
  reconcile,
  requestReconciliation,
  rowOf,
} from "./reconcile-fixture.ts";

const DAY = 86_400_000;

beforeEach(() => {
  sandbox.world.deliveryPolicy.withhold = true;
  sandbox.world.faults.length = 0;
});

test("a connection that is switched on again fetches what was paid while it was off", async () => {
  const world = await createWorld();
  const invoice = await createOpenInvoice(world);
  const linked = await eventually(reader(world, invoice.id), (seen) => seen.payment_link.status === "active");
  await world.api("PATCH", `/connections/${world.connectionId}`, { is_active: false });
  await sandbox.pay(world.accountId, { paymentLinkId: linked.payment_link.id }, { card: "4242424242424242" });
  expect((await reader(world, invoice.id)()).status).toBe("open");
  await world.api("PATCH", `/connections/${world.connectionId}`, { is_active: true });
  await eventually(reader(world, invoice.id), (seen) => seen.status === "paid");
});

test("a connection's first signing secret fetches what was paid before there was one", async () => {
  const tenant = await createTenantWorld();
  const made = await tenant.api("POST", "/connections", {
    name: "Stripe",
    provider: "stripe",
    secret_key: tenant.secretKey,
    webhook_setup: "manual",
  });
  expect(made.body).toMatchObject({ status: "pending_webhook" });
  const world = { ...tenant, connectionId: made.body.id, webhookSecret: "" } satisfies TestWorld;
  const { id } = await payUnheard(world);
  expect((await reader(world, id)()).status).toBe("open");
  const secret = `whsec_${"a".repeat(32)}`;
  const set = await world.api("PATCH", `/connections/${world.connectionId}`, { webhook_secret: secret });
  expect(set.status).toBe(200);
  await eventually(reader(world, id), (seen) => seen.status === "paid");
});

test("a cursor older than what Stripe lists is no harm: as far back as it lists, and up to now", async () => {
  const world = await createWorld();
  const { id } = await payUnheard(world);
  await requestReconciliation(quietDeps(), world.scope, world.connectionId);
  await ledgerSql(world.scope)
    .prepare("UPDATE reconciliations SET cursor_ms = ?")
    .bind(Date.now() - 40 * DAY)
    .run();
  const calls = vi.spyOn(sandbox, "fetch");
  await reconcile(world);
  const since = calls.mock.calls
    .map(([request]) => new URL(request.url))
    .filter(({ pathname }) => pathname === "/v1/events")
    .map(({ searchParams }) => Number(searchParams.get("created[gte]")) * 1000);
  calls.mockRestore();
  expect(since.length).toBeGreaterThan(0);
  expect(Math.min(...since)).toBeGreaterThanOrEqual(Date.now() - 30 * DAY - 60_000);
  await eventually(reader(world, id), (seen) => seen.status === "paid");
  expect(Number((await rowOf(world))?.cursor_ms)).toBeGreaterThan(Date.now() - DAY);
});
