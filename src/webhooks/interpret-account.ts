// What an account may do and what Stripe still requires of it; and that its owner has taken our access back.

import * as z from "zod";
import { readAccountState } from "../connections/account-state.ts";
import type { Interpretation, StripeEventShape } from "./facts.ts";
import {
  facts,
  id,
  interpretObject,
  named,
  occurredAt,
  optionalFlag,
  optionalText,
  unreadable,
} from "./interpret-fields.ts";

const names = z
  .array(z.unknown())
  .nullish()
  .catch(null)
  .transform((list) => (list ?? []).filter((name): name is string => typeof name === "string"));

const accountSchema = z.object({
  object: named("account"),
  id,
  business_profile: z.object({ name: optionalText }).nullish().catch(null),
  settings: z
    .object({ dashboard: z.object({ display_name: optionalText }).nullish().catch(null) })
    .nullish()
    .catch(null),
  // Where the names were before 2019-02-19.
  display_name: optionalText,
  business_name: optionalText,
  country: optionalText,
  default_currency: optionalText,
  charges_enabled: optionalFlag,
  payouts_enabled: optionalFlag,
  // What payouts were called before 2017-04-06.
  transfers_enabled: optionalFlag,
  details_submitted: optionalFlag,
  requirements: z
    .object({ currently_due: names, past_due: names, disabled_reason: optionalText })
    .nullish()
    .catch(null),
  // What requirements were called before 2019-02-19.
  verification: z.object({ fields_needed: names, disabled_reason: optionalText }).nullish().catch(null),
});

export function interpretAccountUpdated(event: StripeEventShape): Interpretation {
  return interpretObject(accountSchema, event, (account) => {
    const { verification } = account;
    const state = readAccountState({
      id: account.id,
      business_profile: { name: account.business_profile?.name ?? account.business_name },
      settings: {
        dashboard: { display_name: account.settings?.dashboard?.display_name ?? account.display_name },
      },
      country: account.country,
      default_currency: account.default_currency,
      charges_enabled: account.charges_enabled ?? false,
      payouts_enabled: account.payouts_enabled ?? account.transfers_enabled ?? false,
      details_submitted: account.details_submitted ?? false,
      requirements:
        account.requirements ??
        (verification && {
          currently_due: verification.fields_needed,
          disabled_reason: verification.disabled_reason,
        }),
    });
    return facts({ kind: "account", state, occurredAtMs: occurredAt(event) });
  });
}

const applicationSchema = z.object({ object: named("application"), id: optionalText });

/** The object is the application, that is ourselves; whose access it was is only on the event. */
export function interpretDeauthorized(event: StripeEventShape): Interpretation {
  return interpretObject(applicationSchema, event, (application) => {
    if (typeof event.account !== "string" || !event.account) {
      return unreadable("account", "the event does not say which account it is of");
    }
    return facts({
      kind: "deauthorized",
      accountId: event.account,
      applicationId: application.id,
      occurredAtMs: occurredAt(event),
    });
  });
}
