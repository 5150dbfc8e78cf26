import { createExecutionContext, waitOnExecutionContext } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { beforeAll, expect, test } from "vitest";
import { STRIPE_EVENT_TYPE_NAMES } from "../../src/connections/stripe-event-types.ts";
import { readRootAuditLog } from "../../src/directory/audit-log-store.ts";
import worker from "../../src/index.ts";
import { ledger } from "../../src/ledger/client.ts";
import type { Deps } from "../../src/platform/deps.ts";
import { consumeEvent } from "../../src/webhooks/consume-events.ts";
import { makeObjects } from "../access-objects.ts";
import { type Ids, ROUTES } from "../access-table.ts";
import { ORIGIN } from "../harness/api.ts";
import { type Asked, record } from "../harness/recorded-database.ts";
import { messageFor } from "../harness/stripe-delivery.ts";
import { createWorld, type TestWorld, testDeps } from "../harness/world.ts";
import { quietDeps } from "../webhooks/deliver.ts";
import { FIXTURES } from "../webhooks/payloads/fixtures.ts";

let world: TestWorld;
let ids: Ids;
beforeAll(async () => {
  world = await createWorld();
  ids = await makeObjects(world);
});

test.each(STRIPE_EVENT_TYPE_NAMES)("%s reads through no table of an environment", async (type) => {
  const { account: _, ...shape } = FIXTURES[type].newest;
  const { tenantId, environmentId } = world.scope;
  const ours = { quittance_tenant_id: tenantId, quittance_environment_id: environmentId };
  for (const metadata of [{}, ours, { ...ours, invoice_id: ids.invoice, customer_id: ids.customer }]) {
    const id = `evt_${type}_${Object.keys(metadata).length}`;
    const event = { ...shape, id, data: { object: { ...(shape.data.object as object), metadata } } };
    const { asked, passages } = await record(world.scope, (bindings) =>
      consumeEvent(testDeps({ log: quietDeps.log }, bindings), messageFor(world, event as never)),
    );
    expect(asked.length).toBeGreaterThan(3);
    expect(wideSteps(asked)).toEqual([]);
    // The free plan allows 50 an invocation (wrangler.toml).
    expect(passages).toBeLessThanOrEqual(28);
  }
});

// What root reads is of all environments, and paged.
const reading = Object.entries(ROUTES).flatMap(([route, { access }]) =>
  route.startsWith("GET /api/v1/") && access !== "root" ? route : [],
);
const FILTERS: Record<string, string[]> = {
  "/api/v1/invoices": ["customer_id", "status=open"],
  "/api/v1/payments": ["invoice_id", "customer_id", "status=failed"],
  "/api/v1/refunds": ["payment_id", "invoice_id"],
  "/api/v1/disputes": ["payment_id", "invoice_id"],
  "/api/v1/webhook_events": ["invoice_id", "status=dead"],
  "/api/v1/subscriptions": ["customer_id", "status=active"],
};

// Filters without an index of their own: so many rows are read, newest first, and no more.
const SEARCHED = ["/api/v1/payments?status", "/api/v1/subscriptions?status"];

test.each(reading)("%s reads through no table of an environment", async (route) => {
  const { of } = ROUTES[route] ?? {};
  const path = route.slice(4).replace(":id", of ? encodeURIComponent(ids[of]) : "");
  const filters = (FILTERS[path] ?? []).map((filter) => {
    const name = filter.replace("_id", "") as keyof Ids;
    return filter.includes("=") ? `?${filter}` : `?${filter}=${encodeURIComponent(ids[name])}`;
  });
  for (const query of ["", ...filters]) {
    const asked = await call("GET", path + query);
    expect(wideSteps(asked)).toEqual([]);
    if (query !== "" && !SEARCHED.includes(path + query.replace(/=.*/, "")))
      expect(stepsThrough(asked, /_by_time/)).toEqual([]);
  }
});

