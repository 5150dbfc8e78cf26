import type Stripe from "stripe";
import { describe, expect, it } from "vitest";
import { makeLink, monthly, ORIGIN, oneTime, setUpApi } from "./api-fixture.ts";

describe("payment links", () => {
  it("are made with inline prices and come back whole", async () => {
    const { stripe } = setUpApi();
    const made = await stripe.paymentLinks.create({
      line_items: [oneTime(12_900), { ...oneTime(500), quantity: 3 }],
      metadata: { invoice_id: "inv_1" },
      payment_intent_data: {
        metadata: { invoice_id: "inv_1" },
        description: "Invoice 42",
        statement_descriptor: "QUITTANCE",
      },
      restrictions: { completed_sessions: { limit: 1 } },
      after_completion: { type: "redirect", redirect: { url: "https://shop.example/thanks" } },
      allow_promotion_codes: true,
      automatic_tax: { enabled: true },
      tax_id_collection: { enabled: true },
      billing_address_collection: "required",
      customer_creation: "always",
      submit_type: "pay",
      inactive_message: "Paid already.",
      payment_method_types: ["card"],
      invoice_creation: { enabled: true, invoice_data: { description: "Invoice 42" } },
    });
    const link = await stripe.paymentLinks.retrieve(made.id);
    expect(link).toEqual(made);
    expect(link.id).toMatch(/^plink_1[A-Za-z0-9]{23}$/);
    expect(link).toMatchObject({
      active: true,
      currency: "eur",
      url: `${ORIGIN}/pay/${link.id}`,
      metadata: { invoice_id: "inv_1" },
      payment_intent_data: {
        metadata: { invoice_id: "inv_1" },
        description: "Invoice 42",
        statement_descriptor: "QUITTANCE",
      },
      restrictions: { completed_sessions: { count: 0, limit: 1 } },
      after_completion: { type: "redirect", redirect: { url: "https://shop.example/thanks" } },
      automatic_tax: { enabled: true, liability: { type: "self" } },
      tax_id_collection: { enabled: true, required: "never" },
      inactive_message: "Paid already.",
      invoice_creation: { enabled: true, invoice_data: { description: "Invoice 42" } },
    });
  });

  it("list their line items, with the prices that were made on the spot", async () => {
    const setup = setUpApi();
    const link = await makeLink(setup, { line_items: [oneTime(12_900), { ...oneTime(500), quantity: 3 }] });
    const items = await setup.stripe.paymentLinks.listLineItems(link.id);
    expect(items.data.map((item) => [item.description, item.amount_total, item.quantity])).toEqual([
      ["Invoice 42", 12_900, 1],
      ["Invoice 42", 1500, 3],
    ]);
    const price = items.data[0]?.price;
    expect(String(price?.unit_amount_decimal)).toBe("12900");
    expect(await setup.stripe.prices.retrieve(price?.id ?? "")).toMatchObject({ unit_amount: 12_900 });
  });

  it("are listed newest first, filtered by active", async () => {
    const setup = setUpApi();
    const first = await makeLink(setup);
    const second = await makeLink(setup);
    await setup.stripe.paymentLinks.update(first.id, { active: false });
    const ids = async (params: Stripe.PaymentLinkListParams) =>
      (await setup.stripe.paymentLinks.list(params)).data.map((link) => link.id);
    expect(await ids({})).toEqual([second.id, first.id]);
    expect(await ids({ active: true })).toEqual([second.id]);
    expect(await ids({ active: false })).toEqual([first.id]);
  });

  it("change by what an update names and nothing else, and say so in an event", async () => {
    const setup = setUpApi();
    const link = await makeLink(setup, { metadata: { a: "1", b: "2" }, inactive_message: "Gone." });
    const updated = await setup.stripe.paymentLinks.update(link.id, {
      active: false,
      metadata: { a: "", c: "3" },
      inactive_message: "",
    });
    expect(updated).toMatchObject({ active: false, metadata: { b: "2", c: "3" }, inactive_message: null });
    expect(updated.after_completion).toEqual(link.after_completion);
    const event = (await setup.stripe.events.list({ type: "payment_link.updated" })).data[0];
    expect(event?.data.previous_attributes).toMatchObject({ active: true, metadata: { a: "1", b: "2" } });
  });

  it("stay as they were when an update is refused", async () => {
    const setup = setUpApi();
    const link = await makeLink(setup);
    const refused = setup.stripe.paymentLinks.update(link.id, {
      active: false,
      after_completion: { type: "redirect", redirect: { url: "not a url" } },
    });
    await expect(refused).rejects.toMatchObject({ code: "url_invalid" });
    expect((await setup.stripe.paymentLinks.retrieve(link.id)).active).toBe(true);
  });

  it("take quantities of their items, and are in subscription mode with a recurring price", async () => {
    const setup = setUpApi();
    const link = await makeLink(setup, { line_items: [monthly(900)] });
    const [item] = (await setup.stripe.paymentLinks.listLineItems(link.id)).data;
    await setup.stripe.paymentLinks.update(link.id, { line_items: [{ id: item?.id ?? "", quantity: 4 }] });
    const [changed] = (await setup.stripe.paymentLinks.listLineItems(link.id)).data;
    expect(changed).toMatchObject({ quantity: 4, amount_total: 3600 });
    const refused = makeLink(setup, {
      line_items: [monthly(900)],
      payment_intent_data: { description: "x" },
    });
    await expect(refused).rejects.toThrow("You can not pass `payment_intent_data` in `subscription` mode.");
  });

  it.each([
    ["no items", { line_items: [] }, "Missing required param: line_items."],
    ["21 items", { line_items: Array.from({ length: 21 }, () => oneTime(100)) }, "exceeded maximum 20"],
    ["two currencies", { line_items: [oneTime(100), oneTime(100, "usd")] }, "same currency"],
    ["less than the least", { line_items: [oneTime(49)] }, "must add up to at least €0.50 eur"],
    ["less than the least in forint", { line_items: [oneTime(17_499, "huf")] }, "at least 175.00 huf"],
    ["more than the most", { line_items: [oneTime(100_000_000)] }, "less than or equal to 99999999"],
    ["a total above the most", { line_items: [oneTime(60_000_000), oneTime(60_000_000)] }, "no more than"],
    ["a dinar amount that does not end in 0", { line_items: [oneTime(1005, "kwd")] }, "divisible by 10"],
    ["an unknown currency", { line_items: [oneTime(1000, "xyz")] }, "Invalid currency: xyz"],
    ["an unknown price", { line_items: [{ price: "price_x", quantity: 1 }] }, "No such price: 'price_x'"],
  ])("refuse %s", async (_name, params, message) => {
    const refused = makeLink(setUpApi(), params);
    await expect(refused).rejects.toMatchObject({ type: "StripeInvalidRequestError", statusCode: 400 });
    await expect(refused).rejects.toThrow(message);
  });

  it("have no customer parameter", async () => {
    const { call } = setUpApi();
    const body = new URLSearchParams({ customer: "cus_1", "line_items[0][quantity]": "1" });
    expect((await call("/v1/payment_links", { method: "POST", body })).body.error).toMatchObject({
      code: "parameter_unknown",
      param: "customer",
    });
  });
});
