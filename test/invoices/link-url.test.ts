import { expect, test } from "vitest";
import { linkUrlFor } from "../../src/invoices/link-url.ts";

const URL_AT_STRIPE = "https://buy.stripe.com/test_8wM?x=1";

test("the address that is sent has the customer's mail, the reference and the language, encoded", () => {
  const sent = linkUrlFor(URL_AT_STRIPE, {
    email: "ada+bills&x=1@example.com",
    clientReferenceId: "inv_0193",
    locale: "de",
  });
  expect(Object.fromEntries(new URL(sent).searchParams)).toEqual({
    x: "1",
    prefilled_email: "ada+bills&x=1@example.com",
    client_reference_id: "inv_0193",
    locale: "de",
  });
  expect(sent).toContain("ada%2Bbills%26x%3D1%40example.com");
});

test("what is not known, and a reference that Stripe would drop, is left out", () => {
  for (const clientReferenceId of [null, "2026:7", "a.b", "a".repeat(201), ""]) {
    expect(linkUrlFor(URL_AT_STRIPE, { email: null, clientReferenceId, locale: null })).toBe(URL_AT_STRIPE);
  }
});
