import { describe, expect, it } from "vitest";
import { setUpApi } from "./api-fixture.ts";

const form = (fields: Record<string, string>) => ({ method: "POST", body: new URLSearchParams(fields) });

describe("keys", () => {
  it.each([
    ["sk_test_invalid_1234", "Invalid API Key provided: sk_test_********1234"],
    ["sk_live_invalid_1234", "Invalid API Key provided: sk_live_********1234"],
    ["sk_test_livealpha_1234", "Invalid API Key provided: sk_test_**********1234"],
    ["whatever", "Invalid API Key provided: ****ever"],
  ])("%s is refused, and shown with stars", async (key, message) => {
    const refused = setUpApi().stripeOf(key).customers.list();
    await expect(refused).rejects.toMatchObject({
      type: "StripeAuthenticationError",
      statusCode: 401,
      message,
    });
  });

  it("that were revoked or have expired are refused", async () => {
    const { sandbox, stripe, stripeOf } = setUpApi();
    await stripe.customers.list();
    sandbox.world.revokedKeys.push("sk_test_alpha_1");
    await expect(stripe.customers.list()).rejects.toMatchObject({ statusCode: 401 });
    const expired = stripeOf("sk_test_alpha_expired").customers.list();
    await expect(expired).rejects.toMatchObject({ statusCode: 401, code: "api_key_expired" });
  });

  it("must be given, by bearer or by basic authentication", async () => {
    const { call } = setUpApi();
    const none = await call("/v1/account", { headers: { authorization: "" } });
    expect(none).toMatchObject({ status: 401, body: { error: { type: "invalid_request_error" } } });
    expect(none.body.error.message).toContain("You did not provide an API key.");
    const basic = await call("/v1/account", {
      headers: { authorization: `Basic ${btoa("sk_test_alpha_1:")}` },
    });
    expect(basic.body.id).toBe("acct_alpha");
  });

  it("that are restricted are told which permission is missing, and may do the rest", async () => {
    const key = "rk_test_alpha_restricted_webhook_write_payment_link_write";
    const stripe = setUpApi().stripeOf(key);
    const refused = stripe.webhookEndpoints.create({ url: "https://a.example", enabled_events: ["*"] });
    await expect(refused).rejects.toMatchObject({ type: "StripePermissionError", statusCode: 403 });
    await expect(refused).rejects.toThrow(
      /^The provided key 'rk_test_\*+rite' does not have the required permissions for this endpoint on account 'acct_alpha'\. Having the 'rak_webhook_write' permission would allow this request to continue\.$/,
    );
    const link = stripe.paymentLinks.create({ line_items: [] });
    await expect(link).rejects.toThrow("rak_payment_link_write");
    await expect(stripe.webhookEndpoints.list()).resolves.toMatchObject({ data: [] });
    const reader = setUpApi().stripeOf("rk_test_alpha_restricted_accounts_kyc_basic_read");
    await expect(reader.accounts.retrieveCurrent()).rejects.toThrow("rak_accounts_kyc_basic_read");
  });
});

describe("every answer", () => {
  it("names the request and echoes the version", async () => {
    const { call } = setUpApi();
    const { headers } = await call("/v1/account", { headers: { "stripe-version": "2026-10-28.endive" } });
    expect(headers.get("request-id")).toMatch(/^req_[A-Za-z0-9]{14}$/);
    expect(headers.get("stripe-version")).toBe("2026-10-28.endive");
  });

  it("to a version that does not exist is a refusal", async () => {
    const { call } = setUpApi();
    const answer = await call("/v1/account", { headers: { "stripe-version": "2031-01-01" } });
    expect(answer).toMatchObject({
      status: 400,
      body: { error: { message: "Invalid Stripe API version: 2031-01-01" } },
    });
  });

  it("to an unknown address, an unknown object or a JSON body is Stripe's own error", async () => {
    const { call } = setUpApi();
    const unknown = await call("/v1/foo");
    expect(unknown.status).toBe(404);
    expect(unknown.body.error.message).toMatch(/^Unrecognized request URL \(GET: \/v1\/foo\)\. Please see/);
    expect(await call("/v1/payment_links/plink_x")).toMatchObject({
      status: 404,
      body: { error: { code: "resource_missing", message: "No such payment_link: 'plink_x'" } },
    });
    const headers = { "content-type": "application/json" };
    const json = await call("/v1/customers", { method: "POST", headers, body: '{"name":"Ada"}' });
    expect(json).toMatchObject({ status: 400 });
    expect(json.body.error.message).toContain("application/x-www-form-urlencoded");
  });
});

