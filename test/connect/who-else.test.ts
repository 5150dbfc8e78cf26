// Who else is connected to an account is found along an index, however many connections an installation has, and the
// index is made where several have one account already.

import { createExecutionContext, waitOnExecutionContext } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { expect, test } from "vitest";
import worker from "../../src/index.ts";
import { ORIGIN } from "../harness/api.ts";
import { record } from "../harness/recorded-database.ts";
import { createTenantWorld, createWorld } from "../harness/world.ts";
import { begin, connectionsOf, consent } from "./connect-fixture.ts";

test("a consent looks along an index for other environments with the account", async () => {
  const world = await createTenantWorld();
  const path = await consent(await begin(world), { account: world.accountId });
  const { asked } = await record(world.scope, async (bindings) => {
    const context = createExecutionContext();
    const request = new Request(`${ORIGIN}${path}`);
    expect((await worker.fetch(request, { ...env, ...bindings }, context)).status).toBe(303);
    await waitOnExecutionContext(context);
  });
  const elsewhere = asked.filter(({ text }) => /from "connections" .*"environment_id" <> \?/.test(text));
  expect(elsewhere.map(({ plan }) => plan)).toEqual([
    ["SEARCH connections USING INDEX connections_by_account (account_id=? AND livemode=?)"],
  ]);
});

test("the index is made over connections that share an account, and none of them changes", async () => {
  const [one, other] = [await createWorld(), await createWorld()];
  const rows = () => env.DB.prepare("SELECT * FROM connections ORDER BY environment_id").all();
  await env.DB.batch([
    env.DB.prepare("DROP INDEX connections_by_account"),
    env.DB.prepare("UPDATE connections SET account_id = 'acct_shared'"),
    env.DB.prepare("UPDATE connections SET disconnected_at_ms = 1 WHERE environment_id = ?").bind(
      other.scope.environmentId,
    ),
  ]);
  const before = (await rows()).results;
  const migration = env.TEST_MIGRATIONS.find(({ name }) => name === "0012_connections_by_account.sql");
  for (const query of migration?.queries ?? []) await env.DB.prepare(query).run();
  expect((await rows()).results).toEqual(before);
  expect((await connectionsOf(one)).map(({ account }) => account.id)).toEqual([one.accountId]);
  const made = "SELECT name FROM sqlite_schema WHERE name = 'connections_by_account'";
  expect((await env.DB.prepare(made).all()).results).toHaveLength(1);
});
