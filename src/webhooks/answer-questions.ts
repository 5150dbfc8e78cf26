// Answers what the ledger asks before it can decide an event: Stripe's present state of an object, and what the
// directory says of the connection.

import type Stripe from "stripe";
import { askStripe } from "../connections/ask-stripe.ts";
import { findConnection } from "../connections/store.ts";
import { tellLedger } from "../connections/tell-ledger.ts";
import { isOnlyWithEmail } from "../customers/only-with-email.ts";
import type { ArrivedEvent, EventOutcome } from "../ledger/events/arrived-event.ts";
import type {
  Answers,
  CustomerTold,
  PaymentsTold,
  Question,
  SubscriptionTold,
} from "../ledger/events/recorded.ts";
import type { Deps, Scope } from "../platform/deps.ts";
import { namesUs } from "../platform/our-metadata.ts";
import { idOfReference } from "../platform/stripe.ts";
import { answeredAtMs, stateOf } from "../platform/stripe-customer.ts";
import { withAllItems } from "./all-items.ts";
import type { StripeEventShape } from "./facts.ts";
import { interpretSubscription } from "./interpret-subscription.ts";
import { readThin } from "./read-thin-event.ts";

/**
 * @returns the event with the answers, to be brought again
 * @throws AppError when Stripe, or the directory, had to be asked and did not answer (retryable), or refused
 */
export async function withAnswers(
  deps: Deps,
  scope: Scope,
  event: ArrivedEvent,
  questions: Extract<EventOutcome, { ask: unknown }>["ask"],
): Promise<ArrivedEvent> {
  let answered = event;
  for (const question of questions) {
    if (question.kind === "connection")
      answered = { ...answered, former: await askDirectory(deps, scope, event.connectionId) };
    else if (question.kind === "object")
      answered = { ...answered, reading: await readThin(deps, scope, event, question.thin) };
    else answered = { ...answered, answers: merged(answered.answers, await ask(deps, scope, question)) };
  }
  return answered;
}

/** Brings the ledger's copy up to date, and says which account the connection is, or was, to. */
async function askDirectory(
  deps: Deps,
  scope: Scope,
  connectionId: string,
): Promise<NonNullable<ArrivedEvent["former"]> | null> {
  await tellLedger(deps, scope);
  const row = (await findConnection(deps, scope, connectionId))?.row;
  return row ? { accountId: row.accountId, livemode: row.livemode } : null;
}

async function ask(deps: Deps, scope: Scope, question: Question): Promise<Answers> {
  const { kind, id, known } = question;
  if (kind === "customer")
    return { customers: { [id]: { known, said: await askCustomer(deps, scope, question) } } };
  if (kind === "subscription_invoice") {
    const payments = await askStripe(deps, scope, (stripe) => listInvoicePayments(stripe, id));
    return { subscriptionInvoices: { [id]: { said: payments && readInvoicePayments(payments) } } };
  }
  const subscription = await askStripe(deps, scope, async (stripe) =>
    withAllItems(stripe, await stripe.subscriptions.retrieve(id)),
  );
  return { subscriptions: { [id]: { known, said: subscription && readSubscription(scope, subscription) } } };
}

async function askCustomer(
  deps: Deps,
  scope: Scope,
  { id, countsEmail }: Question,
): Promise<CustomerTold | null> {
  const customer = await askStripe(deps, scope, (stripe) => stripe.customers.retrieve(id));
  if (customer === null || customer.deleted) return null;
  const told = { state: stateOf(customer), seenAtMs: answeredAtMs(customer) };
  const { email } = told.state;
  if (!countsEmail || email === null) return told;
  const isOnlyOne = await askStripe(deps, scope, (stripe) => isOnlyWithEmail(stripe, email));
  return { ...told, isOnlyOne: isOnlyOne ?? false };
}

/** What Stripe's answer tells of a subscription, read as its events are; null when it cannot be read. */
export function readSubscription(scope: Scope, subscription: Stripe.Subscription): SubscriptionTold | null {
  const asEvent: StripeEventShape = {
    id: subscription.id,
    type: "customer.subscription.updated",
    created: subscription.created,
    api_version: null,
    livemode: subscription.livemode,
    data: { object: subscription },
  };
  const interpretation = interpretSubscription(asEvent);
  if (interpretation.outcome === "ignored") return null;
  const fact = interpretation.facts.find((one) => one.kind === "subscription");
  if (fact?.kind !== "subscription") return null;
  const { kind: _, owner, ...snapshot } = fact;
  return { snapshot, namedBy: namesUs(scope, owner), customerId: owner.customerId };
}

// Far more than anybody pays an invoice in.
const MOST_PAYMENTS = 1_000;

/** All of them: an invoice shows its first ten. */
async function listInvoicePayments(stripe: Stripe, invoice: string): Promise<Stripe.InvoicePayment[]> {
  const { payments } = await stripe.invoices.retrieve(invoice, { expand: ["payments"] });
  if (!payments?.has_more) return payments?.data ?? [];
  return stripe.invoicePayments.list({ invoice, limit: 100 }).autoPagingToArray({ limit: MOST_PAYMENTS });
}

/** What was paid outside Stripe, or is not to be paid any more, is no payment. */
function readInvoicePayments(payments: readonly Stripe.InvoicePayment[]): PaymentsTold {
  const ofStatus = (wanted: string) =>
    payments.flatMap(({ status, payment, amount_paid, amount_requested }) => {
      const named = {
        paymentIntentId: idOfReference(payment.payment_intent ?? null),
        chargeId: idOfReference(payment.charge ?? null),
        amountMinor: amount_paid ?? amount_requested,
      };
      return status === wanted && (named.paymentIntentId ?? named.chargeId) !== null ? [named] : [];
    });
  return { paid: ofStatus("paid"), open: ofStatus("open") };
}

function merged(one: Answers = {}, other: Answers): Answers {
  return {
    customers: { ...one.customers, ...other.customers },
    subscriptions: { ...one.subscriptions, ...other.subscriptions },
    subscriptionInvoices: { ...one.subscriptionInvoices, ...other.subscriptionInvoices },
  };
}
