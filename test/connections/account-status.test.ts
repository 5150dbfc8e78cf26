import { expect, test } from "vitest";
import { refreshDueAccounts } from "../../src/connections/refresh-due-accounts.ts";
import { findLiveConnection } from "../../src/connections/store.ts";
import { sandbox } from "../harness/sandbox.ts";
import { deliverEvent } from "../harness/stripe-delivery.ts";
import { createWorld, eventually, type TestWorld, testDeps } from "../harness/world.ts";
import { failNext } from "./stripe-side.ts";

const HOUR_MS = 60 * 60 * 1000;
const DAY_MS = 24 * HOUR_MS;

const read = async (world: TestWorld) => (await world.api("GET", `/connections/${world.connectionId}`)).body;

const changeAtStripe = (world: TestWorld, patch: object) =>
  sandbox.fetch(
    new Request(`http://stripe.sandbox/_sandbox/accounts/${world.accountId}`, {
      method: "POST",
      body: JSON.stringify(patch),
    }),
  );

/** A signed `account.updated`, made so many seconds from now. */
async function accountUpdated(world: TestWorld, account: object, seconds: number, more: object = {}) {
  const event = {
    id: `evt_${crypto.randomUUID().replaceAll("-", "")}`,
    object: "event",
    type: "account.updated",
    created: Math.floor(Date.now() / 1000) + seconds,
    livemode: false,
    api_version: "2026-10-28.endive",
    data: { object: { ...sandbox.world.accounts[world.accountId]?.account, ...account } },
    ...more,
  };
  expect((await deliverEvent(world, event)).status).toBe(200);
  const path = `/webhook_events/${event.id.replace("evt_", "whe_")}`;
  return eventually(
    () => world.api("GET", path),
    ({ status }) => status === 200,
  );
}

const runAt = (nowMs: number) => refreshDueAccounts(testDeps({ now: () => nowMs }));

test("what an account may do and what Stripe requires is kept when the connection is made", async () => {
  const { account } = await read(await createWorld());
  expect(account).toMatchObject({
    charges_enabled: true,
    payouts_enabled: true,
    details_submitted: true,
    requirements: [],
    default_currency: "USD",
    country: "US",
    onboarding_url: null,
  });
});

test("account.updated changes it; an older one that comes late does not change it back", async () => {
  const world = await createWorld();
  const restricted = { payouts_enabled: false, requirements: { currently_due: ["external_account"] } };
  const newer = await accountUpdated(world, restricted, 60);
  expect(newer.body).toMatchObject({
    status: "processed",
    changes: [{ object: "connection", id: world.connectionId }],
  });
  const changed = {
    payouts_enabled: false,
    requirements: ["external_account"],
    onboarding_url: expect.stringContaining("https://dashboard.stripe.com/test/account/onboarding"),
  };
  expect((await read(world)).account).toMatchObject(changed);
  await accountUpdated(world, { payouts_enabled: true }, 30);
  expect((await read(world)).account).toMatchObject(changed);
});

test("an account.updated of another account changes nothing", async () => {
  const world = await createWorld();
  const before = await read(world);
  const inObject = await accountUpdated(world, { id: "acct_other", charges_enabled: false }, 60);
  expect(inObject.body).toMatchObject({ status: "ignored", reason: "other_account" });
  const onEvent = await accountUpdated(world, { charges_enabled: false }, 60, { account: "acct_other" });
  expect(onEvent.body).toMatchObject({ status: "ignored", reason: "other_account" });
  expect((await read(world)).account).toEqual(before.account);
});

test("of two changes that an event cannot order, cron asks Stripe for the one that stands", async () => {
  const world = await createWorld();
  // Made in the second in which the account was read: which came first is not to be known.
  const readAtMs = (await findLiveConnection(testDeps(), world.scope))?.row.accountAsOfMs ?? 0;
  await accountUpdated(world, { charges_enabled: false }, 0, { created: Math.floor(readAtMs / 1000) });
  await changeAtStripe(world, { payouts_enabled: false });
  await runAt(Date.now() + 1000);
  expect((await read(world)).account).toMatchObject({ charges_enabled: true, payouts_enabled: false });
});

test("once a day, spread over two hours, cron refreshes it; a key refused is kept as error, and heals", async () => {
  const world = await createWorld();
  const made = Date.now();
  await changeAtStripe(world, { charges_enabled: false });
  await runAt(made + 23 * HOUR_MS);
  expect((await read(world)).account.charges_enabled).toBe(true);
  while ((await runAt(made + DAY_MS + 2 * HOUR_MS + 60_000)) > 0);
  expect((await read(world)).account.charges_enabled).toBe(false);

  sandbox.world.revokedKeys.push(world.secretKey);
  while ((await runAt(made + 3 * DAY_MS)) > 0);
  expect(await read(world)).toMatchObject({
    status: "error",
    status_detail: expect.stringContaining("refuses"),
  });
  sandbox.world.revokedKeys.length = 0;
  while ((await runAt(made + 5 * DAY_MS)) > 0);
  expect(await read(world)).toMatchObject({ status: "active", status_detail: null });
});

test("a refresh that Stripe does not answer changes nothing and is tried again within the hour", async () => {
  const world = await createWorld();
  while ((await runAt(Date.now() + 2 * DAY_MS)) > 0);
  const before = await read(world);
  await changeAtStripe(world, { payouts_enabled: false });
  const due = Date.now() + 4 * DAY_MS;
  failNext({ kind: "server_error", path: "/v1/account", times: 100 });
  while ((await runAt(due)) > 0);
  sandbox.world.faults.length = 0;
  expect(await read(world)).toMatchObject({ status: before.status, account: before.account });
  while ((await runAt(due + HOUR_MS)) > 0);
  expect((await read(world)).account.payouts_enabled).toBe(false);
});

test("an account whose owner takes the access back makes the connection error with the reason", async () => {
  const world = await createWorld();
  const done = await accountUpdated(world, {}, 0, {
    type: "account.application.deauthorized",
    account: world.accountId,
    data: { object: { id: "ca_1", object: "application", name: "Quittance" } },
  });
  expect(done.body.status).toBe("processed");
  expect(await read(world)).toMatchObject({
    status: "error",
    status_detail: expect.stringContaining("taken the access back"),
  });
});
