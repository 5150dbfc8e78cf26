import Stripe from "stripe";
import { describe, expect, it } from "vitest";
import { createSandbox } from "./sandbox.ts";

const KEY = "sk_test_alpha_1";
const HOUR_MS = 3_600_000;

function setUp() {
  const sent: string[] = [];
  const startMs = Date.now();
  const sandbox = createSandbox({
    now: () => startMs,
    origin: "http://sandbox.test",
    autoRun: false,
    async send(_url, { body }) {
      sent.push(JSON.parse(body).type);
      return { status: 200 };
    },
  });
  const stripe = new Stripe(KEY, {
    httpClient: Stripe.createFetchHttpClient((url: RequestInfo | URL, init?: RequestInit) =>
      sandbox.fetch(new Request(url, init)),
    ),
    host: "sandbox.test",
    protocol: "http",
    maxNetworkRetries: 0,
  });
  async function control(method: string, path: string, body?: unknown) {
    const request = new Request(`http://sandbox.test/_sandbox/${path}`, {
      method,
      ...(body !== undefined && { body: JSON.stringify(body) }),
    });
    const response = await sandbox.fetch(request);
    return { status: response.status, body: (await response.json()) as Record<string, unknown> };
  }
  return { sandbox, stripe, sent, control, startMs };
}

type Setup = ReturnType<typeof setUp>;

const listen = ({ stripe }: Setup) =>
  stripe.webhookEndpoints.create({ url: "https://receiver.example/hook", enabled_events: ["*"] });

async function makeLink({ stripe }: Setup): Promise<Stripe.PaymentLink> {
  const price_data = { currency: "eur", unit_amount: 12_900, product_data: { name: "Pro plan" } };
  return stripe.paymentLinks.create({ line_items: [{ price_data, quantity: 1 }] });
}

