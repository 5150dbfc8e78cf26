// Makes an invoice's Payment Link at Stripe and stores it. May run any number of times: the idempotency key
// is the same each time, so Stripe makes one link, and only a link that is still pending is stored.

import type Stripe from "stripe";
import { markConnectionRefused } from "../connections/mark-connection-refused.ts";
import { openForCalls } from "../connections/open-connection.ts";
import type { AppError } from "../platform/app-error.ts";
import { commit, type Statement } from "../platform/commit.ts";
import type { Deps, Scope } from "../platform/deps.ts";
import type { JobMessage } from "../platform/jobs.ts";
import { finishJob } from "../platform/outbox.ts";
import { fromStripeError } from "../platform/stripe.ts";
import { linkLines } from "./invoice-state.ts";
import {
  activateLink,
  findInvoice,
  findLink,
  type InvoiceRow,
  type PaymentLinkRow,
  updatePendingLink,
} from "./store.ts";

type LinkJob = Extract<JobMessage, { kind: "create_payment_link" }>;

/**
 * @throws AppError retryable when it may pass; `connection_missing`, `connection_disabled` and
 * `stripe_authentication_failed` when the connection must heal first; else Stripe's refusal, for good
 */
export async function createPaymentLink(deps: Deps, scope: Scope, job: LinkJob): Promise<void> {
  const database = deps.database(scope);
  const link = await findLink(deps, scope, job.invoiceId, job.revision);
  const found = await findInvoice(deps, scope, job.invoiceId);
  if (!link || !found || link.status !== "pending") return commit(database, [finishJob(database, job)]);
  if (found.invoice.status !== "open") {
    const inactive = { status: "inactive" as const, updatedAtMs: deps.now() };
    return commit(database, [updatePendingLink(database, scope, job, inactive), finishJob(database, job)]);
  }

  const { connection, stripe } = await openForCalls(deps, scope);
  const made = await atStripe(deps, scope, link, connection.row.id, () =>
    stripe.paymentLinks.create(linkParameters(scope, found.invoice), {
      idempotencyKey: idempotencyKey(link),
    }),
  );
  const stored = { ...job, stripePaymentLinkId: made.id, url: made.url };
  await commit(database, [activateLink(database, scope, stored, deps.now()), finishJob(database, job)]);
}

/** Says on the invoice why its link could not be made: for a job that gave up. */
export function failLink(deps: Deps, job: LinkJob, error: string): Statement[] {
  const failed = { status: "failed" as const, error, updatedAtMs: deps.now() };
  return [updatePendingLink(deps.database(job), job, job, failed)];
}

/** What a link is made of: the lines, our metadata on link, session and intent, one payment only. */
export function linkParameters(scope: Scope, invoice: InvoiceRow): Stripe.PaymentLinkCreateParams {
  // Ours win over a caller's keys of the same name (PITFALLS 4).
  const metadata = {
    ...invoice.metadata,
    invoice_id: invoice.id,
    customer_id: invoice.customerId,
    quittance_tenant_id: scope.tenantId,
    quittance_environment_id: scope.environmentId,
  };
  return {
    line_items: linkLines(invoice.number, invoice.lines).map((line) => ({
      quantity: line.quantity,
      price_data: {
        currency: invoice.currency.toLowerCase(),
        unit_amount: line.unitAmountMinor,
        product_data: { name: line.name },
      },
    })),
    metadata,
    // Link metadata reaches the session only; the intent and its charge get theirs from here.
    payment_intent_data: { metadata, description: `Invoice ${invoice.number}` },
    restrictions: { completed_sessions: { limit: 1 } },
    inactive_message: `Invoice ${invoice.number} has been paid or withdrawn. Please contact us if you have questions.`,
    after_completion: {
      type: "hosted_confirmation",
      hosted_confirmation: {
        custom_message: `Thank you. Your payment of invoice ${invoice.number} has been received.`,
      },
    },
  };
}

function idempotencyKey(link: PaymentLinkRow): string {
  return `quittance/payment_link/${link.environmentId}/${link.invoiceId}/${link.revision}/${link.keyGeneration}`;
}

async function atStripe<T>(
  deps: Deps,
  scope: Scope,
  link: PaymentLinkRow,
  connectionId: string,
  call: () => Promise<T>,
): Promise<T> {
  try {
    return await call();
  } catch (error) {
    const said = fromStripeError(error);
    const database = deps.database(scope);
    if (said.code === "stripe_unavailable" && answeredWith500(said)) {
      // Stripe replays a 500 under the same key for a day. Should it have made a link all the same, nobody
      // ever gets its address; the new key's link is the one that is sent.
      const keyGeneration = link.keyGeneration + 1;
      await commit(database, [
        updatePendingLink(database, scope, link, { keyGeneration, updatedAtMs: deps.now() }),
      ]);
    }
    if (said.code === "stripe_authentication_failed")
      await markConnectionRefused(deps, scope, connectionId, said.message);
    throw said;
  }
}

function answeredWith500(said: AppError): boolean {
  const cause = said.cause;
  return (
    typeof cause === "object" && cause !== null && "statusCode" in cause && Number(cause.statusCode) >= 500
  );
}
