// Root sees how all environments stand, those with most to see to first, and no ledger is asked.

import { env } from "cloudflare:workers";
import { expect, test } from "vitest";
import type { Scope } from "../../src/platform/scope.ts";
import { type Json, root } from "../harness/api.ts";
import { callWith } from "../harness/call-with.ts";
import { changeLocale, firstPulse } from "../harness/pulse.ts";
import { createTenantWorld, createWorld } from "../harness/world.ts";

const noLedger = {
  getByName: () => {
    throw new Error("A ledger was asked.");
  },
} as unknown as typeof env.LEDGER;

async function list(query = ""): Promise<Json> {
  const path = `/api/v1/environments${query}`;
  const answer = await callWith({ LEDGER: noLedger }, "GET", path, { key: env.ROOT_TOKEN });
  expect(answer.status).toBe(200);
  return answer.body;
}

const ids = (body: Json): string[] => body.data.map(({ id }: Json) => id);

/** Of a ledger that has told of itself, and will not again while the test runs. */
async function tell({ tenantId, environmentId }: Scope, set: string): Promise<void> {
  await env.DB.prepare(
    `INSERT INTO pulses (environment_id, tenant_id, dead_events, dead_work, waiting_work, failed_deliveries,
       failing_destinations, bytes, at_ms) VALUES (?1, ?2, 0, 0, 0, 0, 0, 1, ?3)
     ON CONFLICT (environment_id) DO UPDATE SET at_ms = excluded.at_ms`,
  )
    .bind(environmentId, tenantId, Date.now() + 3_600_000)
    .run();
  await env.DB.prepare(`UPDATE pulses SET ${set} WHERE environment_id = ?`).bind(environmentId).run();
}

test("environments come worst first, page by page, each once, and as told", async () => {
  const refused = (await createWorld()).scope;
  const many = (await createTenantWorld()).scope;
  const one = (await createTenantWorld()).scope;
  const full = (await createTenantWorld()).scope;
  const older = (await createTenantWorld()).scope;
  const newer = (await createTenantWorld()).scope;
  await env.DB.prepare("UPDATE connections SET error_detail = 'Stripe refused it.' WHERE environment_id = ?")
    .bind(refused.environmentId)
    .run();
  await tell(
    many,
    "dead_events = 4, failing_destinations = 1, events_day = 12, payments_day = 3, last_webhook_at_ms = 1",
  );
  await tell(one, "dead_work = 2");
  await tell(full, "bytes = 7100000000");
  await env.DB.prepare("UPDATE environments SET created_at_ms = created_at_ms - 5000 WHERE id = ?")
    .bind(older.environmentId)
    .run();
  const worstFirst = [refused, many, one, full, newer, older].map(({ environmentId }) => environmentId);
  const whole = await list("?limit=100");
  expect(ids(whole).filter((id) => worstFirst.includes(id))).toEqual(worstFirst);
  expect(whole.data[0]).toMatchObject({
    object: "environment_standing",
    connection: { status: "error", status_detail: "Stripe refused it.", refused_24h: 0 },
  });
  expect(whole.data[1]).toMatchObject({
    connection: null,
    told: {
      ...{ dead_events: 4, failing_destinations: 1, events_24h: 12, payments_24h: 3 },
      last_webhook_at: "1970-01-01T00:00:00.001Z",
    },
  });

  const walked: string[] = [];
  let next: string | null = "";
  while (next !== null) {
    const page: Json = await list(`?limit=2${next === "" ? "" : `&cursor=${next}`}`);
    walked.push(...ids(page));
    next = page.next_cursor;
  }
  expect(walked).toEqual(ids(whole));
});

test("they are found by a part of a name, whatever its case, and by a whole id", async () => {
  const tenant = (await root("POST", "/tenants", { name: "Ünïque & Söns 100%" })).body;
  const path = `/tenants/${tenant.id}/environments`;
  const made = (await root("POST", path, { name: "Production EU", livemode: true })).body;
  for (const q of ["Ünïque", "QUE & s", "100%", "pRODUCTION eu", tenant.id, made.id])
    expect([q, ids(await list(`?q=${encodeURIComponent(q)}`))]).toEqual([q, [made.id]]);
  for (const q of ["production_eu", made.id.slice(0, 20), "%%", "' OR 1"])
    expect(ids(await list(`?q=${encodeURIComponent(q)}`))).not.toContain(made.id);
  expect(ids(await list(`?tenant_id=${tenant.id}`))).toEqual([made.id]);
  const tenants = await root("GET", `/tenants?q=${encodeURIComponent("öNS 100")}`);
  expect(tenants.body.data).toMatchObject([{ id: tenant.id }]);
});

test("a ledger tells when Stripe last called and what came in a day; one that told nothing for a day had nothing", async () => {
  const world = await createTenantWorld();
  await changeLocale(world.scope, "de");
  await firstPulse(world.scope);
  const one = async () => (await list(`?q=${world.scope.environmentId}`)).data[0].told;
  expect(await one()).toMatchObject({ events_24h: 0, payments_24h: 0, last_webhook_at: null });
  await tell(world.scope, `events_day = 5, payments_day = 2, at_ms = ${Date.now() - 25 * 3_600_000}`);
  expect(await one()).toMatchObject({ events_24h: 0, payments_24h: 0 });
});

test("those in trouble are found by an index, however many environments there are", async () => {
  const plan = await env.DB.prepare(
    `EXPLAIN QUERY PLAN SELECT environment_id FROM pulses
     WHERE dead_events + dead_work + failed_deliveries + failing_destinations + (bytes > 7000000000) > 0`,
  ).all<{ detail: string }>();
  expect(plan.results.map(({ detail }) => detail).join()).toContain("pulses_in_trouble");
});
