import { env } from "cloudflare:workers";
import { expect, test } from "vitest";
import { refreshDueAccounts } from "../../src/connections/refresh-due-accounts.ts";
import type { Json } from "../harness/api.ts";
import { sandbox } from "../harness/sandbox.ts";
import { createWorld, eventually, type TestWorld, testDeps } from "../harness/world.ts";
import { createDestination, createReceiver, type Receiver } from "../notifications/receiver.ts";
import { deliver } from "../webhooks/deliver.ts";

type Told = { status: string; detail: string | null };

async function listening(): Promise<{ world: TestWorld; told: (count: number) => Promise<Told[]> }> {
  const world = await createWorld();
  const receiver = createReceiver();
  await createDestination(world, receiver, { event_types: ["connection.updated"] });
  const told = async (count: number) =>
    (
      await eventually(
        async () => statesOf(receiver),
        (seen) => seen.length >= count,
      )
    ).slice();
  return { world, told };
}

/** In the order of their making. */
function statesOf({ received }: Receiver): Told[] {
  const messages: Json[] = received.map(({ body }) => JSON.parse(body));
  return messages
    .sort((one, other) => Date.parse(one.created_at) - Date.parse(other.created_at))
    .map(({ data }) => ({ status: data.object.status, detail: data.object.status_detail }));
}

test("a connection that is switched off and on again is told each time, once, with its status", async () => {
  const { world, told } = await listening();
  const path = `/connections/${world.connectionId}`;
  await world.api("PATCH", path, { is_active: false });
  expect(await told(1)).toEqual([{ status: "disabled", detail: expect.stringContaining("Switched off") }]);
  await world.api("PATCH", path, { is_active: true });
  expect((await told(2)).map(({ status }) => status)).toEqual(["disabled", "active"]);
});

test("a key that Stripe refuses is told once with Stripe's words, and once more when it is taken again", async () => {
  const { world, told } = await listening();
  const refresh = async (days: number) => {
    await env.DB.prepare("UPDATE connections SET account_refresh_due_at_ms = 9e15 WHERE id <> ?")
      .bind(world.connectionId)
      .run();
    await env.DB.prepare("UPDATE connections SET account_refresh_due_at_ms = 1 WHERE id = ?")
      .bind(world.connectionId)
      .run();
    await refreshDueAccounts(testDeps({ now: () => Date.now() + days * 86_400_000 }));
  };
  sandbox.world.revokedKeys.push(world.secretKey);
  await refresh(0);
  await refresh(0);
  expect(await told(1)).toEqual([{ status: "error", detail: expect.stringContaining("refuses the key") }]);
  sandbox.world.revokedKeys.length = 0;
  await refresh(0);
  await refresh(0);
  expect((await told(2)).map(({ status }) => status)).toEqual(["error", "active"]);
});

test("a connection whose access its owner has taken back is told once, however often Stripe says so", async () => {
  const { world, told } = await listening();
  const event = {
    id: "evt_deauthorized",
    object: "event",
    type: "account.application.deauthorized",
    created: Math.floor(Date.now() / 1000) + 1,
    livemode: false,
    api_version: null,
    account: world.accountId,
    data: { object: { id: "ca_1", object: "application" } },
  };
  await deliver(world, event);
  await deliver(world, event);
  expect(await told(1)).toEqual([
    { status: "error", detail: expect.stringContaining("taken the access back") },
  ]);
});
