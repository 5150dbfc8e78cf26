// A POST with an Idempotency-Key that breaks off on its way, at whichever call of the directory or of the ledger:
// the same call again ends it, and what it makes is there once.

import { expect, test } from "vitest";
import type { Json } from "../harness/api.ts";
import { callWith } from "../harness/call-with.ts";
import { guardedDatabase } from "../harness/guarded-database.ts";
import { guardedLedgers } from "../harness/guarded-ledgers.ts";
import { ledgerSql } from "../harness/ledger-sql.ts";
import { createTenantWorld } from "../harness/world.ts";
import { createReceiver } from "../notifications/receiver.ts";

const CALLS: [string, (nth: number) => Json][] = [
  ["/api/v1/event_destinations", () => ({ url: createReceiver().url })],
  ["/api/v1/api_keys", (nth) => ({ name: `CI ${nth}`, role: "read" })],
  ["/api/v1/customers", (nth) => ({ name: `Ada ${nth}` })],
  [
    "/api/v1/invoices",
    (nth) => ({
      customer_id: "cus_own",
      currency: "EUR",
      number: `2026-${nth}`,
      lines: [{ description: "Pro", quantity: 1, unit_amount: 900 }],
    }),
  ],
];

for (const when of ["before it arrived", "after it was done"] as const) {
  test.each(CALLS)(
    `POST %s that lost a connection ${when} ends when it is made again`,
    async (path, bodyOf) => {
      const world = await createTenantWorld();
      await world.api("POST", "/customers", { id: "cus_own", name: "Ada" });
      const list = async (): Promise<Json[]> => (await world.api("GET", `${path}?limit=100`)).body.data;
      let nth = 0;
      for (let broken = true; broken; ) {
        nth += 1;
        const before = (await list()).map(({ id }) => id);
        const headers = { "idempotency-key": `once ${nth}` };
        const body = bodyOf(nth);
        const { bindings, hasBroken } = breakingOff(nth, when);
        const first = await callWith(bindings, "POST", path, { key: world.keys.admin, headers, body });
        broken = hasBroken();
        expect(broken ? [201, 503] : [201]).toContain(first.status);
        await abandon(world.scope, `once ${nth}`);
        const again = await world.api("POST", path, body, headers);
        expect([again.status, again.body.id]).toEqual([201, expect.any(String)]);
        const made = (await list()).filter(({ id }) => !before.includes(id));
        expect(made.map(({ id }) => id)).toEqual([again.body.id]);
        expect(await creations(world, again.body.id)).toBe(1);
        if (path.endsWith("event_destinations")) await world.api("DELETE", `${path}/${again.body.id}`);
      }
      expect(nth).toBeGreaterThan(4);
    },
  );
}

/** Bindings whose n-th passage loses its connection. */
function breakingOff(nth: number, when: "before it arrived" | "after it was done") {
  let passages = 0;
  const guard = async <T>(run: () => Promise<T>): Promise<T> => {
    passages += 1;
    if (passages !== nth) return run();
    if (when === "after it was done") await run();
    throw new Error("Network connection lost.");
  };
  const bindings = { DB: guardedDatabase(guard), LEDGER: guardedLedgers(guard) };
  return { bindings, hasBroken: () => passages >= nth };
}

/** More than a minute goes by: a call that could not even give its key back is taken for dead. */
async function abandon(scope: Parameters<typeof ledgerSql>[0], key: string): Promise<void> {
  await ledgerSql(scope)
    .prepare(
      "UPDATE idempotency_keys SET created_at_ms = created_at_ms - 61000 WHERE key = ? AND response_status IS NULL",
    )
    .bind(key)
    .run();
}

async function creations(world: Awaited<ReturnType<typeof createTenantWorld>>, id: string): Promise<number> {
  const entries: Json[] = (await world.api("GET", "/audit_log?limit=100")).body.data;
  return entries.filter(({ action, target }) => target?.id === id && action.endsWith(".created")).length;
}
