// Coupons, and the promotion codes by which payers name them.

import type Stripe from "stripe";
import { currency } from "../amounts.ts";
import { emitEvent } from "../emit-event.ts";
import { invalidRequest, missingParameter, noSuch, noSuchParam } from "../errors.ts";
import { newId, randomString } from "../ids.ts";
import { listParameters, newestFirst, paginate } from "../lists.ts";
import { mergeMetadata, metadata } from "../metadata.ts";
import {
  boolean,
  hash,
  integer,
  oneOf,
  type ParametersOf,
  required,
  string,
  stringThat,
  timestamp,
} from "../parameters.ts";
import { seconds } from "../plain.ts";
import { route } from "../routes.ts";

const percent = {
  parse(node: Parameters<ReturnType<typeof string>["parse"]>[0], name: string): number {
    const value = Number(string().parse(node, name));
    if (value > 0 && value <= 100) return value;
    throw invalidRequest(`Invalid percent_off: must be greater than 0 and at most 100`, { param: name });
  },
};
const created = {
  amount_off: integer({ min: 1 }),
  currency: currency(),
  duration: oneOf("forever", "once", "repeating"),
  duration_in_months: integer({ min: 1 }),
  id: string(),
  max_redemptions: integer({ min: 1 }),
  metadata: metadata(),
  name: string(40),
  percent_off: percent,
  redeem_by: timestamp(),
} satisfies ParametersOf<Stripe.CouponCreateParams>;
// https://docs.stripe.com/api/promotion_codes/create#create_promotion_code-code
const code = stringThat(
  (text) => (/^[A-Za-z0-9]+$/.test(text) ? null : `Invalid promotion code: ${text}`),
  500,
);
const createdCode = {
  active: boolean(),
  code,
  max_redemptions: integer({ min: 1 }),
  metadata: metadata(),
  promotion: required(hash({ coupon: string(), type: required(oneOf("coupon")) })),
} satisfies ParametersOf<Stripe.PromotionCodeCreateParams>;
const updatedCode = {
  active: boolean(),
  metadata: metadata(),
} satisfies ParametersOf<Stripe.PromotionCodeUpdateParams>;

export const couponRoutes = [
  route("POST", "/v1/coupons", "coupon", created, ({ context, accountId, account, params }) => {
    const { amount_off, percent_off } = params;
    if ((amount_off === undefined) === (percent_off === undefined))
      throw invalidRequest("You must pass exactly one of these parameters: percent_off, amount_off.");
    if (amount_off !== undefined && params.currency === undefined) throw missingParameter("currency");
    const id = params.id ?? randomString(8);
    const coupon: Stripe.Coupon = {
      id,
      object: "coupon",
      amount_off: amount_off ?? null,
      created: seconds(context.now()),
      currency: params.currency ?? null,
      duration: params.duration ?? "once",
      duration_in_months: params.duration_in_months ?? null,
      livemode: false,
      max_redemptions: params.max_redemptions ?? null,
      metadata: mergeMetadata(null, params.metadata),
      name: params.name ?? null,
      percent_off: percent_off ?? null,
      redeem_by: params.redeem_by ?? null,
      times_redeemed: 0,
      valid: true,
    };
    account.coupons[id] = coupon;
    emitEvent(context, accountId, "coupon.created", coupon);
    return coupon;
  }),
  route("GET", "/v1/coupons", "coupon", listParameters, ({ account, params, url }) =>
    paginate(newestFirst(account.coupons), params, { url, kind: "coupon" }),
  ),
  route("GET", "/v1/coupons/:id", "coupon", {}, ({ account, id }) => {
    const coupon = Object.hasOwn(account.coupons, id) ? account.coupons[id] : undefined;
    if (!coupon) throw noSuch("coupon", id);
    return coupon;
  }),
  route("DELETE", "/v1/coupons/:id", "coupon", {}, ({ context, accountId, account, id }) => {
    const coupon = Object.hasOwn(account.coupons, id) ? account.coupons[id] : undefined;
    if (!coupon) throw noSuch("coupon", id);
    delete account.coupons[id];
    emitEvent(context, accountId, "coupon.deleted", coupon);
    return { id, object: "coupon", deleted: true };
  }),
  route("POST", "/v1/promotion_codes", "promotion_code", createdCode, (call) => {
    const { context, accountId, account, params } = call;
    const { coupon = "" } = params.promotion;
    if (!Object.hasOwn(account.coupons, coupon)) throw noSuchParam("coupon", coupon, "promotion[coupon]");
    const made: Stripe.PromotionCode = {
      id: newId("promo"),
      object: "promotion_code",
      active: params.active ?? true,
      code: params.code ?? randomString(8).toUpperCase(),
      created: seconds(context.now()),
      customer: null,
      customer_account: null,
      expires_at: null,
      livemode: false,
      max_redemptions: params.max_redemptions ?? null,
      metadata: mergeMetadata(null, params.metadata),
      promotion: { coupon, type: "coupon" },
      restrictions: { first_time_transaction: false, minimum_amount: null, minimum_amount_currency: null },
      times_redeemed: 0,
    };
    account.promotionCodes[made.id] = made;
    emitEvent(context, accountId, "promotion_code.created", made);
    return made;
  }),
  route("POST", "/v1/promotion_codes/:id", "promotion_code", updatedCode, ({ account, id, params }) => {
    const found = Object.hasOwn(account.promotionCodes, id) ? account.promotionCodes[id] : undefined;
    if (!found) throw noSuch("promotion code", id);
    found.metadata = mergeMetadata(found.metadata, params.metadata);
    if (params.active !== undefined) found.active = params.active;
    return found;
  }),
];
