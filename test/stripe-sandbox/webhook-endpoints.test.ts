import { describe, expect, it } from "vitest";
import { setUpApi } from "./api-fixture.ts";

const url = "https://quittance.example/hooks";

describe("webhook endpoints", () => {
  it("show their secret once, in the answer to their creation", async () => {
    const { stripe } = setUpApi();
    const made = await stripe.webhookEndpoints.create({
      url,
      enabled_events: ["payment_intent.succeeded", "checkout.session.completed"],
      api_version: "2025-03-31.basil",
      description: "Quittance",
      metadata: { tenant: "t1" },
    });
    expect(made.secret).toMatch(/^whsec_[A-Za-z0-9]{32}$/);
    expect(made).toMatchObject({
      status: "enabled",
      api_version: "2025-03-31.basil",
      application: null,
      url,
    });
    const { secret: _secret, ...rest } = made;
    expect(await stripe.webhookEndpoints.retrieve(made.id)).toEqual(rest);
    expect((await stripe.webhookEndpoints.list()).data).toEqual([rest]);
    const updated = await stripe.webhookEndpoints.update(made.id, { enabled_events: ["*"], disabled: true });
    expect(updated).toEqual({ ...rest, enabled_events: ["*"], status: "disabled" });
    const deleted = await stripe.webhookEndpoints.del(made.id);
    expect(deleted).toEqual({ id: made.id, object: "webhook_endpoint", deleted: true });
    await expect(stripe.webhookEndpoints.retrieve(made.id)).rejects.toThrow(
      `No such webhook endpoint: '${made.id}'`,
    );
  });

  it("are at most 16 in test mode, in Stripe's words", async () => {
    const { stripe } = setUpApi();
    const create = () => stripe.webhookEndpoints.create({ url, enabled_events: ["*"] });
    for (let count = 0; count < 16; count += 1) await create();
    await expect(create()).rejects.toMatchObject({
      type: "StripeInvalidRequestError",
      message: "You have reached the maximum of 16 test webhook endpoints.",
    });
  });

  it.each([
    "http://localhost:8787/hooks",
    "https://127.0.0.1/hooks",
    "https://10.1.2.3/",
    "https://[::1]/",
    "https://quittance.test/",
  ])("cannot be at %s, which Stripe could not reach", async (privateUrl) => {
    const params = { url: privateUrl, enabled_events: ["*" as const] };
    const refused = setUpApi().stripe.webhookEndpoints.create(params);
    await expect(refused).rejects.toMatchObject({ code: "url_invalid", param: "url" });
    const open = setUpApi({ allowPrivateWebhookUrls: true });
    expect((await open.stripe.webhookEndpoints.create(params)).url).toBe(privateUrl);
  });

  it("need a scheme, and events that Stripe sends", async () => {
    const { call } = setUpApi();
    const create = async (form: Record<string, string>) =>
      (await call("/v1/webhook_endpoints", { method: "POST", body: new URLSearchParams(form) })).body.error;
    expect(await create({ url: "quittance.example", "enabled_events[]": "*" })).toMatchObject({
      code: "url_invalid",
    });
    expect(await create({ url, "enabled_events[]": "invoice.settled" })).toMatchObject({
      param: "enabled_events[0]",
    });
    expect(await create({ url, "enabled_events[]": "*", api_version: "1999-01-01" })).toMatchObject({
      param: "api_version",
    });
    expect(await create({ url })).toMatchObject({ code: "parameter_missing", param: "enabled_events" });
  });

  it("of a platform are marked by its application", async () => {
    const { stripe } = setUpApi();
    const endpoint = await stripe.webhookEndpoints.create({ url, enabled_events: ["*"], connect: true });
    expect(endpoint.application).toBe("ca_alpha");
  });
});

describe("events", () => {
  it("hold the object as it was, name the call that caused them, and are listed newest first", async () => {
    const { stripe } = setUpApi();
    const customer = await stripe.customers.create({ name: "Ada" }, { idempotencyKey: "k1" });
    await stripe.customers.update(customer.id, { name: "Ada L." });
    const events = await stripe.events.list();
    expect(events.data.map((event) => event.type)).toEqual(["customer.updated", "customer.created"]);
    const created = events.data[1];
    expect(created).toMatchObject({
      object: "event",
      api_version: "2026-10-28.endive",
      livemode: false,
      data: { object: { name: "Ada" } },
      request: { id: expect.stringMatching(/^req_/), idempotency_key: "k1" },
    });
    expect(created?.account).toBeUndefined();
    expect(await stripe.events.retrieve(created?.id ?? "")).toEqual(created);
    await expect(stripe.events.retrieve("evt_x")).rejects.toThrow("No such event: 'evt_x'");
  });

  it("are filtered by type, by types, by time, and by whether they were delivered", async () => {
    const { stripe, sandbox, sent } = setUpApi();
    await stripe.products.create({ name: "Before there was an endpoint" });
    await stripe.webhookEndpoints.create({ url, enabled_events: ["customer.created"] });
    const customer = await stripe.customers.create({ name: "Ada" });
    await sandbox.advance(5000);
    await stripe.customers.del(customer.id);
    const types = async (params: Parameters<typeof stripe.events.list>[0]) =>
      (await stripe.events.list(params)).data.map((event) => event.type);
    expect(sent.map((event) => event.type)).toEqual(["customer.created"]);
    expect(await types({ type: "customer.created" })).toEqual(["customer.created"]);
    expect(await types({ type: "customer.*" })).toEqual(["customer.deleted", "customer.created"]);
    expect(await types({ types: ["product.created", "customer.deleted"] })).toEqual([
      "customer.deleted",
      "product.created",
    ]);
    expect(await types({ created: { gt: customer.created } })).toEqual(["customer.deleted"]);
    expect(await types({ delivery_success: true })).toEqual(["customer.created"]);
    await stripe.customers.create({ name: "Bob" });
    expect(await types({ delivery_success: false })).toEqual(["customer.created"]);
  });

  it("are listed for 30 days", async () => {
    const { stripe, sandbox } = setUpApi();
    await stripe.customers.create({ name: "Ada" });
    await sandbox.advance(30 * 24 * 60 * 60 * 1000);
    expect((await stripe.events.list()).data).toHaveLength(1);
    await sandbox.advance(1000);
    expect((await stripe.events.list()).data).toEqual([]);
  });
});

describe("the account", () => {
  it("is the one behind the key, whichever key of it is used", async () => {
    const { stripe, stripeOf } = setUpApi();
    const account = await stripe.accounts.retrieve("acct_alpha");
    expect(account).toMatchObject({
      id: "acct_alpha",
      charges_enabled: true,
      payouts_enabled: true,
      requirements: { currently_due: [], disabled_reason: null },
    });
    expect(await stripeOf("rk_test_alpha_other").accounts.retrieveCurrent()).toEqual(account);
    expect((await stripeOf("sk_test_beta_1").accounts.retrieveCurrent()).id).toBe("acct_beta");
  });

  it("keeps its objects to itself", async () => {
    const { stripe, stripeOf } = setUpApi();
    const customer = await stripe.customers.create({ name: "Ada" });
    const beta = stripeOf("sk_test_beta_1");
    await expect(beta.customers.retrieve(customer.id)).rejects.toMatchObject({ code: "resource_missing" });
    expect((await beta.customers.list()).data).toEqual([]);
    await expect(beta.accounts.retrieve("acct_alpha")).rejects.toMatchObject({
      type: "StripePermissionError",
    });
  });
});
