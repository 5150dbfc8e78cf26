import { describe, expect, it } from "vitest";
import { GOOD, makeLink, ORIGIN, openLink, setUpBrowsing } from "./hosted-page-fixture.ts";

describe("3-D Secure", () => {
  const CARD = { ...GOOD, card_number: "4000002760003184" };

  it("asks on a page of its own, and pays once it is answered", async () => {
    const setup = setUpBrowsing();
    const path = await openLink(setup, await makeLink(setup));
    const asked = await setup.open(path, CARD);
    const page = await setup.open(asked.location);
    expect(page.html).toContain("Complete authentication");
    const payment_intent = new URL(asked.location, ORIGIN).searchParams.get("payment_intent") ?? "";
    const answered = await setup.open(`${path}/authenticate`, { payment_intent, answer: "complete" });
    expect((await setup.open(answered.location)).html).toContain("Thanks for your payment");
  });

  it("charges nothing when it fails, and lets the payer try again", async () => {
    const setup = setUpBrowsing();
    const path = await openLink(setup, await makeLink(setup));
    const { location } = await setup.open(path, CARD);
    const payment_intent = new URL(location, ORIGIN).searchParams.get("payment_intent") ?? "";
    const failed = await setup.open(`${path}/authenticate`, { payment_intent, answer: "fail" });
    expect(failed.status).toBe(402);
    expect(failed.html).toContain("unable to authenticate your payment method");
    expect((await setup.stripe.paymentIntents.retrieve(payment_intent)).status).not.toBe("succeeded");
    expect((await setup.open(path, GOOD)).status).toBe(303);
  });
});
