// No tenant's mail is taken for somebody else's: its sender says through whom it comes, and a name that reads as an
// address, a payment service or another script's letters is refused.

import { expect, test } from "vitest";
import { senderNameProblem, shownSender } from "../../src/platform/sender-name.ts";

test.each([
  "Acme GmbH",
  "Pinstripe Tailors",
  "St. Gallen AG",
  "A.B.C. Ltd",
  "Müller & Söhne, Inh. J. Müller",
  "Rådhuset 24/7",
  "ООО Ромашка",
  "株式会社アクメ",
  "Ελληνικά Νερά",
  "Likewise Studios",
])("%s is a name", (name) => {
  expect(senderNameProblem(name)).toBeNull();
});

test.each([
  "support@stripe.com",
  "paypal.com",
  "Acme www.acme.example",
  "Stripe",
  "STRIPE Billing",
  "Str1pe",
  "S t r i p e",
  "Pay Pal",
  "PayPal®",
  "Śtripe",
  "Ѕtripe",
  "Аcme",
  "American Express",
  "Quittance",
  "acme．com",
])("%s is none", (name) => {
  expect(senderNameProblem(name)).toEqual(expect.any(String));
});

test("the sender says through whom a mail comes; the operator alone stands for itself", () => {
  const operator = { email: "billing@platform.example", name: "Platform" };
  expect(shownSender("Acme", operator)).toBe("Acme via Platform");
  expect(shownSender("Acme", { ...operator, name: null })).toBe("Acme via platform.example");
  expect(shownSender("Platform", operator)).toBe("Platform");
  expect(shownSender(null, operator)).toBe("Platform");
  expect(shownSender(null, { ...operator, name: null })).toBeNull();
});