test("what root did is read along an index of its own", async () => {
  const { asked } = await record(world.scope, (bindings) =>
    readRootAuditLog(testDeps({}, bindings), { filter: {}, page: { limit: 1, after: null } }),
  );
  expect(asked.map(({ plan }) => plan)).toEqual([["SCAN audit_log USING INDEX audit_log_of_root"]]);
});

test.each([
  ["what is overdue", (deps: Deps) => ledger(deps, world.scope).readOverdue({})],
  [
    "what lacks a link",
    (deps: Deps) => ledger(deps, world.scope).makeMissingLinks({ after: null, limit: 1 }),
  ],
])("%s is looked for among the open invoices alone", async (_, ask) => {
  const { asked } = await record(world.scope, (bindings) => ask(testDeps({}, bindings)));
  const steps = asked.flatMap(({ plan }) => plan).filter((step) => /\binvoices\b/.test(step));
  expect(steps).toContainEqual(
    expect.stringMatching(/^SEARCH invoices USING (COVERING )?INDEX invoices_by_status/),
  );
  expect(stepsThrough(asked, /_by_time/)).toEqual([]);
});

test.each([
  ["POST", "/invoices/:invoice/payments", { amount: 1, method: "bank_transfer", reference: "1" }],
  ["POST", "/payments/:payment/refunds", { amount: 1 }],
  ["PATCH", "/customers/:customer", { name: "Augusta King" }],
  ["DELETE", "/customers/:customer", undefined],
])("%s %s reads through no table of an environment", async (method, route, body) => {
  const path = route.replace(/:(\w+)/, (_, name: keyof Ids) => ids[name]);
  expect(wideSteps(await call(method, `/api/v1${path}`, body))).toEqual([]);
});

async function call(method: string, path: string, body?: unknown): Promise<Asked[]> {
  const headers = { authorization: `Bearer ${world.keys.admin}`, "content-type": "application/json" };
  const request = new Request(`${ORIGIN}${path}`, {
    method,
    headers,
    body: body === undefined ? null : JSON.stringify(body),
  });
  const { asked } = await record(world.scope, async (bindings) => {
    const context = createExecutionContext();
    const response = await worker.fetch(request, { ...env, ...bindings }, context);
    await response.text();
    await waitOnExecutionContext(context);
    // A refusal that the state calls for is decided by the same queries.
    expect([200, 201, 409, 422]).toContain(response.status);
  });
  return asked;
}

// A handful of rows an environment, whatever it does, or one for each currency; what is outstanding or held, or the one
// row that a ledger has; and what a query has made itself.
const SMALL =
  /^(SCAN|SEARCH) (destination|event_destinations|connections?|currency_counts|environment|webhook_event_marks|secrets|api_keys|tenants|outbox|announcements|json_each|CONSTANT|mails USING INDEX mails_held)\b/;

// A list is read along an index, or a table that is in order of time itself, newest first, and stops when its page is
// full.
const PAGED = /^SCAN (webhook_events|\w+ USING (COVERING )?INDEX \w+_by_time)$/;

function wideSteps(asked: readonly Asked[]): string[] {
  return stepsThrough(asked);
}

function isSorted(step: string): boolean {
  return step.startsWith("USE TEMP B-TREE FOR ORDER BY");
}

/** The steps that read through a table, or those of a kind. */
function stepsThrough(asked: readonly Asked[], kind?: RegExp): string[] {
  const wide: string[] = [];
  for (const one of asked) {
    const own = [...one.text.matchAll(/(?:WITH|,)\s+(\w+) AS(?: MATERIALIZED)? \(/g)].map(([, name]) => name);
    for (const step of one.plan) {
      if (kind && !kind.test(step)) continue;
      const through = kind?.exec(step) ?? /^SCAN (\w+)/.exec(step);
      if (!through || SMALL.test(step) || own.includes(through[1])) continue;
      if (!kind && PAGED.test(step) && /\bLIMIT\b/i.test(one.text) && !one.plan.some(isSorted)) continue;
      wide.push(`${step}: ${one.text.replaceAll(/\s+/g, " ").slice(0, 300)}`);
    }
  }
  return wide;
}
