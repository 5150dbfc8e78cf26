import { describe, expect, test } from "vitest";
import type { ConfigProblem } from "../../src/platform/config.ts";
import { type ConnectSettings, connectOffer, readConnect } from "../../src/platform/connect-config.ts";

function read(settings: ConnectSettings) {
  const problems: ConfigProblem[] = [];
  return { connect: readConnect(settings, problems), problems };
}

const WHOLE = {
  STRIPE_CONNECT_CLIENT_ID: "ca_live1234",
  STRIPE_CONNECT_SECRET_KEY_LIVE: "sk_live_abcd1234",
  STRIPE_CONNECT_SECRET_KEY_TEST: " rk_test_abcd1234 ",
  STRIPE_CONNECT_WEBHOOK_SECRETS: "whsec_abcdefghijklmnop, whsec_ponmlkjihgfedcba\nwhsec_abcdefghijklmnop",
};

test("nothing that is left out is a problem, and nothing is offered then", () => {
  const { connect, problems } = read({});
  expect(problems).toEqual([]);
  expect(connectOffer({ connect, stripeApiBase: null }, false)).toEqual({
    ok: false,
    missing: ["STRIPE_CONNECT_CLIENT_ID", "STRIPE_CONNECT_SECRET_KEY_TEST"],
    detail: expect.stringContaining("the operator has to set STRIPE_CONNECT_CLIENT_ID and"),
  });
});

test("one client id serves both modes unless test mode has another, and secrets are split and told apart", () => {
  expect(read(WHOLE)).toEqual({
    problems: [],
    connect: {
      clientIdLive: "ca_live1234",
      clientIdTest: "ca_live1234",
      secretKeyLive: "sk_live_abcd1234",
      secretKeyTest: "rk_test_abcd1234",
      webhookSecrets: ["whsec_abcdefghijklmnop", "whsec_ponmlkjihgfedcba"],
      sharesAccounts: false,
    },
  });
  const other = read({ ...WHOLE, STRIPE_CONNECT_CLIENT_ID_TEST: "ca_test1234" }).connect;
  expect([other.clientIdLive, other.clientIdTest]).toEqual(["ca_live1234", "ca_test1234"]);
});

describe("a setting of a wrong form is named, with the remedy and without its value", () => {
  const wrong: [keyof ConnectSettings, string, RegExp][] = [
    ["STRIPE_CONNECT_CLIENT_ID", "acct_1234567", /not a client id/],
    ["STRIPE_CONNECT_CLIENT_ID", "ca_...", /not a client id/],
    ["STRIPE_CONNECT_CLIENT_ID_TEST", "ca_1", /not a client id/],
    ["STRIPE_CONNECT_SECRET_KEY_LIVE", "sk_test_abcd1234", /a key of test mode/],
    ["STRIPE_CONNECT_SECRET_KEY_TEST", "sk_live_abcd1234", /a key of live mode/],
    ["STRIPE_CONNECT_SECRET_KEY_TEST", "pk_test_abcd1234", /not a secret key/],
    ["STRIPE_CONNECT_WEBHOOK_SECRETS", "we_1234567890abcdefgh", /no signing secret/],
    ["STRIPE_CONNECT_WEBHOOK_SECRETS", "whsec_abcdefghijklmnop whsec_", /one that is no signing secret/],
    ["STRIPE_CONNECT_SHARED_ACCOUNTS", "yes", /neither true nor false/],
  ];
  test.each(wrong)("%s as %s", (setting, value, words) => {
    const { problems } = read({ ...WHOLE, [setting]: value });
    expect(problems).toEqual([
      { setting, problem: expect.stringMatching(words), remedy: expect.stringMatching(/^Give /) },
    ]);
    expect(JSON.stringify(problems)).not.toContain(value);
  });
});

test("no live account is connected while STRIPE_API_BASE points elsewhere", () => {
  const { connect } = read(WHOLE);
  const base = "http://localhost:12111";
  expect(connectOffer({ connect, stripeApiBase: base }, true)).toMatchObject({
    ok: false,
    detail: expect.stringContaining("STRIPE_API_BASE is set"),
  });
  expect(connectOffer({ connect, stripeApiBase: base }, false)).toEqual({
    ok: true,
    clientId: "ca_live1234",
    secretKey: "rk_test_abcd1234",
  });
});
