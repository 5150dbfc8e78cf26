import { describe, expect, it } from "vitest";
import { setUpApi } from "./api-fixture.ts";

describe("customers", () => {
  it("are made, retrieved, changed, listed by mail address and deleted", async () => {
    const { stripe, eventTypes } = setUpApi();
    const made = await stripe.customers.create({
      email: "ada@example.com",
      name: "Ada",
      phone: "+44 20",
      address: { country: "GB", line1: "1 Row" },
      metadata: { customer_id: "c1" },
    });
    expect(await stripe.customers.retrieve(made.id)).toEqual(made);
    expect(made.address).toEqual({
      city: null,
      country: "GB",
      line1: "1 Row",
      line2: null,
      postal_code: null,
      state: null,
    });
    const changed = await stripe.customers.update(made.id, {
      name: "Ada L.",
      phone: "",
      metadata: { x: "1" },
    });
    expect(changed).toMatchObject({ name: "Ada L.", phone: null, metadata: { customer_id: "c1", x: "1" } });
    await stripe.customers.create({ email: "bob@example.com" });
    const listed = await stripe.customers.list({ email: "ada@example.com" });
    expect(listed.data.map((customer) => customer.id)).toEqual([made.id]);
    expect(await stripe.customers.del(made.id)).toEqual({ id: made.id, object: "customer", deleted: true });
    expect(await stripe.customers.retrieve(made.id)).toEqual({
      id: made.id,
      object: "customer",
      deleted: true,
    });
    await expect(stripe.customers.update(made.id, { name: "x" })).rejects.toMatchObject({ statusCode: 404 });
    expect(eventTypes()).toEqual([
      "customer.created",
      "customer.updated",
      "customer.created",
      "customer.deleted",
    ]);
  });
});

describe("products and prices", () => {
  it("are made, retrieved, changed and listed", async () => {
    const { stripe } = setUpApi();
    const product = await stripe.products.create({ id: "prod_own", name: "Pro", description: "All of it" });
    expect(await stripe.products.retrieve("prod_own")).toEqual(product);
    await expect(stripe.products.create({ id: "prod_own", name: "x" })).rejects.toMatchObject({
      code: "resource_already_exists",
    });
    expect(await stripe.products.update("prod_own", { active: false, name: "Pro 2" })).toMatchObject({
      active: false,
      name: "Pro 2",
      description: "All of it",
    });
    expect((await stripe.products.list({ active: true })).data).toEqual([]);
    const price = await stripe.prices.create({
      currency: "EUR",
      product: "prod_own",
      unit_amount: 900,
      recurring: { interval: "month" },
      lookup_key: "pro",
    });
    expect(price).toMatchObject({ currency: "eur", type: "recurring", recurring: { interval_count: 1 } });
    expect(await stripe.prices.retrieve(price.id, { expand: ["product"] })).toMatchObject({
      product: { name: "Pro 2" },
    });
    expect((await stripe.prices.list({ product: "prod_own", type: "one_time" })).data).toEqual([]);
    expect((await stripe.prices.list({ lookup_keys: ["pro"] })).data).toHaveLength(1);
    const orphan = stripe.prices.create({ currency: "eur", product: "prod_x", unit_amount: 1 });
    await expect(orphan).rejects.toThrow("No such product: 'prod_x'");
  });
});

describe("lists", () => {
  async function fill(count: number) {
    const setup = setUpApi();
    for (let n = 0; n < count; n += 1) {
      await setup.stripe.customers.create({ name: `n${n}` });
      await setup.sandbox.advance(1000);
    }
    return setup;
  }
  const names = (page: { data: { name?: string | null }[] }) => page.data.map((customer) => customer.name);

  it("have ten objects a page unless told, newest first, and say where there are more", async () => {
    const { stripe } = await fill(12);
    const page = await stripe.customers.list();
    expect(names(page)).toEqual(["n11", "n10", "n9", "n8", "n7", "n6", "n5", "n4", "n3", "n2"]);
    expect(page).toMatchObject({ has_more: true, url: "/v1/customers" });
    const next = await stripe.customers.list({ starting_after: page.data.at(-1)?.id });
    expect(names(next)).toEqual(["n1", "n0"]);
    expect(next.has_more).toBe(false);
    const back = await stripe.customers.list({ ending_before: next.data[0]?.id, limit: 3 });
    expect(names(back)).toEqual(["n4", "n3", "n2"]);
    expect(back.has_more).toBe(true);
  });

  it("are walked to the end by the package's own paging", async () => {
    const { stripe } = await fill(7);
    const all = await stripe.customers.list({ limit: 2 }).autoPagingToArray({ limit: 100 });
    expect(names({ data: all })).toEqual(["n6", "n5", "n4", "n3", "n2", "n1", "n0"]);
  });

  it("are filtered by when their objects were made", async () => {
    const { stripe } = await fill(4);
    const times = (await stripe.customers.list()).data.map((customer) => customer.created);
    const [, second = 0, third = 0] = times;
    expect(names(await stripe.customers.list({ created: { gte: second } }))).toEqual(["n3", "n2"]);
    expect(names(await stripe.customers.list({ created: { gt: third, lt: second + 1 } }))).toEqual(["n2"]);
    expect(names(await stripe.customers.list({ created: third }))).toEqual(["n1"]);
  });

  it("refuse a limit out of range and a cursor that is nowhere", async () => {
    const { stripe } = setUpApi();
    await expect(stripe.customers.list({ limit: 101 })).rejects.toThrow("less than or equal to 100");
    await expect(stripe.customers.list({ limit: 0 })).rejects.toThrow("greater than or equal to 1");
    await expect(stripe.customers.list({ starting_after: "cus_x" })).rejects.toMatchObject({
      code: "resource_missing",
      param: "starting_after",
    });
  });
});
