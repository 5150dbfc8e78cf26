import { describe, expect, it } from "vitest";
import { readPaymentForm } from "./payment-form.ts";

const NOW_MS = Date.UTC(2026, 10, 30, 23, 59);
const GOOD = {
  method: "card",
  email: "ada@example.com",
  card_number: "4242 4242 4242 4242",
  card_expiry: "12 / 30",
  card_cvc: "123",
  name: "Ada",
};

function read(changes: Record<string, string> = {}, lockedEmail: string | null = null) {
  return readPaymentForm(new URLSearchParams({ ...GOOD, ...changes }), lockedEmail, NOW_MS);
}

describe("the payment form", () => {
  it("gives the payer when all is well, the number in digits alone", () => {
    expect(read()).toMatchObject({
      errors: {},
      payer: { card: "4242424242424242", email: "ada@example.com", name: "Ada" },
    });
  });

  it.each([
    [{ card_number: "4242 4242" }, "number", "Your card number is incomplete."],
    [{ card_number: "4242 4242 4242 424x" }, "number", "Your card number is incomplete."],
    [{ card_expiry: "10 / 26" }, "expiry", "Your card's expiration date is in the past."],
    [{ card_expiry: "13 / 30" }, "expiry", "Your card's expiration date is invalid: write MM / YY."],
    [{ card_cvc: "12" }, "cvc", "Your card's security code is incomplete."],
    [{ card_cvc: "12345" }, "cvc", "Your card's security code is incomplete."],
    [{ email: "ada@" }, "email", "Your email address is incomplete."],
    [{ name: " " }, "name", "Enter your name."],
  ])("says of %o by its field what is wrong", (changes, field, message) => {
    const { errors, payer } = read(changes);
    expect(errors).toEqual({ [field]: message });
    expect(payer).toBeNull();
  });

  it.each(["11/26", "1126", "11 / 2026", "11 / 26"])("takes %s until that month is over", (expiry) => {
    expect(read({ card_expiry: expiry }).errors).toEqual({});
  });

  it("asks nothing of the card when a bank debit pays", () => {
    const { errors, payer } = read({ method: "bank_debit_failure", card_number: "", card_cvc: "" });
    expect(errors).toEqual({});
    expect(payer?.card).toBe("bank_debit_failure");
  });

  it("does not let the payer change an address that the session already knows", () => {
    expect(read({ email: "mallory@example.com" }, "ada@example.com").payer?.email).toBe("ada@example.com");
  });

  it("never gives the security code back to be shown", () => {
    expect(JSON.stringify(read({ card_cvc: "98765" }).form)).not.toContain("98765");
  });
});
