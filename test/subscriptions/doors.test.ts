import { drizzle } from "drizzle-orm/d1";
import { beforeAll, describe, expect, test } from "vitest";
import { subscriptions } from "../../src/platform/tables/subscriptions.ts";
import { open, signIn, textOf } from "../dashboard/browse.ts";
import type { Json } from "../harness/api.ts";
import { ledgerSql } from "../harness/ledger-sql.ts";
import { createTenantWorld, type TestWorld } from "../harness/world.ts";

let world: Pick<TestWorld, "scope" | "api">;
const DAY_MS = 24 * 60 * 60 * 1000;
const FIRST_MS = Date.UTC(2026, 10, 1);

beforeAll(async () => {
  world = await createTenantWorld();
  await put(world, 7, (n) => ({
    // Two of them were made in the same second.
    createdAtMs: FIRST_MS + (n === 3 ? 2 : n) * DAY_MS,
    customerId: n % 2 === 0 ? "cus_even" : null,
    status: n < 3 ? "active" : "canceled",
  }));
});

async function put(
  { scope }: Pick<TestWorld, "scope">,
  many: number,
  fields: (n: number) => Partial<typeof subscriptions.$inferInsert>,
): Promise<void> {
  const rows = Array.from({ length: many }, (_, n) => ({
    id: `sub_${n}`,
    status: "active",
    items: [],
    cancelAtPeriodEnd: false,
    metadata: {},
    snapshotAtMs: FIRST_MS,
    revision: 1,
    createdAtMs: FIRST_MS,
    updatedAtMs: FIRST_MS,
    ...fields(n),
  }));
  const database = drizzle(ledgerSql(scope));
  for (const row of rows) await database.insert(subscriptions).values(row);
}

const idsOf = (list: Json): string[] => list.data.map(({ id }: { id: string }) => id);

describe("the list", () => {
  test("is newest first and pages through every one once", async () => {
    const seen: string[] = [];
    let cursor = "";
    do {
      const { body } = await world.api("GET", `/subscriptions?limit=2${cursor}`);
      seen.push(...idsOf(body));
      expect(body.has_more).toBe(body.next_cursor !== null);
      cursor = body.next_cursor === null ? "" : `&cursor=${body.next_cursor}`;
    } while (cursor !== "");
    expect(seen).toEqual(["sub_6", "sub_5", "sub_4", "sub_3", "sub_2", "sub_1", "sub_0"]);
  });

  test("holds one customer's, or those of one status, or both, also page by page", async () => {
    const list = async (query: string) => (await world.api("GET", `/subscriptions?${query}`)).body;
    expect(idsOf(await list("customer_id=cus_even"))).toEqual(["sub_6", "sub_4", "sub_2", "sub_0"]);
    expect(idsOf(await list("status=active"))).toEqual(["sub_2", "sub_1", "sub_0"]);
    expect(idsOf(await list("status=canceled&customer_id=cus_even"))).toEqual(["sub_6", "sub_4"]);
    const page = await list("customer_id=cus_even&limit=3");
    expect(idsOf(await list(`customer_id=cus_even&limit=3&cursor=${page.next_cursor}`))).toEqual(["sub_0"]);
    expect(idsOf(await list("customer_id=cus_none"))).toEqual([]);
    expect(idsOf(await list("status=a_word_of_tomorrow"))).toEqual([]);
  });

  test("refuses a query that it does not know", async () => {
    expect(await world.api("GET", "/subscriptions?customer=cus_even")).toMatchObject({ status: 422 });
  });

  test("shows another tenant none of them, though Stripe's ids were the same", async () => {
    const other = await createTenantWorld();
    expect((await other.api("GET", "/subscriptions?customer_id=cus_even")).body.data).toEqual([]);
    expect((await other.api("GET", "/subscriptions/sub_1")).status).toBe(404);
    await put(other, 2, () => ({ status: "trialing" }));
    expect((await other.api("GET", "/subscriptions/sub_1")).body.status).toBe("trialing");
    expect((await world.api("GET", "/subscriptions/sub_1")).body.status).toBe("active");
  });
});

test("one that is not there is a 404", async () => {
  expect(await world.api("GET", "/subscriptions/sub_none")).toMatchObject({
    status: 404,
    body: { code: "not_found" },
  });
});

test.each([
  ["0.5", "EUR", "0.005", "€0.005"],
  ["12.345678901234", "EUR", "0.12345678901234", "€0.12345678901234"],
  ["4900", "EUR", "49.00", "€49.00"],
  ["4900.50", "USD", "49.005", "$49.005"],
  ["0.25", "JPY", "0.25", "¥0.25"],
  ["1500", "JPY", "1500", "¥1,500"],
  ["0.1", "KWD", "0.0001", "KWD 0.0001"],
])(
  "a price of %s %s is shown with all of its decimals",
  async (unitAmountDecimal, currency, decimal, shown) => {
    const other = await createTenantWorld();
    const item = {
      subscriptionItemId: "si_1",
      priceId: "price_1",
      productId: null,
      quantity: null,
      unitAmountMinor: null,
      unitAmountDecimal,
      currency,
      interval: "month",
      intervalCount: 1,
      currentPeriodStartMs: null,
      currentPeriodEndMs: null,
    };
    await put(other, 1, () => ({ items: [item] }));
    const { body } = await other.api("GET", "/subscriptions/sub_0");
    expect(body.items[0]).toMatchObject({ unit_amount: null, unit_amount_decimal: decimal });
    const page = await open("/dashboard/subscriptions/sub_0", await signIn(other.keys.read));
    expect(textOf(page.html).replaceAll("\u00a0", " ")).toContain(`${shown} every month`);
  },
);

test("an amount is told in both units of its currency, and one that no integer can tell is told as none", async () => {
  const amounts = { jpy: [1500, "1500"], kwd: [10_240, "10.240"], eur: [null, null] } as const;
  const items = Object.entries(amounts).map(([currency, [unitAmountMinor]]) => ({
    subscriptionItemId: `si_${currency}`,
    priceId: null,
    productId: null,
    quantity: null,
    unitAmountMinor,
    currency: currency.toUpperCase(),
    unitAmountDecimal: null,
    interval: "month",
    intervalCount: 3,
    currentPeriodStartMs: null,
    currentPeriodEndMs: null,
  }));
  const other = await createTenantWorld();
  await put(other, 1, () => ({ items, pauseCollection: { behavior: "void", resumesAtMs: FIRST_MS } }));
  const { body } = await other.api("GET", "/subscriptions/sub_0");
  for (const [index, [amount, decimal]] of Object.values(amounts).entries()) {
    expect(body.items[index]).toMatchObject({ unit_amount: amount, unit_amount_decimal: decimal });
  }
  expect(body.pause_collection).toEqual({ behavior: "void", resumes_at: "2026-11-01T00:00:00.000Z" });
});
