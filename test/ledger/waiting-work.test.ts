// Work that only the connection can help: it waits, goes on once that heals, and ends where there is none any more.

import { expect, test } from "vitest";
import { ledgerSql } from "../harness/ledger-sql.ts";
import { outboxOf, tryWork, whileQueueIsDown } from "../harness/outbox.ts";
import { sandbox } from "../harness/sandbox.ts";
import {
  createEndpoint,
  createOpenInvoice,
  createPayableInvoice,
  createWorld,
  eventually,
  type TestWorld,
} from "../harness/world.ts";

const linkOf = async (world: TestWorld, id: string) =>
  (await world.api("GET", `/invoices/${id}`)).body.payment_link;
const switchTo = (world: TestWorld, isActive: boolean) =>
  world.api("PATCH", `/connections/${world.connectionId}`, { is_active: isActive });

test("work waits while the connection is switched off, however many, and is done once it is on", async () => {
  const world = await createWorld();
  await switchTo(world, false);
  const invoices = [];
  for (let index = 0; index < 3; index++) invoices.push(await createOpenInvoice(world));
  const waiting = await eventually(
    () => outboxOf(world.scope),
    (rows) => rows.length === 3 && rows.every(({ status }) => status === "waiting"),
  );
  for (const row of waiting) expect(row).toMatchObject({ attempts: 1, dueAtMs: null, notBeforeMs: null });
  await switchTo(world, true);
  for (const { id } of invoices)
    await eventually(
      () => linkOf(world, id),
      (link) => link.status === "active",
    );
  expect((await outboxOf(world.scope)).filter(({ kind }) => kind === "create_payment_link")).toEqual([]);
});

test("work of one environment is not woken by another's connection", async () => {
  const [mine, theirs] = [await createWorld(), await createWorld()];
  for (const world of [mine, theirs]) await switchTo(world, false);
  await createOpenInvoice(mine);
  await eventually(
    () => outboxOf(mine.scope),
    (rows) => rows.some(({ status }) => status === "waiting"),
  );
  await switchTo(theirs, true);
  expect(await outboxOf(mine.scope)).toMatchObject([{ status: "waiting" }]);
});

test("work that waits when the connection is disconnected ends, and says so, instead of waiting for ever", async () => {
  const world = await createWorld();
  const invoice = await createPayableInvoice(world);
  await whileQueueIsDown(() => world.api("POST", `/invoices/${invoice.id}/void`));
  await switchTo(world, false);
  const work = `deactivate_payment_link/${invoice.id}/1`;
  expect(await tryWork(world.scope, work)).toMatchObject({ status: "waiting" });
  // Its key is refused, so that the link cannot be switched off on the way out either.
  sandbox.world.revokedKeys.push(world.secretKey);
  expect((await world.api("DELETE", `/connections/${world.connectionId}`)).status).toBe(200);
  sandbox.world.revokedKeys.length = 0;
  expect(await outboxOf(world.scope)).toMatchObject([
    { id: work, status: "dead", error: expect.stringContaining("disconnected") },
  ]);
  expect(await linkOf(world, invoice.id)).toMatchObject({
    deactivation: "failed",
    error: expect.stringContaining("disconnected"),
  });

  // The same account again: the link can be switched off after all.
  const endpoint = await createEndpoint(world.secretKey, world.webhookUrl);
  const again = await world.api("POST", "/connections", {
    name: "Stripe again",
    provider: "stripe",
    secret_key: world.secretKey,
    webhook_secret: endpoint.secret,
  });
  expect(again.status).toBe(201);
  await eventually(
    () => linkOf(world, invoice.id),
    (link) => link.deactivation === "done",
  );
});

test("with another account connected, what only the former could do ends, and what any can do is done", async () => {
  const world = await createWorld();
  const invoice = await createPayableInvoice(world);
  await whileQueueIsDown(() => world.api("POST", `/invoices/${invoice.id}/void`));
  await ledgerSql(world.scope).prepare("UPDATE payment_links SET account_id = 'acct_former'").run();
  expect(await tryWork(world.scope, `deactivate_payment_link/${invoice.id}/1`)).toMatchObject({
    status: "dead",
    error: expect.stringContaining("acct_former"),
  });
  await createPayableInvoice(world);
});
