// Asks Stripe whether it takes our calls on customers, checkout sessions and subscriptions, and takes away what
// was made. The sessions are ended at once, so that nobody can pay them.

import type Stripe from "stripe";
import type { CheckoutMode, CheckoutSessionInput } from "../../src/checkout/checkout-input.ts";
import { checkoutParameters } from "../../src/checkout/checkout-parameters.ts";
import { isNotConfigured, portalParameters } from "../../src/checkout/create-portal-session.ts";
import { priceProblem } from "../../src/checkout/set-price-alias.ts";
import type { Scope } from "../../src/platform/deps.ts";
import { fromStripeError } from "../../src/platform/stripe.ts";
import {
  answeredAtMs,
  creationParameters,
  STRIPE_FIELDS,
  stateOf,
  updateCalls,
} from "../../src/platform/stripe-customer.ts";
import { cancelAtPeriodEnd, cancelNow, resume } from "../../src/webhooks/subscription-changes.ts";
import type { Check } from "./checklist.ts";

const ADDRESS = { line1: "Example street 1", city: "Berlin", postal_code: "10115", country: "DE" };

/** @param run distinguishes this run's customer from those of earlier ones */
export async function checkCustomers(check: Check, stripe: Stripe, scope: Scope, run: string): Promise<void> {
  const email = `check-${run}@example.com`;
  const row = { id: `cus_check_${run}`, name: "Check of Quittance", email, phone: null, address: ADDRESS };
  let stripeCustomerId = "";
  await check("a customer with our metadata", async () => {
    const request = creationParameters(scope, { ...row, metadata: { plan: "pro" } });
    const made = await stripe.customers.create(request, {
      idempotencyKey: `quittance-check-customer-${run}`,
    });
    if (stateOf(made).address?.city !== "Berlin") throw new Error("Its address is not on it.");
    stripeCustomerId = made.id;
    return made.id;
  });
  await check("it is found at once in the list of its mail address", async () => {
    const found = await stripe.customers.list({ email, limit: 100 });
    if (!found.data.some(({ id }) => id === stripeCustomerId)) throw new Error("It is not in the list.");
    return `${found.data.length} found`;
  });
  await check("the list goes on after it, and says when it was answered", async () => {
    const page = await stripe.customers.list({ limit: 100 });
    if (answeredAtMs(page) === null) throw new Error("The answer has no date.");
    const next = await stripe.customers.list({ limit: 2, starting_after: stripeCustomerId });
    const older = await stripe.customers.list({ limit: 2, created: { lte: Math.floor(Date.now() / 1000) } });
    return `${page.data.length}, ${next.data.length} and ${older.data.length} found`;
  });
  await check("one part of its address is written and the others stay", async () => {
    const stripeState = { ...row, pushedMetadata: {} };
    const change = { ...row, address: { ...ADDRESS, line1: "Example street 2" }, metadata: {} };
    const current = await stripe.customers.update(stripeCustomerId, {
      address: { ...ADDRESS, city: "Potsdam" },
    });
    const [call = {}] = updateCalls(scope, { ...change, stripeState }, ["address"], false, current.address);
    const { line1, city } = stateOf(await stripe.customers.update(stripeCustomerId, call)).address ?? {};
    if (line1 !== "Example street 2" || city !== "Potsdam") throw new Error(`It is ${line1}, ${city}.`);
    return `${line1}, ${city}`;
  });
  await check("one key of its metadata is written and the others stay", async () => {
    await stripe.customers.update(stripeCustomerId, { metadata: { crm: "77" } });
    const stripeState = { ...row, pushedMetadata: { plan: "pro" } };
    const change = { ...row, metadata: { plan: "team" } };
    const [call = {}] = updateCalls(scope, { ...change, stripeState }, ["metadata"], false);
    const { metadata } = await stripe.customers.update(stripeCustomerId, call);
    if (metadata.crm !== "77" || metadata.plan !== "team") throw new Error(JSON.stringify(metadata));
    return JSON.stringify(metadata);
  });
  await check("what we empty and no longer name is gone from it", async () => {
    const change = { ...row, phone: null, address: null, metadata: {} };
    const stripeState = { ...row, pushedMetadata: { plan: "pro" } };
    const [call = {}] = updateCalls(scope, { ...change, stripeState }, STRIPE_FIELDS, true);
    const changed = await stripe.customers.update(stripeCustomerId, call);
    if (changed.metadata.plan !== undefined) throw new Error("The metadata is still there.");
    if (stateOf(changed).address !== null) throw new Error("The address is still there.");
    return changed.metadata.customer_id ?? "without customer_id";
  });
  await check("subscriptions can be listed", async () => {
    const { data } = await stripe.subscriptions.list({ limit: 1, status: "all" });
    return `${data.length} found`;
  });
  await check("customer.created and customer.updated tell of it", async () => {
    const { data } = await stripe.events.list({
      types: ["customer.created", "customer.updated"],
      limit: 100,
    });
    const own = data.filter(
      (event) => "id" in event.data.object && event.data.object.id === stripeCustomerId,
    );
    return `${own.length} found so far`;
  });
  await check("a deleted customer says that it is deleted, and no list goes on after it", async () => {
    await stripe.customers.del(stripeCustomerId);
    const gone = await stripe.customers.retrieve(stripeCustomerId);
    if (!gone.deleted) throw new Error("It does not.");
    const refused = await stripe.customers.list({ starting_after: stripeCustomerId }).then(
      () => null,
      (error: unknown) => (error instanceof Error && "param" in error ? error.param : error),
    );
    return `${gone.id}; starting_after is ${refused === null ? "taken" : `refused as ${refused}`}`;
  });
}

