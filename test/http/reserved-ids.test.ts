// Names of our own are nobody's ids: what is called so could not be told from ours, or not be reached.

import { beforeAll, expect, test } from "vitest";
import { isReservedId } from "../../src/platform/reserved-ids.ts";
import { ROUTES } from "../access-table.ts";
import { root } from "../harness/api.ts";
import { createTenantWorld } from "../harness/world.ts";

type World = Awaited<ReturnType<typeof createTenantWorld>>;
let world: World;
beforeAll(async () => {
  world = await createTenantWorld();
});

/** Every door that takes an id of the caller's own. */
const DOORS: Record<
  string,
  (id: string) => Promise<{ status: number; body: { errors?: { path: string }[] } }>
> = {
  tenant: (id) => root("POST", "/tenants", { id, name: "A" }),
  environment: (id) =>
    root("POST", `/tenants/${world.scope.tenantId}/environments`, { id, name: "A", livemode: false }),
  customer: (id) => world.api("POST", "/customers", { id, name: "Ada" }),
  invoice: (id) =>
    world.api("POST", "/invoices", {
      id,
      customer_id: "cus_1",
      currency: "eur",
      lines: [{ description: "Plan", quantity: 1, unit_amount: 100 }],
    }),
};

test.each(Object.keys(DOORS))(
  "a %s is not called by a name of ours, however it is written",
  async (object) => {
    for (const id of ["root", "unreadable", "Root", "UNREADABLE", "import", "new"]) {
      const answer = await DOORS[object]?.(id);
      expect([id, answer?.status, answer?.body.errors?.[0]?.path]).toEqual([id, 422, "id"]);
    }
    const taken = await DOORS[object]?.(`rooted_${crypto.randomUUID()}`);
    expect(taken?.body.errors?.map(({ path }) => path) ?? []).not.toContain("id");
  },
);

test("every call that lies where an object's id could be is reserved", () => {
  const routes = Object.keys(ROUTES).map((route) => (route.split(" ")[1] ?? "").split("/"));
  const beside = routes.flatMap((segments) => {
    const name = segments.at(-1) ?? "";
    const sibling = [...segments.slice(0, -1), ":id"].join("/");
    return !name.startsWith(":") && routes.some((other) => other.join("/") === sibling) ? [name] : [];
  });
  expect(beside).toContain("import");
  expect(beside.filter((name) => !isReservedId(name))).toEqual([]);
});
