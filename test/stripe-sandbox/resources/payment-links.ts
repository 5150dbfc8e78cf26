// Payment links: what a payer is sent. Opening one makes a checkout session (see checkout-sessions.ts).

import type Stripe from "stripe";
import { MOST } from "../../../src/platform/stripe-limits.ts";
import { emitEvent } from "../emit-event.ts";
import { noSuch, noSuchParam } from "../errors.ts";
import { listParameters, newestFirst, paginate } from "../lists.ts";
import { array, boolean, hash, type ParametersOf, required } from "../parameters.ts";
import { plain } from "../plain.ts";
import { route } from "../routes.ts";
import type { AccountWorld } from "../types.ts";
import { changedValues } from "./changed-values.ts";
import { lineItemParameters } from "./checkout-parameters.ts";
import { checkCart, createCart, withQuantity } from "./line-items.ts";
import {
  changePaymentLink,
  linkParameters,
  linkUpdateParameters,
  newPaymentLink,
} from "./payment-link-object.ts";

const created = {
  ...linkParameters,
  line_items: required(array(hash(lineItemParameters))),
} satisfies ParametersOf<Stripe.PaymentLinkCreateParams>;
const { currency: _currency, ...changeable } = linkUpdateParameters;
const updated = changeable satisfies ParametersOf<Stripe.PaymentLinkUpdateParams>;
const listed = { ...listParameters, active: boolean() } satisfies ParametersOf<Stripe.PaymentLinkListParams>;

export const paymentLinkRoutes = [
  route("POST", "/v1/payment_links", "payment_link", created, ({ context, accountId, account, params }) => {
    const { items } = createCart(context, accountId, account, params.line_items, MOST.linkLines);
    const cart = checkCart(items);
    const link = newPaymentLink(params, cart, context.options.origin);
    account.paymentLinks[link.id] = link;
    account.paymentLinkLineItems[link.id] = cart.items;
    emitEvent(context, accountId, "payment_link.created", link);
    return link;
  }),
  route("GET", "/v1/payment_links", "payment_link", listed, ({ account, params, url }) => {
    const links = newestFirst(account.paymentLinks).filter(
      (link) => params.active === undefined || link.active === params.active,
    );
    return paginate(links, params, { url, kind: "payment_link" });
  }),
  route("GET", "/v1/payment_links/:id", "payment_link", {}, ({ account, id }) => findLink(account, id)),
  route("POST", "/v1/payment_links/:id", "payment_link", updated, (call) => {
    const { context, accountId, account, id, params } = call;
    const before = findLink(account, id);
    const link = plain(before);
    const items = account.paymentLinkLineItems[id] ?? [];
    const cart = checkCart(changeQuantities(items, params.line_items ?? []));
    changePaymentLink(link, params, cart.mode);
    account.paymentLinks[id] = link;
    account.paymentLinkLineItems[id] = cart.items;
    emitEvent(context, accountId, "payment_link.updated", link, changedValues(before, link));
    return link;
  }),
  route("GET", "/v1/payment_links/:id/line_items", "payment_link", listParameters, (call) => {
    const { account, id, params, url } = call;
    findLink(account, id);
    return paginate(account.paymentLinkLineItems[id] ?? [], params, { url, kind: "line item" });
  }),
];

function changeQuantities(
  items: readonly Stripe.LineItem[],
  changes: readonly { id: string; quantity?: number }[],
): Stripe.LineItem[] {
  for (const [index, change] of changes.entries()) {
    if (items.some((item) => item.id === change.id)) continue;
    throw noSuchParam("line item", change.id, `line_items[${index}][id]`);
  }
  return items.map((item) => {
    const quantity = changes.find((change) => change.id === item.id)?.quantity;
    return quantity === undefined ? item : withQuantity(item, quantity);
  });
}

function findLink(account: AccountWorld, id: string): Stripe.PaymentLink {
  const link = account.paymentLinks[id];
  if (!link) throw noSuch("payment_link", id);
  return link;
}