describe("the control door", () => {
  it("says that the sandbox is up", async () => {
    expect(await setUp().control("GET", "health")).toEqual({ status: 200, body: { ok: true } });
  });

  it("sets a fault that Stripe's own library meets once, and clears what is left", async () => {
    const setup = setUp();
    await setup.control("POST", "faults", { kind: "rate_limit", retryAfterSeconds: 9, times: 5 });
    await expect(setup.stripe.events.list()).rejects.toMatchObject({
      type: "StripeRateLimitError",
      headers: { "retry-after": "9" },
    });
    await setup.control("DELETE", "faults");
    expect((await setup.stripe.events.list()).data).toEqual([]);
  });

  it.each([
    ["invalid_request", "StripeInvalidRequestError"],
    ["unauthorized", "StripeAuthenticationError"],
  ])("says of a fault %s what it is told to say", async (kind, type) => {
    const setup = setUp();
    await setup.control("POST", "faults", { kind, message: "<b>No.</b>" });
    await expect(setup.stripe.events.list()).rejects.toMatchObject({ type, message: "<b>No.</b>" });
  });

  it.each([
    [{ kind: "explode" }, "kind"],
    [{ kind: "timeout", times: 0 }, "times"],
    [{ kind: "timeout", pathh: "/v1" }, "pathh"],
    [{ kind: "timeout", path: "v1/events" }, "path"],
    [{ kind: "server_error", retryAfterSeconds: 3 }, "retryAfterSeconds"],
    [{ kind: "timeout", message: "No." }, "message"],
  ])("refuses the fault %o and names what is wrong with it", async (fault, wrong) => {
    const setup = setUp();
    const { status, body } = await setup.control("POST", "faults", fault);
    expect(status).toBe(400);
    expect(JSON.stringify(body)).toContain(wrong);
    expect(setup.sandbox.world.faults).toEqual([]);
  });

  it("changes only the named parts of the delivery policy, and releases what was withheld", async () => {
    const setup = setUp();
    await listen(setup);
    const policy = await setup.control("PUT", "delivery", { withhold: true });
    expect(policy.body).toEqual({ withhold: true, copies: 1, shuffle: true, delayMs: 0 });
    await setup.control("POST", "accounts/acct_alpha", { charges_enabled: false });
    await setup.sandbox.settle();
    expect(setup.sent).toEqual([]);
    const listed = await setup.control("GET", "deliveries");
    expect(listed.body.deliveries).toMatchObject([{ status: "withheld", type: "account.updated" }]);
    expect((await setup.control("POST", "deliveries/release")).body).toEqual({ released: 1 });
    await setup.sandbox.settle();
    expect(setup.sent).toEqual(["account.updated"]);
  });

  it("changes an account and says so by an event that tells what it was before", async () => {
    const setup = setUp();
    await listen(setup);
    const requirements = { currently_due: ["external_account"] };
    await setup.control("POST", "accounts/acct_alpha", { payouts_enabled: false, requirements });
    const account = await setup.stripe.accounts.retrieveCurrent();
    expect(account).toMatchObject({ payouts_enabled: false, charges_enabled: true, requirements });
    const [event] = (await setup.stripe.events.list({ type: "account.updated" })).data;
    expect(event?.data.previous_attributes).toMatchObject({
      payouts_enabled: true,
      requirements: { currently_due: [] },
    });
  });

  it("sends an event once more", async () => {
    const setup = setUp();
    await listen(setup);
    await setup.control("POST", "accounts/acct_alpha", { charges_enabled: false });
    await setup.sandbox.settle();
    const [event] = (await setup.stripe.events.list()).data;
    expect((await setup.control("POST", `events/${event?.id}/resend`)).body).toEqual({ sent_to: 1 });
    await setup.sandbox.settle();
    expect(setup.sent).toEqual(["account.updated", "account.updated"]);
  });

  it("ends a connection as a merchant does in the dashboard, and tells the platform", async () => {
    const setup = setUp();
    const platform = setup.sandbox.accountFor("sk_test_platform_1");
    setup.sandbox.world.oauthGrants.acct_alpha = platform.account.id;
    setup.sandbox.accountFor(KEY);
    await setup.control("POST", "accounts/acct_alpha/deauthorize");
    expect(setup.sandbox.world.oauthGrants).toEqual({});
    expect((await setup.stripe.events.list()).data).toMatchObject([
      { type: "account.application.deauthorized", account: "acct_alpha" },
    ]);
    expect((await setup.control("POST", "accounts/acct_alpha/deauthorize")).status).toBe(404);
  });

  it("revokes a key, and only that one", async () => {
    const setup = setUp();
    await setup.control("POST", "keys/revoke", { key: KEY });
    await expect(setup.stripe.events.list()).rejects.toMatchObject({ type: "StripeAuthenticationError" });
    const other = await setup.sandbox.fetch(
      new Request("http://sandbox.test/v1/events", { headers: { authorization: "Bearer sk_test_alpha_2" } }),
    );
    expect(other.status).toBe(200);
  });

  it("moves the sandbox's clock on", async () => {
    const setup = setUp();
    expect((await setup.control("POST", "advance", { ms: HOUR_MS })).body).toEqual({
      now_ms: setup.startMs + HOUR_MS,
    });
    expect((await setup.control("POST", "advance", { ms: -1 })).status).toBe(400);
  });

  it("pays a link as a customer would, and a dispute that follows can be closed", async () => {
    const setup = setUp();
    const link = await makeLink(setup);
    const paid = await setup.control("POST", "pay", {
      payment_link: link.id,
      card: "4000 0000 0000 0259",
      email: "ada@example.com",
      key: KEY,
    });
    expect(paid.body).toMatchObject({ outcome: "succeeded" });
    await setup.sandbox.settle();
    const [dispute] = (await setup.stripe.disputes.list()).data;
    const closed = await setup.control("POST", `disputes/${dispute?.id}/close`, {
      outcome: "lost",
      key: KEY,
    });
    expect(closed.body).toMatchObject({ id: dispute?.id, status: "lost" });
  });

  it("pays a session with the code and the quantity that its payer chose", async () => {
    const setup = setUp();
    const { id: coupon } = await setup.stripe.coupons.create({ percent_off: 25 });
    await setup.stripe.promotionCodes.create({ promotion: { type: "coupon", coupon }, code: "SPRING" });
    const price_data = { currency: "eur", unit_amount: 1000, product_data: { name: "Seat" } };
    const session = await setup.stripe.checkout.sessions.create({
      mode: "payment",
      success_url: "https://shop.example/ok",
      allow_promotion_codes: true,
      line_items: [{ price_data, quantity: 1, adjustable_quantity: { enabled: true } }],
    });
    const choice = { promotionCode: "SPRING", quantity: 4 };
    const payer = { card: "4242424242424242", email: "ada@example.com", key: KEY, ...choice };
    await setup.control("POST", "pay", { session: session.id, ...payer });
    expect(await setup.stripe.checkout.sessions.retrieve(session.id)).toMatchObject({
      status: "complete",
      amount_total: 3000,
    });
  });

  it.each([
    ["POST", "pay", { card: "4242424242424242", key: KEY }, 400],
    ["POST", "pay", { card: "4242424242424242", key: "pk_live_1", session: "cs_1" }, 400],
    ["POST", "events/evt_none/resend", undefined, 404],
    ["POST", "accounts/acct_none", {}, 404],
    ["POST", "disputes/du_none/close", { outcome: "won", key: KEY }, 404],
    ["POST", "deliveries/drop", undefined, 404],
    ["GET", "nothing", undefined, 404],
  ])("answers %s %s %o with an error and not with a crash", async (method, path, body, status) => {
    const answer = await setUp().control(method, path, body);
    expect(answer.status).toBe(status);
    expect(answer.body.error).toMatchObject({ message: expect.any(String) });
  });
});
