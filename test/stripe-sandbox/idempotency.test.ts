import { describe, expect, it } from "vitest";
import { setUpApi } from "./api-fixture.ts";
import { ConnectionCut } from "./types.ts";

const idempotencyKey = "key-1";
const create = (name: string, key = idempotencyKey) => ({
  method: "POST",
  headers: { "idempotency-key": key },
  body: new URLSearchParams({ name }),
});

describe("an idempotency key", () => {
  it("makes a repeated call answer as the first did, and happen once", async () => {
    const { call, stripe } = setUpApi();
    const first = await call("/v1/customers", create("Ada"));
    const second = await call("/v1/customers", create("Ada"));
    expect(second.body).toEqual(first.body);
    expect(first.headers.get("idempotent-replayed")).toBeNull();
    expect(second.headers.get("idempotent-replayed")).toBe("true");
    expect(second.headers.get("original-request")).toBe(first.headers.get("request-id"));
    expect((await stripe.customers.list()).data).toHaveLength(1);
  });

  it("is refused with other parameters, or at another address", async () => {
    const { call, stripe } = setUpApi();
    await call("/v1/customers", create("Ada"));
    const other = stripe.customers.create({ name: "Bob" }, { idempotencyKey });
    await expect(other).rejects.toMatchObject({ type: "StripeIdempotencyError", statusCode: 400 });
    await expect(other).rejects.toThrow("with the same parameters they were first used with");
    const elsewhere = stripe.products.create({ name: "Ada" }, { idempotencyKey });
    await expect(elsewhere).rejects.toThrow(
      "for the same endpoint they were first used for ('/v1/customers')",
    );
  });

  it("belongs to its account, and is forgotten after a day", async () => {
    const { call, stripe, stripeOf, sandbox } = setUpApi();
    const { body } = await call("/v1/customers", create("Ada"));
    const beta = await stripeOf("sk_test_beta_1").customers.create({ name: "Bob" }, { idempotencyKey });
    expect(beta.id).not.toBe(body.id);
    await sandbox.advance(24 * 60 * 60 * 1000 + 1);
    expect((await stripe.customers.create({ name: "Bob" }, { idempotencyKey })).id).not.toBe(body.id);
  });

  it("keeps an error of the call itself, and not a refusal of its parameters", async () => {
    const { stripe } = setUpApi();
    const refund = () => stripe.refunds.create({ charge: "ch_x" }, { idempotencyKey });
    await expect(refund()).rejects.toThrow("No such charge");
    await expect(refund()).rejects.toMatchObject({ headers: { "idempotent-replayed": "true" } });
    const wrong = stripe.customers.create({ name: "x".repeat(257) }, { idempotencyKey: "key-2" });
    await expect(wrong).rejects.toMatchObject({ code: "parameter_invalid_string_too_long" });
    expect((await stripe.customers.create({ name: "Ada" }, { idempotencyKey: "key-2" })).name).toBe("Ada");
  });

  it("is in use while its first call is running", async () => {
    const { call, sandbox } = setUpApi();
    sandbox.world.faults.push({ kind: "timeout", times: 1, path: "/v1/customers" });
    const abort = new AbortController();
    const hanging = call("/v1/customers", { ...create("Ada"), signal: abort.signal });
    const outcome = expect(hanging).rejects.toThrow();
    const second = await waitFor409(() => call("/v1/customers", create("Ada")));
    expect(second.body.error).toMatchObject({
      type: "invalid_request_error",
      code: "idempotency_key_in_use",
    });
    abort.abort();
    await outcome;
    expect((await call("/v1/customers", create("Ada"))).status).toBe(200);
  });
});

describe("a fault", () => {
  it("of the rate limit is a 429 that is not remembered", async () => {
    const { stripe, sandbox } = setUpApi();
    sandbox.world.faults.push({ kind: "rate_limit", times: 1, retryAfterSeconds: 3 });
    const limited = stripe.customers.create({ name: "Ada" }, { idempotencyKey });
    await expect(limited).rejects.toMatchObject({
      type: "StripeRateLimitError",
      code: "rate_limit",
      headers: { "retry-after": "3" },
    });
    expect((await stripe.customers.create({ name: "Ada" }, { idempotencyKey })).name).toBe("Ada");
  });

  it("of the server is a 500 that its key replays", async () => {
    const { stripe, sandbox } = setUpApi();
    sandbox.world.faults.push({ kind: "server_error", times: 1 });
    const failing = () => stripe.customers.create({ name: "Ada" }, { idempotencyKey });
    await expect(failing()).rejects.toMatchObject({ type: "StripeAPIError", statusCode: 500 });
    await expect(failing()).rejects.toMatchObject({
      statusCode: 500,
      headers: { "idempotent-replayed": "true" },
    });
    expect((await stripe.customers.list()).data).toEqual([]);
  });

  it("that cuts the connection does so before or after the call was carried out", async () => {
    const { call, stripe, sandbox } = setUpApi();
    sandbox.world.faults.push({ kind: "cut_before", times: 1 }, { kind: "cut_after", times: 1 });
    await expect(call("/v1/customers", create("Ada"))).rejects.toThrow(ConnectionCut);
    expect(Object.keys(sandbox.world.accounts.acct_alpha?.customers ?? {})).toHaveLength(0);
    await expect(call("/v1/customers", create("Ada"))).rejects.toThrow(ConnectionCut);
    const replayed = await call("/v1/customers", create("Ada"));
    expect(replayed.headers.get("idempotent-replayed")).toBe("true");
    expect((await stripe.customers.list()).data.map(({ id }) => id)).toEqual([replayed.body.id]);
  });
});

async function waitFor409<T extends { status: number }>(attempt: () => Promise<T>): Promise<T> {
  await new Promise((resolve) => setTimeout(resolve, 5));
  const answer = await attempt();
  expect(answer.status).toBe(409);
  return answer;
}