describe("parameters", () => {
  it.each<[string, Record<string, string>, { message: string; code?: string; param: string }]>([
    [
      "/v1/customers",
      { foo: "1" },
      { code: "parameter_unknown", message: "Received unknown parameter: foo", param: "foo" },
    ],
    [
      "/v1/customers",
      { foo: "1", "address[zip]": "1" },
      { code: "parameter_unknown", message: "Received unknown parameter: foo", param: "foo" },
    ],
    [
      "/v1/customers",
      { "address[zip]": "1" },
      {
        code: "parameter_unknown",
        message: "Received unknown parameter: address[zip]",
        param: "address[zip]",
      },
    ],
    [
      "/v1/payment_links",
      {},
      { code: "parameter_missing", message: "Missing required param: line_items.", param: "line_items" },
    ],
    [
      "/v1/payment_links",
      { "line_items[0][price_data][unit_amount]": "100" },
      {
        code: "parameter_missing",
        message: "Missing required param: line_items[0][price_data][currency].",
        param: "line_items[0][price_data][currency]",
      },
    ],
    [
      "/v1/refunds",
      { charge: "ch_1", amount: "abc" },
      { code: "parameter_invalid_integer", message: "Invalid integer: abc", param: "amount" },
    ],
    [
      "/v1/refunds",
      { charge: "ch_1", reason: "bored" },
      {
        message: "Invalid reason: must be one of duplicate, fraudulent, or requested_by_customer",
        param: "reason",
      },
    ],
    ["/v1/products", { name: "x", active: "maybe" }, { message: "Invalid boolean: maybe", param: "active" }],
    ["/v1/customers", { address: "here" }, { message: "Invalid object", param: "address" }],
    ["/v1/products", { name: "x", images: "here" }, { message: "Invalid array", param: "images" }],
    [
      "/v1/products",
      { name: "" },
      { code: "parameter_invalid_empty", message: expect.any(String), param: "name" },
    ],
  ])("of %s are checked: %j", async (path, fields, error) => {
    const answer = await setUpApi().call(path, form(fields));
    expect(answer.status).toBe(400);
    expect(answer.body.error).toMatchObject({ type: "invalid_request_error", ...error });
  });

  it("of metadata keep within Stripe's limits", async () => {
    const { stripe } = setUpApi();
    const key = "k".repeat(40);
    const full = Object.fromEntries(Array.from({ length: 50 }, (_, index) => [`k${index}`, "v"]));
    const customer = await stripe.customers.create({ metadata: { [key]: "v".repeat(500) } });
    expect(customer.metadata[key]).toHaveLength(500);
    const longValue = stripe.customers.create({ metadata: { a: "v".repeat(501) } });
    await expect(longValue).rejects.toThrow("Metadata values can have up to 500 characters");
    const longKey = stripe.customers.create({ metadata: { [`${key}k`]: "v" } });
    await expect(longKey).rejects.toThrow("up to 40 characters");
    await expect(stripe.customers.create({ metadata: { ...full, more: "v" } })).rejects.toThrow(
      "up to 50 keys",
    );
    await expect(stripe.customers.update(customer.id, { metadata: full })).rejects.toThrow("up to 50 keys");
  });

  it("of nested and repeated names are read as sent", async () => {
    const { call } = setUpApi();
    const body = new URLSearchParams([
      ["name", "Ada"],
      ["preferred_locales[]", "en"],
      ["preferred_locales[]", "fr"],
      ["metadata[a]", "1"],
      ["metadata[constructor]", "2"],
    ]);
    const { body: customer } = await call("/v1/customers", { method: "POST", body });
    expect(customer.preferred_locales).toEqual(["en", "fr"]);
    expect(Object.entries(customer.metadata)).toEqual([
      ["a", "1"],
      ["constructor", "2"],
    ]);
  });
});

