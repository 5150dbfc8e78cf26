// Only what was changed here is written at Stripe, field by field: what somebody has changed there meanwhile stays,
// whether or not its event has come.

import { beforeEach, expect, test, vi } from "vitest";
import { failNext } from "../connections/stripe-side.ts";
import { tryWork } from "../harness/outbox.ts";
import { sandbox } from "../harness/sandbox.ts";
import type { TestWorld } from "../harness/world.ts";
import {
  ADA,
  atStripe,
  changeCustomer,
  createCustomer,
  createSyncWorld,
  handDeps,
  read,
  runJobs,
  stripeCall,
  waitingJobs,
} from "./customer-fixture.ts";

const deps = handDeps();
const ADDRESS = { line1: "12 St James's Square", city: "London", country: "GB" };

beforeEach(() => {
  sandbox.world.faults.length = 0;
  sandbox.world.deliveryPolicy.withhold = true;
});

/** A customer that is in step, whose events Stripe holds back from then on. */
async function inStep(world: TestWorld): Promise<{ id: string; stripeId: string }> {
  const described = { ...ADA, phone: "+44 20 1", address: ADDRESS, metadata: { plan: "pro", seats: "3" } };
  const { id } = await createCustomer(deps, world.scope, described);
  await runJobs(world);
  return { id, stripeId: (await read(world, id)).stripe_customer_id };
}

test.each([
  ["email", { email: "new@stripe.example" }, { phone: "+44 20 2" }],
  ["name", { name: "Augusta King" }, { email: "ada@lovelace.example" }],
  ["phone", { phone: "+44 20 9" }, { address: { line1: "Ockham Park", country: "GB" } }],
  ["address", { "address[line1]": "Ockham Park" }, { name: "Augusta King" }],
  ["metadata", { "metadata[plan]": "vip" }, { metadata: { seats: "4" } }],
  ["email", { email: "" }, { metadata: { seats: "" } }],
])(
  "a changed %s at Stripe stays, though its event is late and something else was changed here",
  async (name, there, here) => {
    const world = await createSyncWorld({ inbound: false, outbound: true });
    const { id, stripeId } = await inStep(world);
    await stripeCall(world, "POST", `/customers/${stripeId}`, there);
    const before = structuredClone(atStripe(world)[0]);
    await changeCustomer(deps, world.scope, id, here);
    await runJobs(world);
    const after = structuredClone(atStripe(world)[0]);
    const field = name as "email" | "name" | "phone" | "address";
    if (name === "metadata") expect(after?.metadata).toMatchObject({ plan: "vip", seats: "4" });
    else expect(after?.[field]).toEqual(before?.[field]);
    expect(after).not.toEqual(before);
    expect((await read(world, id)).sync_status).toBe("synced");

    // Nor does a later change bring back what it was.
    await changeCustomer(deps, world.scope, id, { metadata: { later: "1" } });
    await runJobs(world);
    if (name === "metadata") expect(atStripe(world)[0]?.metadata.plan).toBe("vip");
    else expect(atStripe(world)[0]?.[field]).toEqual(after?.[field]);
  },
);

test("what Stripe's answer to a push says of the rest is taken over, where customers are taken over from Stripe", async () => {
  const world = await createSyncWorld({ inbound: true, outbound: true });
  const { id, stripeId } = await inStep(world);
  await stripeCall(world, "POST", `/customers/${stripeId}`, { email: "new@stripe.example" });
  await changeCustomer(deps, world.scope, id, { phone: "+44 20 2" });
  await runJobs(world);
  expect(atStripe(world)[0]).toMatchObject({ email: "new@stripe.example", phone: "+44 20 2" });
  expect(await read(world, id)).toMatchObject({
    email: "new@stripe.example",
    phone: "+44 20 2",
    sync_status: "synced",
  });
});

test("where nothing differs Stripe is asked nothing", async () => {
  const world = await createSyncWorld({ outbound: true });
  const { id } = await inStep(world);
  await changeCustomer(deps, world.scope, id, { phone: "+44 20 2" });
  await changeCustomer(deps, world.scope, id, { phone: "+44 20 1" });
  const calls = vi.spyOn(sandbox, "fetch");
  await runJobs(world);
  expect(calls).not.toHaveBeenCalled();
  calls.mockRestore();
  expect((await read(world, id)).sync_status).toBe("synced");
});

test("what a try may have written unheard is written again, though it is as it was before here", async () => {
  const world = await createSyncWorld({ outbound: true });
  const { id } = await inStep(world);
  await changeCustomer(deps, world.scope, id, { phone: "+44 20 2", metadata: { seats: "4" } });
  const [job = ""] = await waitingJobs(world);
  failNext({ kind: "cut_after", method: "POST", path: "/v1/customers" });
  expect(await tryWork(world.scope, job, deps)).toMatchObject({ status: "wanted" });
  expect(atStripe(world)[0]?.phone).toBe("+44 20 2");
  await changeCustomer(deps, world.scope, id, { phone: "+44 20 1", metadata: { seats: "3" } });
  await runJobs(world);
  expect(atStripe(world)[0]).toMatchObject({ phone: "+44 20 1", metadata: { plan: "pro", seats: "3" } });
  expect(await waitingJobs(world)).toEqual([]);
});
