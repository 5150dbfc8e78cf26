import { expect, it } from "vitest";
import { makeLink, monthly, setUpApi } from "./api-fixture.ts";

it("a world goes on in another sandbox after being saved as JSON, with what is still to happen", async () => {
  const first = setUpApi();
  const link = await makeLink(first);
  const subscriptionLink = await makeLink(first, { line_items: [monthly(900)] });
  await first.sandbox.pay("acct_alpha", { paymentLinkId: subscriptionLink.id }, { card: "4242424242424242" });
  await first.sandbox.pay("acct_alpha", { paymentLinkId: link.id }, { card: "bank_debit_success" });
  const saved: string = JSON.stringify(first.sandbox.world);
  const second = setUpApi({ world: JSON.parse(saved) });
  expect(JSON.stringify(second.sandbox.world)).toBe(saved);
  expect(await second.stripe.paymentLinks.retrieve(link.id)).toEqual(
    await first.stripe.paymentLinks.retrieve(link.id),
  );
  const [subscription] = (await second.stripe.subscriptions.list()).data;
  expect(String(subscription?.items.data[0]?.price.unit_amount_decimal)).toBe("900");
  await second.sandbox.advance(10_000);
  expect(second.eventTypes()).toContain("checkout.session.async_payment_succeeded");
  await second.sandbox.pay("acct_alpha", { paymentLinkId: link.id }, { card: "4242424242424242" });
  expect((await second.stripe.charges.list()).data.map(({ status }) => status)).toEqual([
    "succeeded",
    "succeeded",
    "succeeded",
  ]);
});
