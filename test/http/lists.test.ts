// Lists: newest first, stable while rows are added, and cursors that are only good for what they are.

import { expect, test } from "vitest";
import { ledgerSql } from "../harness/ledger-sql.ts";
import { createTenantWorld } from "../harness/world.ts";

type World = Awaited<ReturnType<typeof createTenantWorld>>;

async function addCustomers(world: World, names: string[]): Promise<void> {
  for (const name of names) await world.api("POST", "/customers", { id: name, name });
}

const idsOf = (list: { data: { id: string }[] }) => list.data.map(({ id }) => id);

test("pages follow one another newest first, without a gap or a double, while rows are added", async () => {
  const world = await createTenantWorld();
  await addCustomers(world, ["a", "b", "c", "d", "e"]);
  const first = (await world.api("GET", "/customers?limit=2")).body;
  expect([idsOf(first), first.has_more]).toEqual([["e", "d"], true]);
  await addCustomers(world, ["f", "g"]);
  const second = (await world.api("GET", `/customers?limit=2&cursor=${first.next_cursor}`)).body;
  expect([idsOf(second), second.has_more]).toEqual([["c", "b"], true]);
  const last = (await world.api("GET", `/customers?limit=2&cursor=${second.next_cursor}`)).body;
  expect(last).toMatchObject({ object: "list", has_more: false, next_cursor: null });
  expect(idsOf(last)).toEqual(["a"]);
});

test("rows of one and the same moment are each on one page", async () => {
  const world = await createTenantWorld();
  await addCustomers(world, ["a", "b", "c", "d", "e"]);
  await ledgerSql(world.scope).prepare("UPDATE customers SET created_at_ms = 1700000000000").run();
  const seen: string[] = [];
  let cursor = "";
  do {
    const page = (await world.api("GET", `/customers?limit=2${cursor && `&cursor=${cursor}`}`)).body;
    seen.push(...idsOf(page));
    cursor = page.next_cursor ?? "";
  } while (cursor);
  expect(seen).toEqual(["e", "d", "c", "b", "a"]);
});

test("a page that is just full says that there is no more", async () => {
  const world = await createTenantWorld();
  await addCustomers(world, ["a", "b"]);
  expect((await world.api("GET", "/customers?limit=2")).body).toMatchObject({
    has_more: false,
    next_cursor: null,
  });
});

test.each(["nonsense", btoa("[1]"), btoa('["a","b"]'), btoa('{"a":1}'), "%00", ""])(
  "the cursor '%s' is refused by name",
  async (cursor) => {
    const world = await createTenantWorld();
    const { status, body } = await world.api("GET", `/customers?cursor=${encodeURIComponent(cursor)}`);
    expect([status, body.errors[0].path]).toEqual([422, "cursor"]);
  },
);

test("another environment's cursor opens nothing of that environment", async () => {
  const [one, other] = [await createTenantWorld(), await createTenantWorld()];
  await addCustomers(other, ["theirs-1", "theirs-2", "theirs-3"]);
  await addCustomers(one, ["ours"]);
  const { next_cursor } = (await other.api("GET", "/customers?limit=1")).body;
  const { status, body } = await one.api("GET", `/customers?cursor=${next_cursor}`);
  expect(status).toBe(200);
  expect(idsOf(body).filter((id) => id !== "ours")).toEqual([]);
});
