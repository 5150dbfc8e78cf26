// In a ledger that has as many bytes as it may, each thing that a caller makes is refused in the budget's words, and
// what is there already can still be changed. Invoices, customers and checkout sessions: test/webhooks/budgets.test.ts.

import { env } from "cloudflare:workers";
import { afterAll, beforeAll, expect, test, vi } from "vitest";
import { makePrice } from "../checkout/checkout-fixture.ts";
import { handDeps, stripeCall } from "../customers/customer-fixture.ts";
import { root } from "../harness/api.ts";
import { tryWork } from "../harness/outbox.ts";
import { createWorld, type TestWorld } from "../harness/world.ts";
import { askForMail, createLinkedInvoice, depsWith, RESEND } from "../mail/mail-fixture.ts";
import { rowsOf } from "../webhooks/deliver.ts";

const WORDS = /ledger_bytes is used up: 1 bytes of stored rows.*RETENTION_DAYS/;

let world: TestWorld;
let invoiceId: string;
beforeAll(async () => {
  world = await createWorld();
  invoiceId = (await createLinkedInvoice(world, { send_email: false })).id;
});

async function setMost(bytes: number | null): Promise<void> {
  const path = `/tenants/${world.scope.tenantId}/environments/${world.scope.environmentId}/budgets`;
  expect((await root("PATCH", path, { ledger_bytes: bytes })).status).toBe(200);
}
afterAll(() => setMost(null));

test("a price's new name is refused, and one that is there can be given another price", async () => {
  const [monthly, yearly] = [await makePrice(world.secretKey), await makePrice(world.secretKey)];
  await setMost(null);
  const name = (alias: string, price: string) => world.api("PUT", `/price_aliases/${alias}`, { price });
  expect((await name("pro", monthly)).status).toBe(200);
  await setMost(1);
  expect(await name("team", monthly)).toMatchObject({
    status: 429,
    body: { code: "over_budget", detail: expect.stringMatching(WORDS) },
  });
  expect((await world.api("GET", "/price_aliases/team")).status).toBe(404);
  expect(await name("pro", yearly)).toMatchObject({ status: 200, body: { price: yearly } });
});

test("a mail that is asked for by hand is refused and not kept, and goes once there is room", async () => {
  const deps = depsWith(RESEND);
  await setMost(1);
  await expect(askForMail(deps, world, invoiceId, "first")).rejects.toMatchObject({
    code: "over_budget",
    message: expect.stringMatching(WORDS),
  });
  expect(await rowsOf(world, "mails")).toEqual([]);
  await setMost(null);
  const { mailId } = await askForMail(deps, world, invoiceId, "first");
  expect(await rowsOf(world, "mails")).toMatchObject([{ id: mailId }]);
});

test("an import that is under way ends as failed in the budget's words, and can be asked for again", async () => {
  // What is wanted lies there until the test says that it is tried.
  vi.spyOn(env.JOBS, "sendBatch").mockResolvedValue({} as never);
  // Then it goes on ten by ten, with a step each time.
  await world.api("PATCH", "/settings", { link_customers_by_email: true });
  for (let n = 0; n < 11; n += 1) await stripeCall(world, "POST", "/customers", { name: `Customer ${n}` });
  const step = () => tryWork(world.scope, "run_customers/import", handDeps());
  const progress = async () => (await world.api("GET", "/customers/import")).body;
  await setMost(null);
  expect((await world.api("POST", "/customers/import")).status).toBe(202);
  await step();
  const half = await progress();
  expect(half).toMatchObject({ status: "running", pages: 1, error: null });
  await setMost(1);
  await step();
  expect(await progress()).toMatchObject({
    status: "failed",
    pages: 1,
    created: half.created,
    error: expect.stringMatching(WORDS),
    finished_at: expect.any(String),
  });
  expect(await step()).toBeUndefined();
  await setMost(null);
  expect(await world.api("POST", "/customers/import")).toMatchObject({
    status: 202,
    body: { status: "running", error: null },
  });
});
