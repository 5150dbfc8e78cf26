// Charges: the tries to take the money of an intent.

import type Stripe from "stripe";
import { noSuch } from "../errors.ts";
import { inRange, listParameters, newestFirst, paginate, rangeParameter } from "../lists.ts";
import { mergeMetadata, metadata } from "../metadata.ts";
import { type ParametersOf, string } from "../parameters.ts";
import { route } from "../routes.ts";
import type { AccountWorld } from "../types.ts";

const listed = {
  ...listParameters,
  created: rangeParameter(),
  customer: string(),
  payment_intent: string(),
} satisfies ParametersOf<Stripe.ChargeListParams>;
const updated = {
  description: string(),
  metadata: metadata(),
  receipt_email: string(),
} satisfies ParametersOf<Stripe.ChargeUpdateParams>;

export const chargeRoutes = [
  route("GET", "/v1/charges", "charge", listed, ({ account, params, url }) => {
    const charges = newestFirst(account.charges)
      .filter(
        (charge) => params.payment_intent === undefined || charge.payment_intent === params.payment_intent,
      )
      .filter((charge) => params.customer === undefined || charge.customer === params.customer)
      .filter((charge) => inRange(charge.created, params.created));
    return paginate(charges, params, { url, kind: "charge" });
  }),
  route("GET", "/v1/charges/:id", "charge", {}, ({ account, id }) => find(account, id)),
  route("POST", "/v1/charges/:id", "charge", updated, ({ account, id, params }) => {
    const charge = find(account, id);
    const { metadata: change, ...rest } = params;
    charge.metadata = mergeMetadata(charge.metadata, change);
    Object.assign(charge, rest satisfies Partial<Stripe.Charge>);
    return charge;
  }),
];

function find(account: AccountWorld, id: string): Stripe.Charge {
  const charge = account.charges[id];
  if (!charge) throw noSuch("charge", id);
  return charge;
}
