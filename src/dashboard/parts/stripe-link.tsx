// A way to an object in Stripe's own dashboard, in the account and mode that it lives in. A page says once where that
// is; its parts name the object alone.

import { createContext, type PropsWithChildren, useContext } from "hono/jsx";
import { Icon } from "../layout/icon.tsx";
import { CopyId } from "./copy.tsx";

export type StripePlace = { accountId: string | null; livemode: boolean };

/** The environment's account, for whatever part of a page shows an object of Stripe's. */
export const AtStripe = createContext<StripePlace>({ accountId: null, livemode: true });

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
  // Stripe's dashboard has no page of a session: its search leads to what came of it.
  cs: null,
} as const;

/** Null for an id that Stripe's dashboard cannot show. */
export function stripeHref(id: string, place: StripePlace): string | null {
  const [, prefix] = /^([a-z]+)_[A-Za-z0-9_]+$/.exec(id) ?? [];
  if (prefix === undefined || !Object.hasOwn(PLACES, prefix)) return null;
  const page = PLACES[prefix as keyof typeof PLACES];
  return `${stripeHome(place)}/${page === null ? `search?query=${id}` : `${page}/${id}`}`;
}

/** The dashboard of an account: `https://dashboard.stripe.com/acct_1/test`. */
export function stripeHome({ accountId, livemode }: StripePlace): string {
  const account = accountId !== null && /^acct_[A-Za-z0-9]+$/.test(accountId) ? `/${accountId}` : "";
  return `https://dashboard.stripe.com${account}${livemode ? "" : "/test"}`;
}

type LinkProps = PropsWithChildren<{
  id: string;
  /** It is what is to be done on the page. */
  button?: boolean | undefined;
}>;

/** @param props.children the words of the link; left out: "View in Stripe" */
export function ViewInStripe({ id, button = false, children }: LinkProps) {
  const here = useContext(AtStripe);
  const to = stripeHref(id, here);
  if (to === null) return null;
  return (
    <a class={button ? "button primary" : "whole"} href={to} target="_blank" rel="noopener noreferrer">
      {children ?? "View in Stripe"} <Icon name="external" />
      <span class="unseen"> (opens Stripe's dashboard)</span>
    </a>
  );
}

/** An id of Stripe's in a table: the way to its object; the id alone where there is none. */
export function StripeId({ id }: { id: string }) {
  const to = stripeHref(id, useContext(AtStripe));
  if (to === null) return <code class="clip">{id}</code>;
  return (
    <a class="mono clip" href={to} target="_blank" rel="noopener noreferrer" title={`${id}: view in Stripe`}>
      {id}
    </a>
  );
}

/** The same on the page of what it belongs to: with a button that copies it. */
export function StripeObject({ id, label }: { id: string; label: string }) {
  return (
    <span class="at-stripe">
      <CopyId id={id} label={label} />
      <ViewInStripe id={id} />
    </span>
  );
}

const ELSEWHERE = [
  "txn",
  "po",
  "pm",
  "seti",
  "ba",
  "card",
  "tr",
  "fee",
  "src",
  "file",
  "coupon",
  "promo",
  "il",
  "ii",
];

/** The search of Stripe's dashboard, for an id that is Stripe's by its looks and unknown here. */
export function SearchAtStripe({ id }: { id: string }) {
  const here = useContext(AtStripe);
  const [, prefix = ""] = /^([a-z]+)_[A-Za-z0-9_]{4,}$/.exec(id) ?? [];
  if (!Object.hasOwn(PLACES, prefix) && !ELSEWHERE.includes(prefix)) return null;
  return (
    <a href={`${stripeHome(here)}/search?query=${id}`} target="_blank" rel="noopener noreferrer">
      Look for it in Stripe <Icon name="external" />
    </a>
  );
}
