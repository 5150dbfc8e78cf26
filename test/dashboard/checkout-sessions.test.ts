// The pages of checkout sessions.

import { beforeEach, expect, test } from "vitest";
import { CARD, makeSession, SETUP } from "../checkout/checkout-fixture.ts";
import { ledgersAskedByPage } from "../harness/count-asked.ts";
import { ledgerSql } from "../harness/ledger-sql.ts";
import { sandbox } from "../harness/sandbox.ts";
import { createTenantWorld, createWorld, eventually } from "../harness/world.ts";
import { HOSTILE } from "./action-fixture.ts";
import { linksOf, open, send, signIn, textOf } from "./browse.ts";

beforeEach(() => {
  sandbox.world.deliveryPolicy.withhold = false;
});

const LIST = "/dashboard/checkout-sessions";

test("sessions are listed with whose and what for, by status and mode; each has a page with its payment", async () => {
  const world = await createWorld();
  const customer = (await world.api("POST", "/customers", { name: "Ada Lovelace" })).body;
  const paid = await makeSession(world, { customer_id: customer.id, client_reference_id: "order 7" });
  const kept = await makeSession(world, { ...SETUP, line_items: undefined });
  await sandbox.pay(world.accountId, { sessionId: paid.id }, CARD);
  await sandbox.settle();
  await eventually(
    async () => (await world.api("GET", `/payments?checkout_session_id=${paid.id}`)).body.data,
    ([payment]) => payment?.status === "succeeded" && payment.receipt_url !== null,
  );
  const cookie = await signIn(world.keys.read);
  const pageOf = (id: string) => `${LIST}/${id}`;
  const all = await open(LIST, cookie);
  const text = textOf(all.html);
  expect(text).toMatch(/A card to be kept – none Open/);
  expect(text).toMatch(/A payment order 7 €129\.00 Completed Ada Lovelace/);
  for (const [filter, shown, hidden] of [
    ["status=complete", paid.id, kept.id],
    ["mode=setup", kept.id, paid.id],
    [`customer_id=${customer.id}`, paid.id, kept.id],
  ]) {
    const links = linksOf((await open(`${LIST}?${filter}`, cookie)).html);
    expect([filter, links.includes(pageOf(shown)), links.includes(pageOf(hidden))]).toEqual([
      filter,
      true,
      false,
    ]);
  }

  const { html } = await open(pageOf(paid.id), cookie);
  expect(textOf(html)).toMatch(/A payment, €129\.00.*Completed.*Succeeded/);
  expect(linksOf(html)).toContain(`/dashboard/customers/${customer.id}`);
  expect(textOf((await open(pageOf(kept.id), cookie)).html)).toContain("the payer leaves a card");
  expect((await open(pageOf("cs_none"), cookie)).status).toBe(404);
});

test("a session's page asks its ledger once", async () => {
  const world = await createTenantWorld();
  await ledgerSql(world.scope)
    .prepare(
      `INSERT INTO checkout_sessions (id, mode, status, payment_status, metadata, created_at_ms, updated_at_ms)
       VALUES ('cs_test_1', 'payment', 'expired', 'unpaid', '{}', 1, 1)`,
    )
    .run();
  const cookie = await signIn(world.keys.read);
  const asked = await ledgersAskedByPage(async () => {
    const { html } = await open(`${LIST}/cs_test_1`, cookie);
    expect(textOf(html)).toMatch(/Expired.*Nobody paid\./);
  });
  expect(asked).toBe(1);
});

test("a payment by a session leads to the session's page", async () => {
  const world = await createWorld();
  const session = await makeSession(world);
  await sandbox.pay(world.accountId, { sessionId: session.id }, CARD);
  await sandbox.settle();
  const cookie = await signIn(world.keys.read);
  await eventually(
    async () => linksOf((await open("/dashboard/payments", cookie)).html),
    (links) => links.includes(`${LIST}/${session.id}`),
  );
});

test("whoever may write asks Stripe how a session stands whose events have not come, and a reload asks nothing", async () => {
  const world = await createWorld();
  const session = await makeSession(world, { metadata: { note: HOSTILE } });
  sandbox.world.deliveryPolicy.withhold = true;
  await sandbox.pay(world.accountId, { sessionId: session.id }, CARD);
  const [writer, reader] = [await signIn(world.keys.write), await signIn(world.keys.read)];
  const page = `${LIST}/${session.id}`;
  const before = await open(page, writer);
  expect(textOf(before.html)).toContain("Nobody has paid yet.");
  expect(before.html).not.toMatch(/<script>alert|<img/);
  expect(textOf((await open(page, reader)).html)).not.toContain("Ask Stripe again");
  const looked = await send(`${page}/look`, {}, { cookie: writer });
  expect([looked.status, looked.headers.get("location")]).toEqual([303, `${page}?done=looked_at_stripe`]);
  const text = textOf((await open(`${page}?done=looked_at_stripe`, writer)).html);
  expect(text).toMatch(/Below is what Stripe says of it now\..*Completed/);
});
