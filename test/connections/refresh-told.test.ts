import { env } from "cloudflare:workers";
import { beforeEach, expect, test } from "vitest";
import { refreshDueAccounts } from "../../src/connections/refresh-due-accounts.ts";
import type { Deps } from "../../src/platform/deps.ts";
import type { Json } from "../harness/api.ts";
import { ledgerSql } from "../harness/ledger-sql.ts";
import { sandbox } from "../harness/sandbox.ts";
import { createWorld, type TestWorld, testDeps } from "../harness/world.ts";
import { createDestination, createReceiver } from "../notifications/receiver.ts";
import { failNext } from "./stripe-side.ts";

const DAY_MS = 24 * 60 * 60 * 1000;

// A file's tests share one directory: only the connection of the test at hand is asked for.
beforeEach(async () => {
  await env.DB.prepare("UPDATE connections SET account_refresh_due_at_ms = 9e15").run();
});

test("a refresh that finds the account changed is told, once; one that finds nothing new is not", async () => {
  const world = await listening();
  await refreshed(world, 2);
  expect(await told(world)).toHaveLength(0);
  await atStripe(world, { charges_enabled: false });
  await refreshed(world, 4);
  expect(await told(world)).toHaveLength(1);
  await refreshed(world, 6);
  expect(await told(world)).toHaveLength(1);
});

test("a refresh that finds the key refused is told, once, and that it is taken again too", async () => {
  const world = await listening();
  sandbox.world.revokedKeys.push(world.secretKey);
  await refreshed(world, 2);
  await refreshed(world, 4);
  expect((await read(world)).status).toBe("error");
  expect(await told(world)).toHaveLength(1);
  sandbox.world.revokedKeys.length = 0;
  await refreshed(world, 6);
  await refreshed(world, 8);
  expect((await read(world)).status).toBe("active");
  expect(await told(world)).toHaveLength(2);
});

test("a refresh that Stripe does not answer is not told", async () => {
  const world = await listening();
  failNext({ kind: "server_error", path: "/v1/account", times: 100 });
  await refreshed(world, 2);
  sandbox.world.faults.length = 0;
  expect(await told(world)).toHaveLength(0);
});

test("a key that was replaced while Stripe refused the old one is not taken for refused", async () => {
  const world = await listening();
  const fresh = `${world.secretKey}2`;
  sandbox.world.revokedKeys.push(world.secretKey);
  const deps = testDeps();
  const replaced: Deps = {
    ...deps,
    now: () => Date.now() + 2 * DAY_MS,
    stripe: (key) => {
      const stripe = deps.stripe(key);
      const retrieve = stripe.accounts.retrieveCurrent.bind(stripe.accounts);
      stripe.accounts.retrieveCurrent = (async () => {
        const answer = await retrieve().then(
          (account) => ({ account }),
          (error: unknown) => ({ error }),
        );
        await env.DB.prepare(
          "UPDATE connections SET secret_key_hint = ?, revision = revision + 1 WHERE id = ?",
        )
          .bind(fresh, world.connectionId)
          .run();
        if ("error" in answer) throw answer.error;
        return answer.account;
      }) as unknown as typeof stripe.accounts.retrieveCurrent;
      return stripe;
    },
  };
  await makeDue(world);
  await refreshDueAccounts(replaced);
  sandbox.world.revokedKeys.length = 0;
  expect(await read(world)).toMatchObject({ status: "active", status_detail: null });
  expect(await told(world)).toHaveLength(0);
  // It is still due, and the next run asks with the new key.
  const row = await env.DB.prepare("SELECT account_refresh_due_at_ms AS due FROM connections WHERE id = ?")
    .bind(world.connectionId)
    .first<{ due: number }>();
  expect(row?.due).toBeLessThan(Date.now());
});

test("testing a connection is told where it finds something new, and only then", async () => {
  const world = await listening();
  const tested = () => world.api("POST", `/connections/${world.connectionId}/test`);
  expect((await tested()).status).toBe(200);
  await tested();
  expect(await told(world)).toHaveLength(0);
  await atStripe(world, { charges_enabled: false });
  await tested();
  await tested();
  expect(await told(world)).toHaveLength(1);
  expect((await read(world)).account.charges_enabled).toBe(false);
  sandbox.world.revokedKeys.push(world.secretKey);
  await tested();
  await tested();
  sandbox.world.revokedKeys.length = 0;
  expect(await told(world)).toHaveLength(2);
  await tested();
  await tested();
  expect(await told(world)).toHaveLength(3);
});

/** A world with a destination that hears of connections; its messages stay where they are written. */
async function listening(): Promise<TestWorld> {
  const world = await createWorld();
  await createDestination(world, createReceiver(), { event_types: ["connection.updated"] });
  return world;
}

async function refreshed(world: TestWorld, days: number): Promise<void> {
  await makeDue(world);
  expect(await refreshDueAccounts(testDeps({ now: () => Date.now() + days * DAY_MS }))).toBe(1);
}

async function makeDue(world: TestWorld): Promise<void> {
  await env.DB.prepare("UPDATE connections SET account_refresh_due_at_ms = 1 WHERE id = ?")
    .bind(world.connectionId)
    .run();
}

async function told(world: TestWorld): Promise<string[]> {
  const query = ledgerSql(world.scope).prepare("SELECT type || '/' || key AS id FROM messages");
  const { results } = await query.all<{ id: string }>();
  return results.map(({ id }) => id);
}

async function read(world: TestWorld): Promise<Json> {
  return (await world.api("GET", `/connections/${world.connectionId}`)).body;
}

async function atStripe(world: TestWorld, patch: object): Promise<void> {
  const path = `http://stripe.sandbox/_sandbox/accounts/${world.accountId}`;
  await sandbox.fetch(new Request(path, { method: "POST", body: JSON.stringify(patch) }));
}
