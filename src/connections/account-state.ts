// What is kept of a Stripe account, and how it is read from Stripe's object. Pure: no I/O, no clock.

import type { AccountState } from "../directory/connection-tables.ts";

/** The part of Stripe's account object that is read; both an API answer and an `account.updated` have it. */
export type StripeAccountShape = {
  id: string;
  business_profile?: { name?: string | null } | null;
  settings?: { dashboard?: { display_name?: string | null } | null } | null;
  country?: string | null;
  default_currency?: string | null;
  charges_enabled?: boolean;
  payouts_enabled?: boolean;
  details_submitted?: boolean;
  requirements?: {
    currently_due?: string[] | null;
    past_due?: string[] | null;
    disabled_reason?: string | null;
  } | null;
};

/** Reads an account as Stripe gives it. Absent flags count as false: an account is not ready until Stripe says so. */
export function readAccountState(account: StripeAccountShape): AccountState {
  const due = [...(account.requirements?.past_due ?? []), ...(account.requirements?.currently_due ?? [])];
  return {
    id: account.id,
    displayName: account.settings?.dashboard?.display_name || account.business_profile?.name || null,
    country: account.country ?? null,
    defaultCurrency: account.default_currency?.toUpperCase() ?? null,
    chargesEnabled: account.charges_enabled ?? false,
    payoutsEnabled: account.payouts_enabled ?? false,
    detailsSubmitted: account.details_submitted ?? false,
    requirements: [...new Set(due)],
    disabledReason: account.requirements?.disabled_reason ?? null,
  };
}

/** Where a person finishes what Stripe still asks for; null when nothing is missing. */
export function onboardingUrl(livemode: boolean, account: AccountState): string | null {
  const complete = account.chargesEnabled && account.payoutsEnabled && account.requirements.length === 0;
  return complete ? null : `https://dashboard.stripe.com/${livemode ? "" : "test/"}account/onboarding`;
}
