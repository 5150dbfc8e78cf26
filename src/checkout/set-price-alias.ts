// Gives a price of the connected account a name, once Stripe has said that it is there and can be sold. What Stripe
// says of it is kept beside the name.

import type Stripe from "stripe";
import { atStripe, stripeStatus } from "../connections/at-stripe.ts";
import { openForCalls } from "../connections/open-connection.ts";
import type { NamedPrice, PriceAliasRow } from "../ledger/checkout/price-aliases.ts";
import { ledger } from "../ledger/client.ts";
import { invalid } from "../platform/app-error.ts";
import type { Deps, Scope } from "../platform/deps.ts";
import { PRICE_INTERVALS } from "../platform/tables/price-aliases.ts";

/**
 * @param asked.priceId Stripe's
 * @param livemode whether the environment is live
 * @throws AppError `validation_failed` at `price` for one that is not there, is archived or of the other mode; what
 * {@link openForCalls} throws; Stripe's failure
 */
export async function namePrice(
  deps: Deps,
  scope: Scope,
  { name, priceId }: { name: string; priceId: string },
  livemode: boolean,
): Promise<PriceAliasRow> {
  const { connection, stripe } = await openForCalls(deps, scope);
  const account = connection.row.accountId;
  const price = await atStripe(deps, scope, connection, () => stripe.prices.retrieve(priceId)).catch(
    (error: unknown) => {
      throw stripeStatus(error) === 404 ? unknownPrice(priceId, account) : error;
    },
  );
  const problem = priceProblem(price, livemode);
  if (problem !== null) throw invalid("price", problem);
  return ledger(deps, scope).setPriceAlias({ name, price: asNamed(price) });
}

/** Why a price cannot be given a name, in a sentence; null for nothing. */
export function priceProblem(
  price: Pick<Stripe.Price, "id" | "active" | "livemode">,
  livemode: boolean,
): string | null {
  const mode = (live: boolean) => (live ? "live mode" : "test mode");
  if (price.livemode !== livemode) {
    return `'${price.id}' is a price of ${mode(price.livemode)}, and this environment is of ${mode(livemode)}. Copy the id in Stripe's dashboard in ${mode(livemode)}.`;
  }
  if (price.active) return null;
  return `'${price.id}' is archived at Stripe and cannot be sold. Unarchive it under Product catalog, or name another.`;
}

function asNamed(price: Stripe.Price): NamedPrice {
  const { recurring } = price;
  return {
    priceId: price.id,
    currency: price.currency.toUpperCase(),
    unitAmount: price.unit_amount_decimal?.toString() ?? null,
    interval: PRICE_INTERVALS.find((interval) => interval === recurring?.interval) ?? null,
    intervalCount: recurring?.interval_count ?? null,
    isMetered: recurring?.usage_type === "metered",
  };
}

function unknownPrice(priceId: string, account: string) {
  const message = `Stripe knows no price '${priceId}' in the connected account ${account}. Copy its id under Product catalog in Stripe's dashboard: it begins with price_.`;
  return invalid("price", message);
}
