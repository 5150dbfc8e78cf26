// Doors whose fields go to Stripe, each with the call that brings them there.

import { expect } from "vitest";
import { postToStripe, URLS } from "../checkout/checkout-fixture.ts";
import type { Answer, Json } from "../harness/api.ts";
import { sandbox } from "../harness/sandbox.ts";
import { eventually, type TestWorld } from "../harness/world.ts";

export type Made = {
  answer: Answer<Json>;
  /** Fails where Stripe refuses what the door has taken. */
  isTaken: () => Promise<unknown>;
};
export type Door = (fields: object) => Promise<Made>;
export type Doors = Record<"customer" | "invoice" | "session" | "settings", Door> & {
  /** A coupon of 10 % at Stripe, once. */
  coupon: (id: string) => Promise<void>;
};

export const LINE = { description: "Pro", quantity: 1, unit_amount: 12_900 };
export const PRICE = { currency: "eur", unit_amount: 12_900, product_data: { name: "Pro" } };

export function doorsOf(world: Pick<TestWorld, "api" | "secretKey">): Doors {
  const coupon = async (id: string) => {
    if (sandbox.accountFor(world.secretKey).coupons[id]) return;
    await postToStripe(world.secretKey, "/v1/coupons", { id, percent_off: "10" });
  };
  let payer: string | undefined;
  const payerId = async (): Promise<string> => {
    payer ??= (await world.api("POST", "/customers", { name: "Ada" })).body.id as string;
    return payer;
  };
  const session: Door = async (fields) => {
    const line_items = [{ price_data: PRICE, quantity: 1 }];
    const answer = await world.api("POST", "/checkout_sessions", {
      ...{ mode: "payment", line_items, ...URLS },
      ...fields,
    });
    return { answer, isTaken: async () => expect(answer.status).toBe(201) };
  };
  // A customer goes to Stripe with the first session that names it.
  const customer: Door = async (fields) => {
    const answer = await world.api("POST", "/customers", { name: "Ada", ...fields });
    return { answer, isTaken: async () => (await session({ customer_id: answer.body.id })).isTaken() };
  };
  const invoice: Door = async (fields) => {
    const answer = await world.api("POST", "/invoices", {
      ...{ customer_id: await payerId(), currency: "eur", lines: [LINE], finalize: true },
      ...fields,
    });
    return { answer, isTaken: () => untilLinked(world, answer.body.id) };
  };
  // Settings show in the links that are made from then on.
  const settings: Door = async (fields) => {
    const answer = await world.api("PATCH", "/settings", fields);
    return { answer, isTaken: async () => (await invoice({})).isTaken() };
  };
  return { coupon, customer, invoice, session, settings };
}

/** Fails where the invoice's link could not be made. */
export async function untilLinked(world: Pick<TestWorld, "api">, id: string): Promise<void> {
  const seen = await eventually(
    async () => (await world.api("GET", `/invoices/${id}`)).body,
    ({ payment_link }) => payment_link?.status !== "pending",
  );
  // One over nothing is paid without a link.
  if (seen.amount_due === 0) expect(seen).toMatchObject({ status: "paid", payment_link: null });
  else expect(seen.payment_link).toMatchObject({ status: "active", error: null });
}
