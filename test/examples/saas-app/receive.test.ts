import { describe, expect, test } from "vitest";
import { QuittanceError } from "../../../client/index.ts";
import { signMessage } from "../../../src/notifications/sign-message.ts";
import { createAccessBook } from "./access.ts";
import { createSaasApp } from "./app.ts";
import { type CheckoutSession, createQuittance } from "./quittance.ts";

const ORIGIN = "https://product.example";
const SECRET = "whsec_MDEyMzQ1Njc4OTAxMjM0NTY3ODkwMTIzNDU2Nzg5MDE=";
const user = { id: "user_ada", name: "Ada", email: "ada@example.com" };
const SESSION: CheckoutSession = {
  ...{ id: "cs_1", url: null, status: "complete", payment_status: "paid" },
  ...{ customer_id: user.id, subscription_id: "sub_1", metadata: { bought: "pro" } },
};

/** The product, with what Quittance would say of one session. */
function product(session: CheckoutSession = SESSION) {
  let asked = 0;
  const quittance = createQuittance({ url: "https://quittance.example", key: "qt_unused" });
  quittance.getCheckout = async (id) => {
    asked += 1;
    if (id === session.id) return session;
    throw new QuittanceError({
      status: 404,
      code: "not_found",
      detail: "No such checkout session.",
      request_id: "req_1",
    });
  };
  const access = createAccessBook();
  const app = createSaasApp({ origin: ORIGIN, hookSecret: SECRET, user, quittance, access });
  const tell = async (
    type: string,
    object: object,
    more: { id?: string; secret?: string; test?: true } = {},
  ) => {
    const { id = "msg_1", secret = SECRET, test } = more;
    const body = JSON.stringify({ id, type, test, data: { object } });
    const headers = signMessage([secret], id, body, Date.now());
    return (await app.request("/hooks/quittance", { method: "POST", body, headers })).status;
  };
  return { app, access, tell, asked: () => asked };
}

const COMPLETED = ["checkout_session.completed", { id: "cs_1" }] as const;

describe("a message", () => {
  test("grants what was bought, once however often it comes", async () => {
    const { access, tell, asked } = product();
    expect([await tell(...COMPLETED), await tell(...COMPLETED)]).toEqual([204, 204]);
    expect(access.of(user.id)).toEqual({ plan: { name: "pro", subscriptionId: "sub_1" }, products: [] });
    expect(asked()).toBe(1);
  });

  test("with another's signature grants nothing", async () => {
    const { access, tell } = product();
    const secret = `whsec_${btoa("a".repeat(32))}`;
    expect(await tell(...COMPLETED, { secret })).toBe(400);
    expect(access.of(user.id).plan).toBeNull();
  });

  test("that somebody sent to try the door is taken and grants nothing", async () => {
    const { access, tell, asked } = product();
    expect(await tell(...COMPLETED, { id: "msg_test_1", test: true })).toBe(204);
    expect(access.of(user.id).plan).toBeNull();
    expect(asked()).toBe(0);
  });

  test("of a session that is not paid yet grants nothing, and that of its payment does", async () => {
    const session = { ...SESSION, payment_status: "unpaid" as CheckoutSession["payment_status"] };
    const { access, tell } = product(session);
    await tell(...COMPLETED);
    expect(access.of(user.id).plan).toBeNull();
    session.payment_status = "paid";
    await tell("payment.succeeded", { checkout_session_id: "cs_1" }, { id: "msg_2" });
    expect(access.of(user.id).plan?.name).toBe("pro");
  });

  test("of a session with nothing to pay grants it", async () => {
    const { access, tell } = product({ ...SESSION, payment_status: "no_payment_required" });
    await tell(...COMPLETED);
    expect(access.of(user.id).plan?.name).toBe("pro");
  });

  test("that could not be taken in is asked for again", async () => {
    const { tell } = product();
    expect(await tell("checkout_session.completed", { id: "cs_other" })).toBe(502);
    expect(await tell(...COMPLETED)).toBe(204);
  });

  test("of a subscription that has ended takes its own plan away, and no other", async () => {
    const { access, tell } = product();
    await tell(...COMPLETED);
    await tell("subscription.deleted", { id: "sub_0", customer_id: user.id }, { id: "msg_2" });
    expect(access.of(user.id).plan?.name).toBe("pro");
    await tell("subscription.deleted", { id: "sub_1", customer_id: user.id }, { id: "msg_3" });
    expect(access.of(user.id).plan).toBeNull();
  });
});

describe("/thanks", () => {
  test.each([
    ["paid", {}, /Thank you/],
    ["under way", { payment_status: "unpaid" }, /some days/],
    ["for nothing", { payment_status: "no_payment_required" }, /nothing to pay/],
    ["still open", { status: "open" }, /not completed/],
  ] as const)("says what the API says: %s", async (_, fields, words) => {
    const answer = await product({ ...SESSION, ...fields }).app.request("/thanks?session=cs_1");
    expect(await answer.text()).toMatch(words);
  });

  test.each([
    ["another customer's", { customer_id: "user_grace" }, "cs_1"],
    ["that is not there", {}, "cs_none"],
  ])("thanks for no session %s", async (_, fields, id) => {
    const answer = await product({ ...SESSION, ...fields }).app.request(`/thanks?session=${id}`);
    expect(answer.status).toBe(404);
  });
});

test("a form from elsewhere sells nothing", async () => {
  const headers = { "content-type": "application/x-www-form-urlencoded", origin: "https://evil.example" };
  const answer = await product().app.request("/portal", { method: "POST", headers, body: "" });
  expect(answer.status).toBe(403);
});
