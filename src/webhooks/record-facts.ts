// Turns an event's facts into the statements of its commit: payments, refunds and disputes merged into their
// rows, each invoice that they touch settled, its links and its timeline with it. Nothing is written here,
// and an event none of whose facts is ours changes nothing.

import { wantNewLink } from "../invoices/link-life.ts";
import { noteSwitchedOffAtStripe } from "../invoices/link-store.ts";
import { checkSoon } from "../invoices/quiet-link-store.ts";
import { settleInvoice, settleLinks } from "../invoices/settle-invoice.ts";
import { findInvoiceIdByLink } from "../invoices/store.ts";
import { mailOnPaid } from "../invoices/write-mail.ts";
import type { DisputeFact, PaymentFact, RefundFact } from "../payments/payment-state.ts";
import { recordDispute } from "../payments/record-dispute.ts";
import { recordPayment } from "../payments/record-payment.ts";
import { recordRefund, refundRowId } from "../payments/record-refund.ts";
import { tellDispute, tellPayment, tellRefund, tellSettled } from "../payments/tell-timeline.ts";
import type { Statement } from "../platform/commit.ts";
import type { Deps, Scope } from "../platform/deps.ts";
import { disputeIdFor, paymentIdFor } from "../platform/ids.ts";
import type { EventChange } from "../platform/tables/webhook-events.ts";
import type { Fact, PaymentLinkFact } from "./facts.ts";
import { recordCheckoutSessionFact } from "./record-checkout-session-fact.ts";
import { recordCustomerFact } from "./record-customer-fact.ts";
import { recordSubscriptionFact } from "./record-subscription-fact.ts";
import { type Missed, resolveInvoice, resolvePayment } from "./resolve-invoice.ts";
import type { Outcome } from "./store.ts";

export type Decision = {
  outcome: Outcome;
  statements: Statement[];
  /** What is written in the directory, before the event is marked: to write it again changes nothing. */
  directory?: Statement[];
  /** Those whose links may have changed: their jobs are enqueued after the commit. */
  invoiceIds: string[];
};

/** What one fact adds. Where it is about an invoice, that is then settled, and `last` comes after that. */
export type Part = { invoiceId?: string; statements: Statement[]; last?: Statement[]; change?: EventChange };

/** @param deps with Stripe's event as the actor: timelines name it as the cause */
export async function recordFacts(deps: Deps, scope: Scope, facts: readonly Fact[]): Promise<Decision> {
  const parts: Part[] = [];
  let missed: Missed | null = null;
  for (const fact of facts) {
    const part = await record(deps, scope, fact);
    if (part && "found" in part) missed ??= part;
    else if (part) parts.push(part);
  }
  if (parts.length === 0) {
    return missed
      ? ignored(missed.reason, missed.detail, missed.waitsFor)
      : ignored("nothing_to_record", "It says nothing that is kept.");
  }
  return together(deps, scope, parts);
}

export function ignored(reason: string, detail: string, waitsFor: string | null = null): Decision {
  const outcome = { status: "ignored" as const, reason, detail, changes: [], invoiceId: null, waitsFor };
  return { outcome, statements: [], invoiceIds: [] };
}

/** Null for what is not kept. Accounts are not recorded here. */
async function record(deps: Deps, scope: Scope, fact: Fact): Promise<Part | Missed | null> {
  switch (fact.kind) {
    case "payment":
      return payment(deps, scope, fact);
    case "refund":
      return refund(deps, scope, fact);
    case "dispute":
      return dispute(deps, scope, fact);
    case "checkout_session":
      return recordCheckoutSessionFact(deps, scope, fact);
    case "payment_link":
      return link(deps, scope, fact);
    case "subscription":
      return recordSubscriptionFact(deps, scope, fact);
    case "customer":
      return recordCustomerFact(deps, scope, fact);
    default:
      return null;
  }
}