export async function checkCheckout(check: Check, stripe: Stripe, scope: Scope): Promise<void> {
  await check("a checkout session of a customer that asks for tax ids, ended at once", async () => {
    const { id } = await stripe.customers.create({ name: "Check of Quittance" });
    const input = { ...inputOf("payment"), customerId: "cus_check", customerEmail: undefined };
    const request = checkoutParameters(scope, input, { stripeCustomerId: id, accountCurrency: "EUR" });
    const session = await stripe.checkout.sessions.create(request);
    await stripe.checkout.sessions.expire(session.id);
    await stripe.customers.del(id);
    return `${session.id} ${JSON.stringify(request.customer_update)}`;
  });
  await check("a price is found by its id, and is of this mode", async () => {
    const product_data = { name: "Check of Quittance" };
    const recurring = { interval: "month" } as const;
    const made = await stripe.prices.create({ currency: "eur", unit_amount: 2900, product_data, recurring });
    const price = await stripe.prices.retrieve(made.id);
    const problem = priceProblem(price, false);
    if (problem !== null) throw new Error(problem);
    await stripe.prices.update(made.id, { active: false });
    return `${price.id} ${price.unit_amount_decimal}`;
  });
  await check("a subscription is canceled with its period, resumed, and canceled now", async () => {
    const { id: customer } = await stripe.customers.create({ name: "Check of Quittance" });
    const product_data = { name: "Check of Quittance" };
    const recurring = { interval: "month" } as const;
    const price = await stripe.prices.create({ currency: "eur", unit_amount: 2900, product_data, recurring });
    const items = [{ price: price.id }];
    let present: Stripe.Subscription = await stripe.subscriptions.create({
      customer,
      items,
      trial_period_days: 14,
    });
    for (const decide of [cancelAtPeriodEnd, resume, cancelNow]) {
      const change = decide(present);
      if (!change) throw new Error(`${decide.name} has nothing to do.`);
      present = await change.ask(stripe);
    }
    await stripe.prices.update(price.id, { active: false });
    await stripe.customers.del(customer);
    return `${present.id} ${present.status}`;
  });
  await check("a session of the customer portal, where its options were saved", async () => {
    const { id } = await stripe.customers.create({ name: "Check of Quittance" });
    const flow = { type: "payment_method_update" as const, subscriptionId: undefined };
    const input = { customerId: "cus_check", returnUrl: "https://example.com/account", flow, locale: "de" };
    try {
      return (await stripe.billingPortal.sessions.create(portalParameters(input, id))).id;
    } catch (error) {
      // The call is right; the account is not set up for it.
      if (isNotConfigured(fromStripeError(error))) return String(error);
      throw error;
    } finally {
      await stripe.customers.del(id);
    }
  });
  for (const mode of ["payment", "subscription", "setup"] as const) {
    await check(`a checkout session in mode ${mode}, ended at once`, async () => {
      const request = checkoutParameters(scope, inputOf(mode), {
        stripeCustomerId: undefined,
        accountCurrency: "EUR",
      });
      const session = await stripe.checkout.sessions.create(request);
      const { status } = await stripe.checkout.sessions.expire(session.id);
      if (!session.url?.startsWith("http")) throw new Error("It has no address.");
      return `${session.id} ${status}`;
    });
  }
}

function inputOf(mode: CheckoutMode): CheckoutSessionInput {
  const isSale = mode !== "setup";
  const recurring = mode === "subscription" ? { interval: "month" as const, intervalCount: 1 } : undefined;
  const product = { name: "Check of Quittance", description: undefined, images: undefined };
  const taxBehavior = "inclusive" as const;
  const inlinePrice = { currency: "EUR", unitAmountMinor: 12_900, product, taxBehavior, recurring };
  const adjustableQuantity = { minimum: 1, maximum: 5 };
  return {
    mode,
    customerId: undefined,
    lines: isSale ? [{ quantity: 1, price: undefined, inlinePrice, adjustableQuantity }] : undefined,
    currency: undefined,
    successUrl: "https://example.com/thanks?session={CHECKOUT_SESSION_ID}",
    cancelUrl: "https://example.com/back",
    clientReferenceId: undefined,
    metadata: {},
    trialDays: mode === "subscription" ? 14 : undefined,
    customerEmail: "check@example.com",
    allowPromotionCodes: isSale,
    discount: undefined,
    // Only an account that has set Stripe Tax up takes it.
    automaticTax: false,
    taxIdCollection: isSale ? { required: undefined } : undefined,
    locale: "de",
  };
}
