// Makes a session of Stripe's customer portal. It is not kept: whoever has its address may act for the customer, and
// Stripe lets it live for minutes only (https://docs.stripe.com/api/customer_portal/sessions).

import type Stripe from "stripe";
import { openForCalls } from "../connections/open-connection.ts";
import { ledger } from "../ledger/client.ts";
import { AppError, refuse } from "../platform/app-error.ts";
import type { Deps, Scope } from "../platform/deps.ts";
import { askForSession } from "./ask-for-session.ts";
import { type PortalSessionInput, portalErrors } from "./check-portal-session.ts";
import { forCustomer } from "./for-customer.ts";

/**
 * @param livemode whether the environment is live
 * @throws AppError `validation_failed` naming each place; what {@link openForCalls} and {@link forCustomer} throw;
 * `portal_not_configured` where nobody has saved the portal's options at Stripe; Stripe's refusal
 */
export async function createPortalSession(
  deps: Deps,
  scope: Scope,
  input: PortalSessionInput,
  livemode: boolean,
): Promise<Stripe.BillingPortal.Session> {
  const { customerId, flow } = input;
  const { allowedOrigins } = await ledger(deps, scope).readCheckoutRules({ names: [] });
  await ledger(deps, scope).requireCustomer({ customerId });
  const subscription =
    flow?.subscriptionId === undefined
      ? undefined
      : await ledger(deps, scope).findSubscription({ id: flow.subscriptionId });
  refuse(portalErrors(input, { livemode, allowedOrigins, subscription }));
  const opened = await openForCalls(deps, scope);
  const made = await forCustomer(deps, scope, opened, customerId, (stripeCustomerId) => {
    const parameters = portalParameters(input, stripeCustomerId);
    return askForSession(deps, scope, opened, {
      kind: "portal_session",
      parameters,
      make: (stripe, options) => stripe.billingPortal.sessions.create(parameters, options),
    });
  }).catch((error: unknown) => {
    throw isNotConfigured(error) ? notConfigured(livemode, error) : error;
  });
  await ledger(deps, scope).writeAudit({
    action: "billing_portal_session.created",
    object: "billing_portal_session",
    objectId: made.id,
    detail: { customer: customerId, flow: flow?.type ?? null, subscription: flow?.subscriptionId ?? null },
  });
  return made;
}

/** What Stripe is asked for. */
export function portalParameters(
  { returnUrl, flow, locale }: PortalSessionInput,
  stripeCustomerId: string | undefined,
): Stripe.BillingPortal.SessionCreateParams {
  return {
    ...(stripeCustomerId !== undefined && { customer: stripeCustomerId }),
    return_url: returnUrl,
    ...(locale !== undefined && { locale }),
    ...(flow && { flow_data: flowData(flow) }),
  };
}

function flowData({
  type,
  subscriptionId,
}: NonNullable<PortalSessionInput["flow"]>): Stripe.BillingPortal.SessionCreateParams.FlowData {
  return { type, ...(subscriptionId !== undefined && { [type]: { subscription: subscriptionId } }) };
}

/**
 * Stripe has no code for it; both its older and its newer words name the page where it is done
 * (https://github.com/mozilla/fxa/issues/13245).
 */
export function isNotConfigured(error: unknown): boolean {
  return (
    error instanceof AppError &&
    error.code === "stripe_refused" &&
    /settings\/billing\/portal/.test(error.message)
  );
}

function notConfigured(livemode: boolean, cause: unknown): AppError {
  const page = `https://dashboard.stripe.com/${livemode ? "" : "test/"}settings/billing/portal`;
  const detail = `Stripe's customer portal is not set up in the connected account. Open ${page}, choose what customers may do there and save it once. Then make the same call again.`;
  return new AppError("portal_not_configured", { detail, cause });
}
