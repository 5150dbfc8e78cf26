import { describe, expect, test } from "vitest";
import { interpretEvent } from "../../src/webhooks/interpret-event.ts";
import { CREATED, event, OUR_OWNER } from "./payloads/event.ts";
import { APPLICATION, firstAccount, newAccount, newPaymentLink } from "./payloads/invoice-account.ts";

describe("an account", () => {
  test("of today tells what it may do and what is required, past due first and once", () => {
    expect(fact("account.updated", newAccount())).toEqual({
      kind: "account",
      state: {
        id: "acct_1NvT4nKb",
        displayName: "Acme",
        country: "CH",
        defaultCurrency: "CHF",
        chargesEnabled: true,
        payoutsEnabled: false,
        detailsSubmitted: true,
        requirements: ["external_account", "tos_acceptance.date"],
        disabledReason: "requirements.past_due",
      },
      occurredAtMs: CREATED * 1000,
    });
  });

  test("of 2015 tells the same by its old names", () => {
    expect(fact("account.updated", firstAccount({ transfers_enabled: true }))).toMatchObject({
      state: {
        id: "acct_14qyt6Alijdnw0EA",
        displayName: "Acme",
        defaultCurrency: "CHF",
        chargesEnabled: true,
        payoutsEnabled: true,
        detailsSubmitted: true,
        requirements: ["bank_account"],
      },
    });
    expect(fact("account.updated", firstAccount({ display_name: null }))).toMatchObject({
      state: { displayName: "Acme SA", payoutsEnabled: false },
    });
  });

  test("that says nothing of being enabled is not ready", () => {
    expect(fact("account.updated", { id: "acct_1" })).toMatchObject({
      state: { chargesEnabled: false, payoutsEnabled: false, detailsSubmitted: false, requirements: [] },
    });
  });
});

describe("a deauthorisation", () => {
  test("is of the event's account, not of the application that the object is", () => {
    expect(fact("account.application.deauthorized", APPLICATION, { account: "acct_gone" })).toEqual({
      kind: "deauthorized",
      accountId: "acct_gone",
      applicationId: "ca_Nq2",
      occurredAtMs: CREATED * 1000,
    });
  });

  test.each([undefined, null, ""])("without an account (%j) disconnects nobody", (account) => {
    expect(interpretEvent(event("account.application.deauthorized", APPLICATION, { account }))).toMatchObject(
      {
        outcome: "ignored",
        reason: "unreadable_payload",
        detail: expect.stringContaining("account:"),
      },
    );
  });
});

describe("a payment link", () => {
  test.each([true, false])("tells that it is active: %s", (active) => {
    expect(fact("payment_link.updated", newPaymentLink({ active }))).toEqual({
      kind: "payment_link",
      paymentLinkId: "plink_1SQgzRKb3xW9tLm4",
      active,
      isUsedUp: true,
      owner: OUR_OWNER,
      occurredAtMs: CREATED * 1000,
    });
  });

  test("that does not say whether it is active is not guessed at", () => {
    expect(
      interpretEvent(event("payment_link.updated", newPaymentLink({ active: undefined }))),
    ).toMatchObject({
      reason: "unreadable_payload",
      detail: expect.stringContaining("data.object.active"),
    });
  });
});

function fact(type: string, object: unknown, overrides: { account?: string } = {}) {
  const result = interpretEvent(event(type, object, overrides));
  if (result.outcome === "ignored") throw new Error(result.detail);
  expect(result.facts).toHaveLength(1);
  return result.facts[0];
}
