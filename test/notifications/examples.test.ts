import { expect, test } from "vitest";
import { toDeletedCustomer } from "../../src/customers/schema.ts";
import { OBJECT_SCHEMAS } from "../../src/describe-api.ts";
import { exampleObject } from "../../src/notifications/example-objects.ts";
import { NOTIFICATION_TYPES, objectKindOf } from "../../src/platform/notification-types.ts";
import { createTenantWorld, testDeps } from "../harness/world.ts";
import { createClockwork, createDestination, createReceiver, type Received, verify } from "./receiver.ts";

const SCOPE = { tenantId: "tenant_t", environmentId: "env_e" };

test.each(NOTIFICATION_TYPES.filter((type) => type !== "customer.deleted"))(
  "the example of %s is an object of the API's own shape, and says that it is an example",
  (type) => {
    const kind = objectKindOf(type);
    const example = exampleObject(testDeps(), SCOPE, type);
    OBJECT_SCHEMAS[kind].strict().parse(example);
    expect(example).toMatchObject({ id: expect.stringContaining("example"), object: kind });
  },
);

test("the example of customer.deleted has what is sent once a customer is deleted, and no more", async () => {
  const example = exampleObject(testDeps(), SCOPE, "customer.deleted");
  expect(example).toEqual(toDeletedCustomer("cus_example"));

  const world = await createTenantWorld();
  const receiver = createReceiver();
  const destination = await createDestination(world, receiver, { event_types: ["customer.deleted"] });
  await world.api("POST", `/event_destinations/${destination.id}/test`, { type: "customer.deleted" });
  const customer = (await world.api("POST", "/customers", { name: "Ada" })).body;
  await world.api("DELETE", `/customers/${customer.id}`);
  const clock = createClockwork();
  await clock.announce(world.scope, {
    type: "customer.deleted",
    key: "again",
    object: { kind: "customer", id: customer.id },
  });
  await clock.run(1);
  const [tried, ...real] = receiver.received.map(
    (message: Received) => verify(destination.secret, message) as { data: { object: object } },
  );
  expect(tried?.data.object).toEqual(example);
  expect(real.length).toBeGreaterThan(0);
  for (const { data } of real) expect(data.object).toEqual({ ...example, id: customer.id });
});

test("every type of message is named after the kind of object that it carries", () => {
  for (const type of NOTIFICATION_TYPES) expect(type.startsWith(`${objectKindOf(type)}.`)).toBe(true);
});
