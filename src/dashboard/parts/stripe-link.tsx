// A way to an object in Stripe's own dashboard, in the account and mode that it lives in.

import type { PropsWithChildren } from "hono/jsx";
import { Icon } from "../layout/icon.tsx";

export type StripePlace = { accountId: string | null; livemode: boolean };

const PLACES = {
  pi: "payments",
  ch: "payments",
  py: "payments",
  re: "refunds",
  pyr: "refunds",
  cus: "customers",
  sub: "subscriptions",
  in: "invoices",
  plink: "payment-links",
  evt: "workbench/events",
  we: "workbench/webhooks",
  ed: "workbench/webhooks",
  prod: "products",
  price: "prices",
  dp: "disputes",
  du: "disputes",
} as const;

/** Null for an id that Stripe's dashboard has no page for. */
export function stripeHref(id: string, { accountId, livemode }: StripePlace): string | null {
  const [, prefix] = /^([a-z]+)_[A-Za-z0-9_]+$/.exec(id) ?? [];
  if (prefix === undefined || !Object.hasOwn(PLACES, prefix)) return null;
  return `${stripeHome({ accountId, livemode })}/${PLACES[prefix as keyof typeof PLACES]}/${id}`;
}

/** The dashboard of an account: `https://dashboard.stripe.com/acct_1/test`. */
export function stripeHome({ accountId, livemode }: StripePlace): string {
  const account = accountId !== null && /^acct_[A-Za-z0-9]+$/.test(accountId) ? `/${accountId}` : "";
  return `https://dashboard.stripe.com${account}${livemode ? "" : "/test"}`;
}

/** @param props.children the words of the link; left out: "View in Stripe" */
export function ViewInStripe({ id, place, children }: PropsWithChildren<{ id: string; place: StripePlace }>) {
  const to = stripeHref(id, place);
  if (to === null) return null;
  return (
    <a class="whole" href={to} target="_blank" rel="noopener noreferrer">
      {children ?? "View in Stripe"} <Icon name="external" />
      <span class="unseen"> (opens Stripe's dashboard)</span>
    </a>
  );
}
