import { expect, test } from "vitest";
import { disconnect } from "../../src/connect/disconnect.ts";
import { createConnection } from "../../src/connections/create-connection.ts";
import { findLiveConnection } from "../../src/connections/store.ts";
import { tellLedgers } from "../../src/connections/tell-ledger.ts";
import { updateConnection } from "../../src/connections/update-connection.ts";
import type { Deps, Scope } from "../../src/platform/deps.ts";
import { ledgerSql } from "../harness/ledger-sql.ts";
import { createTenantWorld, createWorld, type TestWorld, testDeps } from "../harness/world.ts";
import { createDestination, createReceiver } from "../notifications/receiver.ts";
import { rowsOf } from "../webhooks/deliver.ts";
import { depsWithLoss } from "./failing-commits.ts";

type World = Pick<TestWorld, "api" | "scope" | "secretKey" | "connectionId">;
type Copy = { id: string; is_active: number; account_id: string } | null;
type Case = {
  from: () => Promise<World>;
  act: (deps: Deps, world: World) => Promise<unknown>;
  isDone: (live: Copy) => boolean;
  /** What is told once when it is done. */
  tells?: "connection.updated" | "connection.disconnected";
};

const syncConfig = {
  customer: { inbound: true, outbound: false },
  invoice: { outbound: true },
  subscription: { inbound: true },
};
const SEAMS = [
  { seam: "directory", when: "before" },
  { seam: "directory", when: "after" },
  { seam: "ledger", when: "before" },
  { seam: "ledger", when: "after" },
] as const;

const CASES: Record<string, Case> = {
  made: {
    from: async () => ({ ...(await createTenantWorld()), connectionId: "" }),
    act: (deps, { scope, secretKey }) =>
      createConnection(deps, scope, false, { name: "Stripe", secretKey, webhookSetup: "manual", syncConfig }),
    isDone: (live) => live !== null,
  },
  "switched off": {
    from: () => listening(),
    act: (deps, world) => setActive(deps, world, false),
    isDone: (live) => live?.is_active === 0,
    tells: "connection.updated",
  },
  "switched on": {
    from: async () => {
      const world = await createWorld();
      await setActive(testDeps(), world, false);
      return listening(world);
    },
    act: (deps, world) => setActive(deps, world, true),
    isDone: (live) => live?.is_active === 1,
    tells: "connection.updated",
  },
  disconnected: {
    from: () => listening(),
    act: (deps, world) => disconnect(deps, world.scope, world.connectionId),
    isDone: (live) => live === null,
    tells: "connection.disconnected",
  },
};

test.each(Object.entries(CASES).flatMap(([name, one]) => SEAMS.map((at) => ({ name, ...at, one }))))(
  "while a connection is $name, any commit to the $seam may be lost $when it is made: the ledger's copy comes to be the directory's",
  async ({ seam, when, one: { from, act, isDone, tells } }) => {
    for (let nth = 1; ; nth += 1) {
      const world = await from();
      const { deps, happened } = depsWithLoss({ seam, when, nth });
      await act(deps, world).catch(() => undefined);
      if (!happened()) {
        expect(nth).toBeGreaterThan(1);
        return;
      }
      await tellLedgers(testDeps());
      const live = await liveIn(world.scope);
      expect([nth, await copyIn(world.scope)]).toEqual([nth, live]);

      if (!isDone(live)) await act(testDeps(), world);
      expect([nth, await copyIn(world.scope)]).toEqual([nth, await liveIn(world.scope)]);
      expect(isDone(await liveIn(world.scope))).toBe(true);
      if (tells) expect(await rowsOf(world, "messages", `type = '${tells}'`)).toHaveLength(1);
    }
  },
);

const setActive = (deps: Deps, { scope, connectionId }: World, isActive: boolean) =>
  updateConnection(deps, scope, connectionId, { isActive });

/** With a destination that hears of connections. */
async function listening(world?: TestWorld): Promise<World> {
  const made = world ?? (await createWorld());
  await createDestination(made, createReceiver(), {
    event_types: ["connection.updated", "connection.disconnected"],
  });
  return made;
}

async function copyIn(scope: Scope): Promise<Copy> {
  return ledgerSql(scope)
    .prepare("SELECT id, is_active, account_id FROM connection WHERE is_connected = 1")
    .first<Copy>();
}

async function liveIn(scope: Scope): Promise<Copy> {
  const live = (await findLiveConnection(testDeps(), scope))?.row;
  return live ? { id: live.id, is_active: live.isActive ? 1 : 0, account_id: live.accountId } : null;
}
