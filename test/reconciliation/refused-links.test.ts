// No link holds up the others, nor the fetching of events, whatever Stripe answers about it.

import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { ledgerSql } from "../harness/ledger-sql.ts";
import { sandbox } from "../harness/sandbox.ts";
import { createPayableInvoice, createWorld, eventually, type TestWorld } from "../harness/world.ts";
import { HOUR } from "./quiet-links-fixture.ts";
import {
  payUnheard,
  quietDeps,
  reader,
  reconcile,
  reconcileOnce,
  requestReconciliation,
  rowOf,
} from "./reconcile-fixture.ts";

beforeEach(() => {
  sandbox.world.deliveryPolicy.withhold = true;
  sandbox.world.faults.length = 0;
});
afterEach(() => {
  vi.restoreAllMocks();
});

/** Stripe answers so when it is asked about the sessions of this link. */
function answerOf(link: string, status: number, error: Record<string, string>): void {
  const usual = sandbox.fetch;
  vi.spyOn(sandbox, "fetch").mockImplementation(async (request) => {
    const { pathname, searchParams } = new URL(request.url);
    const isAsked = pathname === "/v1/checkout/sessions" && searchParams.get("payment_link") === link;
    return isAsked ? Response.json({ error }, { status }) : usual(request);
  });
}

const at = (hours: number) => quietDeps({ now: () => Date.now() + hours * HOUR });

async function nextCheckOf(world: TestWorld, link: string): Promise<number> {
  const query = ledgerSql(world.scope).prepare(
    "SELECT next_check_at_ms AS at FROM payment_links WHERE stripe_payment_link_id = ?",
  );
  return Number((await query.bind(link).first<{ at: number }>())?.at);
}

test("a link that the key may not ask about is put off and named; the others are asked about and events fetched", async () => {
  const world = await createWorld();
  const refused = (await createPayableInvoice(world)).payment_link.id;
  const { id } = await payUnheard(world);
  const account = sandbox.world.accounts[world.accountId];
  const events = account?.eventOrder.splice(0) ?? [];
  const error = { type: "invalid_request_error", message: "The provided key does not have the permissions." };
  answerOf(refused, 403, error);
  await requestReconciliation(quietDeps(), world.scope, world.connectionId);
  await reconcile(world, at(7));
  await eventually(reader(world, id), (invoice) => invoice.status === "paid");
  expect(await rowOf(world)).toMatchObject({
    phase: null,
    links_checked: 1,
    links_failed: 1,
    link_error: expect.stringContaining(refused),
  });
  expect(await nextCheckOf(world, refused)).toBeGreaterThan(Date.now() + 7.5 * HOUR);
  const said = await world.api("GET", `/connections/${world.connectionId}/reconciliation`);
  expect(said.body).toMatchObject({ status: "idle", links_failed: 1 });
  expect(said.body.link_error).toContain(refused);

  // The next run fetches events as ever, and asks again.
  account?.eventOrder.push(...events);
  const second = await payUnheard(world);
  vi.restoreAllMocks();
  await requestReconciliation(quietDeps(), world.scope, world.connectionId, Date.now() - HOUR);
  await reconcile(world, at(9));
  await eventually(reader(world, second.id), (invoice) => invoice.status === "paid");
  expect(await rowOf(world)).toMatchObject({ links_failed: 0, link_error: null });
});

test("a link about which Stripe fails again and again holds up neither the others nor the events", async () => {
  const world = await createWorld();
  const broken = (await createPayableInvoice(world)).payment_link.id;
  answerOf(broken, 500, { type: "api_error", message: "Something went wrong." });
  await requestReconciliation(quietDeps(), world.scope, world.connectionId);
  await expect(reconcile(world, at(7))).rejects.toMatchObject({ retryable: true });
  expect(await rowOf(world)).toMatchObject({ phase: "links" });
  expect(await nextCheckOf(world, broken)).toBeGreaterThan(Date.now() + 7.5 * HOUR);

  // However long the run was held up in its links: it begins with what has happened since.
  const { id } = await payUnheard(world);
  await reconcileOnce(world, at(8));
  await eventually(reader(world, id), (invoice) => invoice.status === "paid");
});
