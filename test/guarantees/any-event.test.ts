// Whatever a signed event holds in any of its fields, it is processed or set aside with a reason: it neither fails
// for ever nor leaves a row that a list cannot show.

import fc from "fast-check";
import { beforeAll, expect, test } from "vitest";
import { STRIPE_EVENT_TYPE_NAMES } from "../../src/connections/stripe-event-types.ts";
import { open, signIn } from "../dashboard/browse.ts";
import { ledgerSql } from "../harness/ledger-sql.ts";
import { createWorld, type TestWorld } from "../harness/world.ts";
import { deliver, outcomeOf, putInvoice } from "../webhooks/deliver.ts";
import { FIXTURES } from "../webhooks/payloads/fixtures.ts";

let world: TestWorld;
let count = 0;

beforeAll(async () => {
  world = await createWorld();
});

const EXTREMES = [
  ...[
    null,
    true,
    0,
    -1,
    0.5,
    99_999_999,
    999_999_999_999,
    1e12,
    2 ** 53 - 1,
    1e300,
    253_402_300_799,
    253_402_300_800,
  ],
  ...[
    "",
    " ",
    "x",
    "😀",
    "\ud83d",
    "a\0b",
    "__proto__",
    "constructor",
    "toString",
    "e".repeat(300),
    "9".repeat(70_000),
  ],
  ...[[], {}, [null], [[]], { id: "x" }, { data: [null] }],
];

type Path = (string | number)[];

/** Where every value of a JSON value is. */
function pathsOf(value: unknown, path: Path = []): Path[] {
  if (typeof value !== "object" || value === null) return [path];
  const isList = Array.isArray(value);
  return Object.entries(value).flatMap(([name, child]) =>
    pathsOf(child, [...path, isList ? Number(name) : name]),
  );
}

function replaced(value: unknown, [first, ...rest]: Path, extreme: unknown): unknown {
  if (first === undefined) return extreme;
  const copy = Array.isArray(value) ? [...value] : { ...Object(value) };
  copy[first] = replaced(copy[first], rest, extreme);
  return copy;
}

test("an event with any of its fields replaced ends processed or ignored", async () => {
  const anyChange = fc.record({ at: fc.nat(), extreme: fc.constantFrom(...EXTREMES), isOld: fc.boolean() });
  await fc.assert(
    fc.asyncProperty(fc.constantFrom(...STRIPE_EVENT_TYPE_NAMES), anyChange, async (type, change) => {
      count += 1;
      const invoice_id = `inv_${count}`;
      await putInvoice(world, invoice_id, { dueMinor: 12_900, currency: "EUR" });
      const { oldest, newest } = FIXTURES[type];
      const { account: _, ...event } = structuredClone(change.isOld ? oldest : newest);
      const metadata = {
        ...{ invoice_id, customer_id: "cus_1" },
        quittance_tenant_id: world.scope.tenantId,
        quittance_environment_id: world.scope.environmentId,
      };
      const object = withIds({ ...(event.data.object as object), metadata }, count);
      const paths = pathsOf(object);
      const path = paths[change.at % paths.length] ?? [];
      const id = `evt_${count}`;
      await deliver(world, { ...event, id, data: { object: replaced(object, path, change.extreme) } });
      const row = await outcomeOf(world, id);
      const about = `${type} ${path.join(".")} ${row?.error}`;
      expect(["processed", "ignored"], about).toContain(row?.status);
    }),
    { numRuns: 150, endOnFailure: true },
  );
  await readAll();
});

async function readAll(): Promise<void> {
  const cookie = await signIn(world.keys.admin);
  const api = ["customers", "invoices", "payments", "refunds", "disputes", "subscriptions", "webhook_events"];
  for (const name of [
    ...api,
    "stats",
    "exports/payments.csv",
    "exports/invoices.csv",
    "exports/webhook_events.csv",
  ]) {
    const answer = await world.api("GET", `/${name}${api.includes(name) ? "?limit=100" : ""}`);
    expect([name, answer.status]).toEqual([name, 200]);
  }
  for (const name of ["", "/invoices", "/payments", "/customers", "/subscriptions", "/webhook-events"])
    expect([name, (await open(`/dashboard${name}`, cookie)).status]).toEqual([name, 200]);
}

test("a customer that fills a whole event is taken over, told of and listed", async () => {
  const long = "\u0001😀".repeat(30_000);
  const { newest } = FIXTURES["customer.updated"];
  const { account: _, ...event } = structuredClone(newest);
  const made = await world.api("POST", "/customers", { id: "cus_long", name: "Ada" });
  expect(made.status).toBe(201);
  // It is linked already: of one that is not, Stripe is asked what it has.
  await ledgerSql(world.scope)
    .prepare("UPDATE customers SET stripe_customer_id = ?, stripe_account_id = ? WHERE id = 'cus_long'")
    .bind((event.data.object as { id: string }).id, world.accountId)
    .run();
  const metadata = {
    customer_id: "cus_long",
    quittance_tenant_id: world.scope.tenantId,
    quittance_environment_id: world.scope.environmentId,
    note: long,
  };
  const address = { line1: long, line2: long, city: long };
  const object = {
    ...(event.data.object as object),
    metadata,
    name: long,
    phone: long,
    email: long,
    address,
  };
  await deliver(world, { ...event, id: "evt_long", data: { object } });
  expect(await outcomeOf(world, "evt_long")).toMatchObject({ status: "processed", error: null });
  expect((await world.api("GET", "/customers/cus_long")).body.name.isWellFormed()).toBe(true);
  await readAll();
});

/** Objects of their own for each delivery. */
function withIds(object: Record<string, unknown>, n: number): Record<string, unknown> {
  const ids = /"((?:pi|ch|cs_test|re|du|dp|plink|sub|cus)_[A-Za-z0-9]+)"/g;
  return JSON.parse(JSON.stringify(object).replace(ids, `"$1x${n}"`));
}
