import { describe, expect, it } from "vitest";
import { GOOD, makeLink, openLink, setUpBrowsing } from "./hosted-page-fixture.ts";

describe("the payment page", () => {
  it("shows the merchant, the lines and the amount, and lets the browser run nothing but its own", async () => {
    const setup = setUpBrowsing();
    const page = await setup.open(await openLink(setup, await makeLink(setup)));
    expect(page.status).toBe(200);
    for (const text of ["alpha", "Test mode", "Pro plan", "€129.00"]) expect(page.html).toContain(text);
    const policy = page.headers.get("content-security-policy") ?? "";
    const nonce = /script-src 'nonce-([^']+)'/.exec(policy)?.[1];
    expect(policy).toContain("default-src 'none'");
    expect(page.html).toContain(`<script nonce="${nonce}">`);
  });

  it("says Test mode of a test account alone", async () => {
    const setup = setUpBrowsing("sk_live_alpha_1");
    const link = await makeLink(setup);
    const path = await openLink(setup, link);
    expect((await setup.open(path)).html).not.toContain("Test mode");
    await setup.stripe.paymentLinks.update(link.id, { active: false });
    expect((await setup.open(link.url)).html).not.toContain("Test mode");
  });

  it.each([
    ["jpy", 12_900, "¥12,900"],
    ["kwd", 12_340, "KWD\u00a012.340"],
  ])("counts %s by its own decimals", async (currency, unit_amount, shown) => {
    const setup = setUpBrowsing();
    const link = await makeLink(setup, {}, { currency, unit_amount });
    expect((await setup.open(await openLink(setup, link))).html).toContain(shown);
  });

  it("shows what a merchant wrote as text, never as markup", async () => {
    const setup = setUpBrowsing();
    const link = await makeLink(setup, {}, { name: "<script>alert(1)</script>" });
    const page = await setup.open(
      await openLink(setup, link, `?prefilled_email=${encodeURIComponent('"><b>x')}`),
    );
    expect(page.html).not.toContain("<script>alert");
    expect(page.html).not.toContain('"><b>');
    expect(page.html).toContain("&lt;script&gt;alert(1)&lt;/script&gt;");
  });

  it("takes a promotion code where the link does, and says that one is none", async () => {
    const setup = setUpBrowsing();
    const coupon = await setup.stripe.coupons.create({ percent_off: 100 });
    await setup.stripe.promotionCodes.create({
      promotion: { type: "coupon", coupon: coupon.id },
      code: "FREE",
    });
    const path = await openLink(setup, await makeLink(setup, { allow_promotion_codes: true }));
    expect((await setup.open(path)).html).toContain("Promotion code");
    const refused = await setup.open(path, { ...GOOD, promotion_code: "none" });
    expect([refused.status, refused.html.includes("This code is invalid.")]).toEqual([400, true]);
    expect((await setup.open(path, { ...GOOD, promotion_code: "free" })).status).toBe(303);
    const [session] = (await setup.stripe.checkout.sessions.list()).data;
    expect(session).toMatchObject({ payment_status: "no_payment_required", amount_total: 0 });
    expect((await setup.open(await openLink(setup, await makeLink(setup)))).html).not.toContain("Promotion");
  });

  it("takes the email and the client reference from the link's URL", async () => {
    const setup = setUpBrowsing();
    const link = await makeLink(setup);
    const path = await openLink(
      setup,
      link,
      "?prefilled_email=ada%2Bx%40example.com&client_reference_id=inv_7",
    );
    expect((await setup.open(path)).html).toContain('value="ada+x@example.com"');
    const sessionId = path.split("/")[2]?.split("?")[0] ?? "";
    expect((await setup.stripe.checkout.sessions.retrieve(sessionId)).client_reference_id).toBe("inv_7");
  });

  it("pays, and thanks with the message that the link carries", async () => {
    const setup = setUpBrowsing();
    const custom_message = "We have sent you the key.";
    const link = await makeLink(setup, {
      after_completion: { type: "hosted_confirmation", hosted_confirmation: { custom_message } },
    });
    const path = await openLink(setup, link);
    const paid = await setup.open(path, GOOD);
    expect(paid.status).toBe(303);
    const done = await setup.open(paid.location);
    expect(done.html).toContain("Thanks for your payment");
    expect(done.html).toContain(custom_message);
    const session = await setup.stripe.checkout.sessions.retrieve(path.split("/")[2] ?? "");
    expect(session).toMatchObject({ status: "complete", payment_status: "paid" });
    expect(session.customer_details).toMatchObject({ email: "ada@example.com", name: "Ada Lovelace" });
  });

  it("goes on to the merchant's page with the session's id, and never charges a second time", async () => {
    const setup = setUpBrowsing();
    const url = "https://shop.example/thanks?s={CHECKOUT_SESSION_ID}";
    const link = await makeLink(setup, { after_completion: { type: "redirect", redirect: { url } } });
    const path = await openLink(setup, link);
    const sessionId = path.split("/")[2] ?? "";
    const first = await setup.open(path, GOOD);
    expect(first.location).toBe(`https://shop.example/thanks?s=${sessionId}`);
    expect((await setup.open(path, GOOD)).location).toBe(first.location);
    expect((await setup.stripe.charges.list()).data).toHaveLength(1);
  });

  it("shows errors by the field, keeps what was typed, and forgets the security code", async () => {
    const setup = setUpBrowsing();
    const path = await openLink(setup, await makeLink(setup));
    const wrong = { ...GOOD, card_expiry: "01 / 20", card_cvc: "987" };
    const page = await setup.open(path, wrong);
    expect(page.status).toBe(422);
    expect(page.html).toMatch(
      /id="card_expiry"[^>]*aria-invalid="true"[^>]*aria-describedby="card_expiry-error"/,
    );
    expect(page.html).toContain("expiration date is in the past");
    expect(page.html).toContain('value="4242 4242 4242 4242"');
    expect(page.html).toContain('value="Ada Lovelace"');
    expect(page.html).not.toContain("987");
    expect((await setup.stripe.charges.list()).data).toHaveLength(0);
  });

  it("says in Stripe's words that a card was declined, and takes another one after it", async () => {
    const setup = setUpBrowsing();
    const path = await openLink(setup, await makeLink(setup));
    const declined = await setup.open(path, { ...GOOD, card_number: "4000000000000002" });
    expect(declined.status).toBe(402);
    expect(declined.html).toContain("Your card was declined.");
    expect((await setup.open(path, GOOD)).status).toBe(303);
  });

  it("says that a bank debit is still being processed", async () => {
    const setup = setUpBrowsing();
    const path = await openLink(setup, await makeLink(setup));
    const paid = await setup.open(path, { method: "bank_debit_success", email: GOOD.email, name: GOOD.name });
    expect((await setup.open(paid.location)).html).toContain("Your payment is being processed");
  });

  it("answers for a link that is inactive, for an expired session, and for nothing at all", async () => {
    const setup = setUpBrowsing();
    const link = await makeLink(setup);
    const path = await openLink(setup, link);
    await setup.stripe.checkout.sessions.expire(path.split("/")[2] ?? "");
    expect((await setup.open(path)).html).toContain("This checkout session has expired");
    await setup.stripe.paymentLinks.update(link.id, {
      active: false,
      inactive_message: "Paid already, thank you.",
    });
    const inactive = await setup.open(link.url);
    expect(inactive.html).toContain("This link is no longer active");
    expect(inactive.html).toContain("Paid already, thank you.");
    expect((await setup.open("/c/cs_test_none")).status).toBe(404);
    expect((await setup.open("/pay/plink_none")).status).toBe(404);
  });
});
