import { describe, expect, it } from "vitest";
import { GOOD, setUpBrowsing } from "./hosted-page-fixture.ts";

describe("the billing portal", () => {
  it("shows the customer's subscriptions and cancels one", async () => {
    const setup = setUpBrowsing();
    const { stripe } = setup;
    const customer = await stripe.customers.create({ name: "Ada Lovelace", email: "ada@example.com" });
    const session = await stripe.checkout.sessions.create({
      mode: "subscription",
      customer: customer.id,
      success_url: "https://shop.example/ok",
      line_items: [
        {
          quantity: 1,
          price_data: {
            currency: "eur",
            unit_amount: 900,
            recurring: { interval: "month" },
            product_data: { name: "Pro plan" },
          },
        },
      ],
    });
    expect((await setup.open(session.url ?? "", GOOD)).location).toBe("https://shop.example/ok");
    const portal = await stripe.billingPortal.sessions.create({
      customer: customer.id,
      return_url: "https://shop.example/account",
    });
    const page = await setup.open(portal.url);
    for (const text of ["Ada Lovelace", "Pro plan", "€9.00 / month", "active"])
      expect(page.html).toContain(text);
    const [subscription] = (await stripe.subscriptions.list({ customer: customer.id })).data;
    await setup.open(portal.url, { subscription: subscription?.id ?? "" });
    expect((await stripe.subscriptions.retrieve(subscription?.id ?? "")).status).toBe("canceled");
    expect((await setup.open(portal.url)).html).toContain("canceled");
  });
});
