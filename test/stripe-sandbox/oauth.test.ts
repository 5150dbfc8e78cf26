import { describe, expect, it } from "vitest";
import { ORIGIN, setUpApi } from "./api-fixture.ts";

/** The platform is acct_platform; the merchant acct_shop consents on the page that a browser opens. */
async function connect() {
  const setup = setUpApi();
  const platform = setup.stripeOf("sk_test_platform_1");
  const query = new URLSearchParams({
    client_id: "ca_platform",
    response_type: "code",
    scope: "read_write",
    redirect_uri: "https://quittance.example/return",
    state: "s1",
    account: "acct_shop",
  });
  const consent = await setup.sandbox.fetch(new Request(`${ORIGIN}/oauth/authorize?${query}`));
  const location = new URL(consent.headers.get("location") ?? "");
  const code = location.searchParams.get("code") ?? "";
  return { ...setup, platform, location, code };
}

describe("Connect by OAuth", () => {
  it("sends the merchant back with a code, which is exchanged once for a token", async () => {
    const { platform, location, code, stripeOf } = await connect();
    expect(location.origin + location.pathname).toBe("https://quittance.example/return");
    expect(location.searchParams.get("state")).toBe("s1");
    const token = await platform.oauth.token({ grant_type: "authorization_code", code });
    expect(token).toMatchObject({
      stripe_user_id: "acct_shop",
      livemode: false,
      scope: "read_write",
      token_type: "bearer",
      stripe_publishable_key: expect.stringMatching(/^pk_test_/),
    });
    expect((await stripeOf(token.access_token).accounts.retrieveCurrent()).id).toBe("acct_shop");
    const again = platform.oauth.token({ grant_type: "authorization_code", code });
    await expect(again).rejects.toThrow("Authorization code does not exist");
    const refreshed = await platform.oauth.token({
      grant_type: "refresh_token",
      refresh_token: token.refresh_token,
    });
    expect(refreshed.stripe_user_id).toBe("acct_shop");
  });

  it("lets the platform act on the account by a header, and no one else", async () => {
    const { platform, code, stripeOf } = await connect();
    const header = { stripeAccount: "acct_shop" };
    await expect(platform.customers.list({}, header)).rejects.toMatchObject({
      type: "StripePermissionError",
    });
    await platform.oauth.token({ grant_type: "authorization_code", code });
    const customer = await platform.customers.create({ name: "Ada" }, header);
    expect((await stripeOf("sk_test_shop_1").customers.retrieve(customer.id)).id).toBe(customer.id);
    expect((await platform.customers.list()).data).toEqual([]);
    expect((await platform.accounts.retrieve("acct_shop")).id).toBe("acct_shop");
    const other = stripeOf("sk_test_other_1").customers.list({}, header);
    await expect(other).rejects.toMatchObject({ code: "account_invalid" });
  });

  it("tells the platform's Connect endpoint of the account's events, and names the account", async () => {
    const { platform, code, sent, sandbox } = await connect();
    await platform.oauth.token({ grant_type: "authorization_code", code });
    await platform.webhookEndpoints.create({
      url: "https://quittance.example/connect",
      enabled_events: ["*"],
      connect: true,
    });
    await platform.customers.create({ name: "Ada" }, { stripeAccount: "acct_shop" });
    await sandbox.settle();
    expect(sent).toMatchObject([{ type: "customer.created", account: "acct_shop" }]);
  });

  it("ends when it is deauthorized: the tokens die and the platform is told", async () => {
    const { platform, code, stripeOf, sent, sandbox } = await connect();
    const token = await platform.oauth.token({ grant_type: "authorization_code", code });
    await platform.webhookEndpoints.create({
      url: "https://quittance.example/connect",
      enabled_events: ["account.application.deauthorized"],
      connect: true,
    });
    const params = { client_id: "ca_platform", stripe_user_id: "acct_shop" };
    expect(await platform.oauth.deauthorize(params)).toMatchObject({ stripe_user_id: "acct_shop" });
    await sandbox.settle();
    expect(sent).toMatchObject([
      {
        type: "account.application.deauthorized",
        account: "acct_shop",
        data: { object: { id: "ca_platform" } },
      },
    ]);
    await expect(stripeOf(token.access_token).customers.list()).rejects.toMatchObject({ statusCode: 401 });
    await expect(platform.oauth.deauthorize(params)).rejects.toThrow("is not connected");
  });

  it("asks a person on a page, who signs in as an account and connects it", async () => {
    const { sandbox } = setUpApi();
    const query = new URLSearchParams({
      client_id: "ca_platform",
      response_type: "code",
      scope: "read_only",
      redirect_uri: "https://quittance.example/return",
    });
    const address = `${ORIGIN}/oauth/authorize?${query}`;
    const page = await (await sandbox.fetch(new Request(address))).text();
    expect(page).toContain("Connect your Stripe account");
    const body = new URLSearchParams({ account: "acct_shop" });
    const consent = await sandbox.fetch(new Request(address, { method: "POST", body }));
    const location = new URL(consent.headers.get("location") ?? "");
    expect(location.searchParams.get("code")).toMatch(/^ac_/);
    expect(location.searchParams.get("scope")).toBe("read_only");
  });

  it("gives a code to the application that asked, for five minutes", async () => {
    const { code, stripeOf, sandbox } = await connect();
    const exchange = { grant_type: "authorization_code", code } as const;
    await expect(stripeOf("sk_test_other_1").oauth.token(exchange)).rejects.toThrow("does not belong to you");
    await sandbox.advance(5 * 60 * 1000);
    await expect(stripeOf("sk_test_platform_1").oauth.token(exchange)).rejects.toThrow("does not exist");
  });

  it("can be refused by the merchant", async () => {
    const { sandbox } = setUpApi();
    const query = new URLSearchParams({
      client_id: "ca_platform",
      response_type: "code",
      redirect_uri: "https://quittance.example/return",
      state: "s1",
      deny: "1",
    });
    const refusal = await sandbox.fetch(new Request(`${ORIGIN}/oauth/authorize?${query}`));
    const location = new URL(refusal.headers.get("location") ?? "");
    expect(Object.fromEntries(location.searchParams)).toMatchObject({ state: "s1", error: "access_denied" });
  });
});
