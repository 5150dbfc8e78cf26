import { describe, expect, test } from "vitest";
import { interpretEvent } from "../../src/webhooks/interpret-event.ts";
import {
  firstCustomer,
  firstSubscription,
  newCustomer,
  newItem,
  newSubscription,
} from "./payloads/customer-subscription.ts";
import { CREATED, event, list, NO_OWNER, OUR_METADATA, OUR_OWNER } from "./payloads/event.ts";

describe("a customer", () => {
  test("is told as Stripe has it, blank fields as none", () => {
    expect(fact("customer.updated", newCustomer({ phone: "" }))).toEqual({
      kind: "customer",
      stripeCustomerId: "cus_T9w2Lr",
      deleted: false,
      name: "Ada Lovelace",
      email: "ada@example.com",
      phone: null,
      address: {
        line1: "Rue du Rhône 1",
        line2: null,
        city: "Genève",
        state: null,
        postal_code: "1204",
        country: "CH",
      },
      metadata: { ...OUR_METADATA, plan: "gold" },
      owner: OUR_OWNER,
      occurredAtMs: CREATED * 1000,
    });
  });

  test("of a version without names says nothing of them, so that none is erased", () => {
    const found = fact("customer.updated", firstCustomer());
    expect(found).toMatchObject({ email: "ada@example.com", owner: NO_OWNER });
    for (const field of ["name", "phone", "address"]) {
      expect((found as Record<string, unknown>)[field], field).toBeUndefined();
    }
  });

  test("whose name was taken away has none", () => {
    expect(fact("customer.updated", newCustomer({ name: null, address: null }))).toMatchObject({
      name: null,
      address: null,
    });
  });

  test("is deleted by its deletion alone", () => {
    expect(fact("customer.deleted", newCustomer())).toMatchObject({
      deleted: true,
      stripeCustomerId: "cus_T9w2Lr",
    });
    expect(fact("customer.deleted", { id: "cus_T9w2Lr", object: "customer", deleted: true })).toMatchObject({
      deleted: true,
    });
    expect(fact("customer.created", newCustomer())).toMatchObject({ deleted: false });
  });

  test("keeps what of its metadata is text", () => {
    expect(fact("customer.updated", newCustomer({ metadata: { a: "1", b: 2, c: null } }))).toMatchObject({
      metadata: { a: "1" },
    });
  });
});

describe("a subscription", () => {
  test("of today has its period and prices on its items", () => {
    expect(fact("customer.subscription.updated", newSubscription())).toEqual({
      kind: "subscription",
      subscriptionId: "sub_1SQh1K",
      status: "active",
      stripeCustomerId: "cus_T9w2Lr",
      currentPeriodStartMs: CREATED * 1000,
      currentPeriodEndMs: (CREATED + 2_592_000) * 1000,
      cancelAtPeriodEnd: false,
      cancelAtMs: null,
      canceledAtMs: null,
      endedAtMs: null,
      hasMoreItems: false,
      trialEndMs: null,
      pauseCollection: null,
      items: [
        {
          subscriptionItemId: "si_TPm1",
          priceId: "price_1SQ",
          productId: "prod_TPm",
          quantity: 3,
          unitAmountMinor: 4900,
          unitAmountDecimal: "4900",
          currency: "EUR",
          interval: "month",
          intervalCount: 1,
          currentPeriodStartMs: CREATED * 1000,
          currentPeriodEndMs: (CREATED + 2_592_000) * 1000,
        },
      ],
      metadata: OUR_METADATA,
      owner: OUR_OWNER,
      createdAtMs: (CREATED - 100) * 1000,
      occurredAtMs: CREATED * 1000,
      deleted: false,
    });
  });

  test("of 2015 has one plan and its period on itself", () => {
    expect(fact("customer.subscription.updated", firstSubscription())).toMatchObject({
      currentPeriodStartMs: 1_422_400_100_000,
      currentPeriodEndMs: 1_425_078_500_000,
      items: [
        {
          subscriptionItemId: null,
          priceId: "gold",
          productId: null,
          quantity: 2,
          unitAmountMinor: 4900,
          currency: "EUR",
          interval: "month",
          intervalCount: 1,
        },
      ],
    });
  });

  test("of 2018, with plans on its items, reads the plan", () => {
    const { price: _, ...item } = newItem();
    const found = fact(
      "customer.subscription.updated",
      newSubscription({ items: list("/v1/items", [item]) }),
    );
    expect(found).toMatchObject({
      items: [{ priceId: "price_1SQ", unitAmountMinor: 4900, interval: "month" }],
    });
  });

  test("whose items renew at different times spans them all", () => {
    const items = list("/v1/items", [
      newItem({ current_period_start: CREATED - 50, current_period_end: CREATED + 100 }),
      newItem({ id: "si_2", current_period_start: CREATED - 900, current_period_end: CREATED + 9000 }),
    ]);
    expect(fact("customer.subscription.updated", newSubscription({ items }))).toMatchObject({
      currentPeriodStartMs: (CREATED - 900) * 1000,
      currentPeriodEndMs: (CREATED + 9000) * 1000,
    });
  });

  test.each([
    "incomplete",
    "trialing",
    "past_due",
    "unpaid",
    "paused",
    "incomplete_expired",
    "something_new",
  ])("keeps status %s word for word", (status) => {
    expect(fact("customer.subscription.updated", newSubscription({ status }))).toMatchObject({ status });
  });

  test("tells how it ends, pauses and tries", () => {
    const subscription = newSubscription({
      cancel_at_period_end: true,
      cancel_at: CREATED + 10,
      canceled_at: CREATED - 10,
      ended_at: CREATED - 1,
      trial_end: CREATED + 5,
      pause_collection: { behavior: "void", resumes_at: CREATED + 20 },
      customer: { id: "cus_expanded", object: "customer" },
    });
    expect(fact("customer.subscription.deleted", subscription)).toMatchObject({
      deleted: true,
      stripeCustomerId: "cus_expanded",
      cancelAtPeriodEnd: true,
      cancelAtMs: (CREATED + 10) * 1000,
      canceledAtMs: (CREATED - 10) * 1000,
      endedAtMs: (CREATED - 1) * 1000,
      trialEndMs: (CREATED + 5) * 1000,
      pauseCollection: { behavior: "void", resumesAtMs: (CREATED + 20) * 1000 },
    });
  });

  test("with a tiered, metered price has neither unit amount nor quantity", () => {
    const { quantity: _, ...item } = newItem({
      plan: null,
      price: {
        id: "price_t",
        object: "price",
        product: { id: "prod_x", object: "product" },
        unit_amount: null,
      },
    });
    expect(
      fact("customer.subscription.updated", newSubscription({ items: list("/v1/items", [item]) })),
    ).toMatchObject({
      items: [
        { priceId: "price_t", productId: "prod_x", quantity: null, unitAmountMinor: null, interval: null },
      ],
    });
  });
});

function fact(type: string, object: unknown) {
  const result = interpretEvent(event(type, object));
  if (result.outcome === "ignored") throw new Error(result.detail);
  expect(result.facts).toHaveLength(1);
  return result.facts[0];
}
