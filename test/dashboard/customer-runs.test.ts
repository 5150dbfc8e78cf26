// The dashboard's import of Stripe's customers, its look at all, and one that is brought in step from its page.

import { expect, test } from "vitest";
import { atStripe, createSyncWorld, stripeCall } from "../customers/customer-fixture.ts";
import { sandbox } from "../harness/sandbox.ts";
import { eventually } from "../harness/world.ts";
import { hiddenOf } from "./action-fixture.ts";
import { open, send, signIn, textOf } from "./browse.ts";

test("the import says what it does, is begun once however often it is sent, and its progress shows with the list", async () => {
  sandbox.world.deliveryPolicy.withhold = true;
  const world = await createSyncWorld({});
  for (const name of ["Grace Hopper", "Ada Lovelace"])
    await stripeCall(world, "POST", "/customers", { name });
  const cookie = await signIn(world.keys.write);
  expect(textOf((await open("/dashboard/customers", cookie)).html)).toContain("Import from Stripe");
  const page = await open("/dashboard/customers/import", cookie);
  expect(textOf(page.html)).toContain("Every other one becomes a customer here");
  const form = { ...hiddenOf(page.html), confirm: "yes" };
  for (let sent = 0; sent < 2; sent += 1)
    expect((await send("/dashboard/customers/import", form, { cookie })).headers.get("location")).toBe(
      "/dashboard/customers?done=customers_running",
    );
  const text = await eventually(
    async () => textOf((await open("/dashboard/customers", cookie)).html),
    (seen) => seen.includes("Done."),
  );
  expect(text).toMatch(/Seen at Stripe\s*2/);
  expect(text).toContain("Grace Hopper");
  const { data } = (await world.api("GET", "/audit_log?action=customers.import_started")).body;
  expect(data).toHaveLength(1);
});

test("one that is refused says why, and a reader is offered none of it", async () => {
  const world = await createSyncWorld({ inbound: false });
  const cookie = await signIn(world.keys.write);
  const refused = await send("/dashboard/customers/import", { confirm: "yes" }, { cookie });
  expect(refused.status).toBe(409);
  expect(refused.html).toContain("sync_config.customer.inbound");
  const reader = await signIn(world.keys.read);
  const { id } = (await world.api("POST", "/customers", { name: "Ada" })).body;
  for (const path of ["/dashboard/customers", `/dashboard/customers/${id}`]) {
    const { html } = await open(path, reader);
    expect(textOf(html)).not.toMatch(/Sync now|Sync all|Import from Stripe/);
  }
});

test("one customer is brought in step from its page, which says what came of it", async () => {
  const world = await createSyncWorld({ inbound: true, outbound: true });
  const { id } = (await world.api("POST", "/customers", { name: "Ada Lovelace" })).body;
  await eventually(
    async () => (await world.api("GET", `/customers/${id}`)).body,
    (seen) => seen.sync_status === "synced",
  );
  sandbox.world.deliveryPolicy.withhold = true;
  const cookie = await signIn(world.keys.write);
  const page = `/dashboard/customers/${id}`;
  const sync = async () => {
    const answer = await send(`${page}/sync`, {}, { cookie });
    return textOf((await open(answer.headers.get("location") ?? "", cookie)).html);
  };
  expect(await sync()).toContain("there was nothing new on either side");
  await stripeCall(world, "POST", `/customers/${atStripe(world)[0]?.id}`, { phone: "+44 77" });
  const text = await sync();
  expect(text).toContain("It is in step with Stripe now");
  expect(text).toContain("+44 77");
  await world.api("DELETE", `/connections/${world.connectionId}`);
  const refused = await send(`${page}/sync`, {}, { cookie });
  expect(refused.status).toBe(409);
  expect(refused.html).toContain("no Stripe connection");
});
