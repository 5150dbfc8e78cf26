// The ways from our pages to Stripe's own dashboard.

import { expect, test } from "vitest";
import { stripeHref } from "../../src/dashboard/parts/stripe-link.tsx";
import { sandbox } from "../harness/sandbox.ts";
import { paidWorld } from "./action-fixture.ts";
import { linksOf, open, signIn } from "./browse.ts";

test("an object of Stripe's is found in its account and mode; what Stripe's dashboard cannot show is no link", () => {
  const [sandboxed, live] = [
    { accountId: "acct_1", livemode: false },
    { accountId: "acct_1", livemode: true },
  ];
  expect(stripeHref("pi_1", sandboxed)).toBe("https://dashboard.stripe.com/acct_1/test/payments/pi_1");
  expect(stripeHref("du_1", live)).toBe("https://dashboard.stripe.com/acct_1/disputes/du_1");
  expect(stripeHref("cs_test_a1", sandboxed)).toBe(
    "https://dashboard.stripe.com/acct_1/test/search?query=cs_test_a1",
  );
  const unknown = { accountId: null, livemode: true };
  expect(stripeHref("cus_1", unknown)).toBe("https://dashboard.stripe.com/customers/cus_1");
  for (const id of [
    "inv_1",
    "",
    "pi_",
    "pi_1/../..",
    "pi_1?x",
    "constructor_1",
    "javascript:alert(1)",
    "pi_1\n",
  ])
    expect([id, stripeHref(id, live)]).toEqual([id, null]);
  expect(stripeHref("pi_1", { accountId: "acct_1/../x", livemode: true })).toBe(
    "https://dashboard.stripe.com/payments/pi_1",
  );
});

test("a payment and its link lead to Stripe's dashboard from every page that shows them", async () => {
  const world = await paidWorld();
  const account = sandbox.accountFor(world.secretKey);
  const cookie = await signIn(world.keys.read);
  const [connection] = (await world.api("GET", "/connections")).body.data;
  const home = `https://dashboard.stripe.com/${connection.account.id}/test`;
  const [intent] = Object.keys(account.paymentIntents);
  const [link] = Object.keys(account.paymentLinks);
  for (const page of ["/dashboard/payments", world.page])
    expect(linksOf((await open(page, cookie)).html)).toContain(`${home}/payments/${intent}`);
  expect(linksOf((await open(world.page, cookie)).html)).toContain(`${home}/payment-links/${link}`);
});
