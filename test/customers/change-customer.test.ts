import { beforeAll, describe, expect, test } from "vitest";
import { createWorld, type TestWorld } from "../harness/world.ts";
import { createDestination, createReceiver } from "../notifications/receiver.ts";
import { rowsOf } from "../webhooks/deliver.ts";
import { ADA, announced, changeCustomer, handDeps } from "./customer-fixture.ts";

let world: TestWorld;

beforeAll(async () => {
  world = await createWorld();
  await createDestination(world, createReceiver());
});

const made = async (fields: Record<string, unknown> = {}) =>
  (await world.api("POST", "/customers", { ...ADA, ...fields })).body;
const patch = async (id: string, fields: unknown) => world.api("PATCH", `/customers/${id}`, fields);

describe("PATCH", () => {
  test("changes what it names and nothing else; null empties a field", async () => {
    const customer = await made({ phone: "+44 1", address: { line1: "12 St James", country: "gb" } });
    const changed = await patch(customer.id, { email: "ada@lovelace.example", phone: null });
    expect(changed.status).toBe(200);
    expect(changed.body).toEqual({
      ...customer,
      email: "ada@lovelace.example",
      phone: null,
      updated_at: changed.body.updated_at,
    });
    expect((await world.api("GET", `/customers/${customer.id}`)).body).toEqual(changed.body);
  });

  test("merges metadata as Stripe does, and refuses more than 50 keys in all", async () => {
    const customer = await made({ metadata: { plan: "pro", seats: "3" } });
    const merged = await patch(customer.id, { metadata: { seats: "", region: "eu" } });
    expect(merged.body.metadata).toEqual({ plan: "pro", region: "eu" });
    const many = Object.fromEntries(Array.from({ length: 49 }, (_, index) => [`k${index}`, "x"]));
    const refused = await patch(customer.id, { metadata: many });
    expect(refused.status).toBe(422);
    expect(refused.body.errors).toMatchObject([{ path: "metadata" }]);
  });

  test("is told once and noted in the audit log, which has names of fields and no values", async () => {
    const customer = await made();
    await patch(customer.id, { name: "Augusta King", email: "augusta@example.com" });
    expect(await announced(world, "customer.updated")).toContain(`customer.updated/${customer.id}/2`);
    const entries = await rowsOf(world, "audit_log", `object_id = '${customer.id}' ORDER BY id`);
    expect(entries).toMatchObject([
      { action: "customer.created", actor_kind: "api_key", detail: "{}" },
      { action: "customer.updated", actor_kind: "api_key" },
    ]);
    expect(entries[1]?.detail).toBe('{"changed":"name, email"}');
  });

  test("that changes nothing writes nothing", async () => {
    const customer = await made({ address: { city: "London" }, metadata: { plan: "pro" } });
    const same = { name: ADA.name, address: { city: "London", line1: null }, metadata: { plan: "pro" } };
    expect((await patch(customer.id, same)).body).toEqual(customer);
    expect(await rowsOf(world, "audit_log", `object_id = '${customer.id}'`)).toMatchObject([
      { action: "customer.created" },
    ]);
    expect(await announced(world, "customer.updated")).not.toContain(`customer.updated/${customer.id}/2`);
  });

  test("of several at once loses none, and each is told", async () => {
    const customer = await made();
    await Promise.all(
      [
        ...Array.from({ length: 8 }, (_, index) => ({ metadata: { [`k${index}`]: "x" } })),
        { phone: "+49 30 1" },
        { address: { city: "Berlin" } },
      ].map((change) => changeCustomer(handDeps(), world.scope, customer.id, change)),
    );
    const [row] = await rowsOf(world, "customers", `id = '${customer.id}'`);
    expect(row).toMatchObject({ revision: 11, phone: "+49 30 1", address: '{"city":"Berlin"}' });
    expect(Object.keys(JSON.parse(String(row?.metadata)))).toHaveLength(8);
    const told = (await announced(world, "customer.updated")).filter((id) => id.includes(customer.id));
    expect(told).toHaveLength(10);
  });

  test.each([
    ["an unknown field", { nmae: "Ada" }, "nmae"],
    ["no name", { name: "  " }, "name"],
    ["no mail address", { email: "ada" }, "email"],
    ["a country of three letters", { address: { country: "GBR" } }, "address.country"],
  ])("refuses %s and names it", async (_, body, path) => {
    const customer = await made();
    const refused = await patch(customer.id, body);
    expect(refused.status).toBe(422);
    expect(refused.body.errors).toMatchObject([{ path }]);
  });
});
