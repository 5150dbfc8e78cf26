import { expect, test } from "vitest";
import { searchGuides } from "../../src/docs/search-guides.ts";
import { CALLED_HERE } from "../../src/docs/search-words.ts";
import { linksOf, open, textOf } from "../dashboard/browse.ts";

const ORIGIN = "https://quittance.example";
const firstOf = (query: string) => searchGuides(query, ORIGIN)[0]?.href;

test.each([
  ["refund", "/docs/refunds"],
  ["Refunds", "/docs/refunds"],
  ["chargeback", "/docs/refunds"],
  ["test card", "/docs/test-cards"],
  ["SEPA", "/docs/test-cards#bank-debits"],
  ["dunning", "/docs/dunning"],
  ["reminder", "/docs/dunning#reminders"],
  ["429", "/docs/conventions#what-to-try-again"],
  ["idempotency", "/docs/conventions#doing-it-once"],
  ["pagination", "/docs/conventions#lists"],
  ["rotate secret", "/docs/stripe-setup#replacing-a-key-or-a-secret"],
  ["cancel subscription", "/docs/checkout#subscriptions"],
  ["cost", "/docs/operations#cost"],
  ["backup", "/docs/operations#restore"],
  ["sdk", "/docs/client"],
  ["customer portal", "/docs/checkout#the-customer-portal"],
])("who types %s is led to %s", (query, place) => {
  expect(firstOf(query)).toBe(place);
});

test("the words of other products find what it is called here", () => {
  expect(Object.keys(CALLED_HERE).filter((word) => firstOf(word) === undefined)).toEqual([]);
});

test("beside the guides, the search finds calls by their path and by what they do", async () => {
  const found = await open("/docs?q=cancel%20subscription");
  expect(linksOf(found.html)).toContain("/docs/calls/post-subscriptions-id-cancel");
  expect(textOf((await open("/docs?q=zzzzz")).html)).not.toContain("Calls of the API");
});