async function payment(deps: Deps, scope: Scope, fact: PaymentFact): Promise<Part | Missed> {
  const resolution = await resolveInvoice(deps, scope, fact.owner, fact.providerPaymentId);
  if (!resolution.found) return resolution;
  const { invoice } = resolution;
  const id = paymentIdFor(fact.providerPaymentId);
  const [database, now] = [deps.database(scope), deps.now()];
  return {
    invoiceId: invoice.id,
    statements: [
      ...recordPayment(database, scope, fact, invoice, now),
      ...tellPayment(deps, scope, fact, invoice),
      ...(fact.status === "processing" ? [checkSoon(database, scope, invoice.id, now)] : []),
    ],
    last: [
      ...(fact.status === "succeeded" ? settleLinks(database, scope, invoice.id, now) : []),
      ...(fact.status === "succeeded" ? tellSettled(deps, scope, invoice.id, { ...fact, id }) : []),
      ...(fact.status === "succeeded" ? await mailOnPaid(deps, scope, invoice.id) : []),
      ...newLinkAfterFailure(deps, scope, fact, invoice.id),
    ],
    change: { object: "payment", id },
  };
}

/** A session that fails is one whose slow payment failed: it may have used its link up (PITFALLS 6). */
function newLinkAfterFailure(deps: Deps, scope: Scope, fact: PaymentFact, invoiceId: string): Statement[] {
  const stripePaymentLinkId = fact.owner.paymentLinkId;
  if (fact.status !== "failed" || stripePaymentLinkId === null) return [];
  const cause = { why: "payment_failed" as const, stripePaymentLinkId };
  return wantNewLink(deps.database(scope), scope, invoiceId, cause, deps.now());
}

async function refund(deps: Deps, scope: Scope, fact: RefundFact): Promise<Part | Missed> {
  const resolution = await resolvePayment(deps, scope, fact);
  if (!resolution.found) return resolution;
  const of = resolution.payment;
  const id = await refundRowId(deps, scope, fact, of.id);
  const recorded = recordRefund(deps.database(scope), scope, id, fact, of, deps.now());
  return {
    invoiceId: of.invoiceId,
    statements: [...recorded, ...tellRefund(deps, scope, id, fact, of)],
    change: { object: "refund", id },
  };
}

async function dispute(deps: Deps, scope: Scope, fact: DisputeFact): Promise<Part | Missed> {
  const resolution = await resolvePayment(deps, scope, fact);
  if (!resolution.found) return resolution;
  const of = resolution.payment;
  const recorded = recordDispute(deps.database(scope), scope, fact, of, deps.now());
  return {
    invoiceId: of.invoiceId,
    statements: [recorded, ...tellDispute(deps, scope, fact, of)],
    change: { object: "dispute", id: disputeIdFor(fact.disputeId) },
  };
}

async function link(deps: Deps, scope: Scope, fact: PaymentLinkFact): Promise<Part | null> {
  if (fact.active) return null;
  const invoiceId = await findInvoiceIdByLink(deps, scope, fact.paymentLinkId);
  if (invoiceId === undefined) return null;
  const noted = noteSwitchedOffAtStripe(deps.database(scope), scope, fact.paymentLinkId, fact.occurredAtMs);
  return { invoiceId, statements: [noted], change: { object: "payment_link", id: fact.paymentLinkId } };
}

function together(deps: Deps, scope: Scope, parts: readonly Part[]): Decision {
  const database = deps.database(scope);
  const changed = parts.flatMap((part) => part.change ?? []);
  const moneyIn = parts.filter(({ change }) => change && change.object !== "payment_link");
  const settled = invoicesOf(moneyIn);
  const changes = [...changed, ...settled.map((id) => ({ object: "invoice", id }))];
  return {
    outcome: {
      status: "processed",
      reason: null,
      detail: null,
      changes: [...new Map(changes.map((change) => [`${change.object}/${change.id}`, change])).values()],
      invoiceId: invoicesOf(parts)[0] ?? null,
      waitsFor: null,
    },
    statements: [
      ...parts.flatMap((part) => part.statements),
      ...settled.flatMap((id) => settleInvoice(database, scope, id, deps.now())),
      ...parts.flatMap((part) => part.last ?? []),
    ],
    invoiceIds: invoicesOf(parts.filter(({ last }) => last?.length)),
  };
}

function invoicesOf(parts: readonly Part[]): string[] {
  return [...new Set(parts.flatMap(({ invoiceId }) => invoiceId ?? []))];
}