describe("expansion", () => {
  it("of what is no relation is refused, with the hint for lists", async () => {
    const { stripe } = setUpApi();
    const customer = await stripe.customers.create({ name: "Ada" });
    const wrong = stripe.customers.retrieve(customer.id, { expand: ["name"] });
    await expect(wrong).rejects.toThrow("This property cannot be expanded (name).");
    const unknown = stripe.customers.retrieve(customer.id, { expand: ["invoice"] });
    await expect(unknown).rejects.toThrow("This property cannot be expanded (invoice).");
    await expect(stripe.charges.list({ expand: ["customer"] })).rejects.toThrow(
      "This property cannot be expanded (customer). You may want to try expanding 'data.customer' instead.",
    );
    const deep = stripe.charges.list({ expand: ["data.payment_intent.latest_charge.refunds.data"] });
    await expect(deep).rejects.toThrow("You cannot expand more than 4 levels");
  });
});

describe("live mode", () => {
  const live = () => {
    const made = setUpApi();
    return { ...made, live: made.stripeOf("sk_live_alpha_1") };
  };
  const product = { name: "Pro plan" };

  it("has objects and events of its own, and all of them say so", async () => {
    const { live: stripe, stripe: test } = live();
    const price = await stripe.prices.create({ unit_amount: 50, currency: "eur", product_data: product });
    const link = await stripe.paymentLinks.create({ line_items: [{ price: price.id, quantity: 1 }] });
    expect([price.livemode, link.livemode]).toEqual([true, true]);
    expect((await stripe.prices.list({ expand: ["data.product"] })).data[0]).toMatchObject({
      livemode: true,
      product: { livemode: true },
    });
    for (const event of (await stripe.events.list()).data)
      expect(event).toMatchObject({ livemode: true, data: { object: { livemode: true } } });
    await expect(test.prices.retrieve(price.id)).rejects.toMatchObject({ code: "resource_missing" });
    expect((await test.events.list()).data).toEqual([]);
  });

  it("declines test cards, and takes others", async () => {
    const { live: stripe, sandbox } = live();
    const { id: accountId } = await stripe.accounts.retrieveCurrent();
    const price = await stripe.prices.create({ unit_amount: 50, currency: "eur", product_data: product });
    const { id } = await stripe.paymentLinks.create({ line_items: [{ price: price.id, quantity: 1 }] });
    const payBy = (card: string) => sandbox.pay(accountId, { paymentLinkId: id }, { card });
    for (const card of ["4242 4242 4242 4242", "4000 0027 6000 3184", "4000 0000 0000 0002"])
      expect(await payBy(card)).toMatchObject({
        outcome: "declined",
        declineCode: "live_mode_test_card",
        message: "Your card was declined. Your request was in live mode, but used a known test card.",
      });
    expect(await payBy("4539 5787 6362 1487")).toMatchObject({ declineCode: "generic_decline" });
    const paid = await payBy("4539 5787 6362 1486");
    expect(paid).toMatchObject({ outcome: "succeeded", sessionId: expect.stringMatching(/^cs_live_a1/) });
    const charges = (await stripe.charges.list()).data;
    expect(charges.every(({ livemode }) => livemode)).toBe(true);
    expect(charges.filter((charge) => charge.paid)).toHaveLength(1);
  });

  it("calls https alone", async () => {
    const { live: stripe } = live();
    const made = stripe.webhookEndpoints.create({ url: "http://a.example/hook", enabled_events: ["*"] });
    await expect(made).rejects.toMatchObject({
      code: "url_invalid",
      message: 'Invalid URL: http://a.example/hook. URLs in livemode must begin with "https://"',
    });
  });
});
