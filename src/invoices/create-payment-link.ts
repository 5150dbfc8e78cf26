// Makes an invoice's Payment Link at Stripe and stores it. May run any number of times: what is asked for is
// frozen before the first try and the idempotency key is the same each time, so Stripe makes one link. A
// link that is not wanted any more when it comes is stored and switched off: none stays active unknown.

import { type SQL, sql } from "drizzle-orm";
import type Stripe from "stripe";
import { atStripe, stripeStatus } from "../connections/at-stripe.ts";
import { openForCalls } from "../connections/open-connection.ts";
import { getSettings } from "../directory/environment-settings.ts";
import { announce } from "../notifications/announce.ts";
import { AppError } from "../platform/app-error.ts";
import { commit, type Statement } from "../platform/commit.ts";
import type { Deps, Scope } from "../platform/deps.ts";
import type { JobMessage } from "../platform/jobs.ts";
import { finishJob } from "../platform/outbox.ts";
import { enqueuePendingJobs, insertDeactivationJobs } from "./link-life.ts";
import { linkParameters, REVISION_KEY, remainingMinor } from "./link-parameters.ts";
import {
  findLink,
  freezeRequest,
  linkIsActive,
  raiseKeyGeneration,
  storeMadeLink,
  updatePendingLink,
} from "./link-store.ts";
import { findInvoice, type InvoiceRow, type PaymentLinkRow } from "./store.ts";
import { timelineEntry } from "./timeline.ts";
import { mailOnLink } from "./write-mail.ts";

type FrozenLink = PaymentLinkRow & { request: Stripe.PaymentLinkCreateParams };
type LinkJob = Extract<JobMessage, { kind: "create_payment_link" }>;

/**
 * @throws AppError retryable when it may pass; `connection_missing`, `connection_disabled` and
 * `stripe_authentication_failed` when the connection must heal first; else Stripe's refusal, for good
 */
export async function createPaymentLink(deps: Deps, scope: Scope, job: LinkJob): Promise<void> {
  const database = deps.database(scope);
  const link = await findLink(deps, scope, job);
  const found = await findInvoice(deps, scope, job.invoiceId);
  if (!link || !found || link.stripePaymentLinkId !== null)
    return commit(database, [finishJob(database, job)]);

  const frozen = link.request ? link : await freeze(deps, scope, link, found.invoice);
  if (!isFrozen(frozen)) {
    const inactive = { status: "inactive" as const, updatedAtMs: deps.now() };
    return commit(database, [updatePendingLink(database, scope, job, inactive), finishJob(database, job)]);
  }
  const { connection, stripe } = await openForCalls(deps, scope);
  const { id: connectionId, accountId } = connection.row;
  const made = await create(deps, scope, connectionId, stripe, frozen);
  if (!made) return commit(database, [finishJob(database, job)]);
  // Asked before: an answer may have been lost whose key Stripe has forgotten, or that was a 500.
  if (link.request || link.keyGeneration > 0) {
    await atStripe(deps, scope, connectionId, () => switchOffStrays(stripe, frozen, made.id));
  }

  const now = deps.now();
  const stored = { ...job, stripePaymentLinkId: made.id, url: made.url, accountId };
  await commit(database, [
    storeMadeLink(database, scope, stored, now),
    insertDeactivationJobs(database, scope, job.invoiceId, now),
    timelineEntry(database, deps, scope, {
      invoiceId: job.invoiceId,
      kind: "link_created",
      key: String(job.revision),
      detail: { revision: job.revision, payment_link: made.id },
    }),
    announceLink(deps, scope, job),
    ...mailOnLink(deps, scope, job.invoiceId, job.revision),
    finishJob(database, job),
  ]);
  await enqueuePendingJobs(deps, scope, [job.invoiceId]);
}

function announceLink(deps: Deps, scope: Scope, { invoiceId, revision }: LinkJob): Statement {
  const announcement = {
    type: "invoice.payment_link_created" as const,
    key: `${invoiceId}/${revision}`,
    object: { kind: "invoice" as const, id: invoiceId },
    when: linkIsActive(scope, { invoiceId, revision }),
  };
  return announce(deps.database(scope), scope, announcement, deps.now());
}

/** Says on the invoice why its link could not be made: for a job that gave up. */
export function failLink(deps: Deps, job: LinkJob, error: string): Statement[] {
  const database = deps.database(job);
  const failed = { status: "failed" as const, error, updatedAtMs: deps.now() };
  return [
    timelineEntry(database, deps, job, {
      invoiceId: job.invoiceId,
      kind: "link_failed",
      key: String(job.revision),
      // Retried by hand it may fail again; a queue's repeat of the same giving up finds it failed already.
      recurs: true,
      when: linkIsPending(job, job),
      detail: { revision: job.revision, error },
    }),
    updatePendingLink(database, job, job, failed),
  ];
}

function linkIsPending(scope: Scope, { invoiceId, revision }: LinkJob): SQL {
  return sql`EXISTS (SELECT 1 FROM payment_links WHERE environment_id = ${scope.environmentId}
    AND invoice_id = ${invoiceId} AND revision = ${revision} AND status = 'pending')`;
}

/** Undefined when the link is not wanted: the invoice is no longer open, or another link has replaced it. */
async function freeze(
  deps: Deps,
  scope: Scope,
  link: PaymentLinkRow,
  invoice: InvoiceRow,
): Promise<PaymentLinkRow | undefined> {
  if (link.status !== "pending" || invoice.status !== "open") return undefined;
  const { settings } = await getSettings(deps, scope);
  const request = linkParameters(scope, invoice, link.revision, settings);
  return freezeRequest(deps, scope, link, { request, amountMinor: remainingMinor(invoice) });
}

function isFrozen(link: PaymentLinkRow | undefined): link is FrozenLink {
  return link !== undefined && link.request !== null;
}

/** Null when Stripe refuses to make a link that nobody wants any more. */
async function create(
  deps: Deps,
  scope: Scope,
  connectionId: string,
  stripe: Stripe,
  link: FrozenLink,
): Promise<Stripe.PaymentLink | null> {
  try {
    return await atStripe(deps, scope, connectionId, () =>
      stripe.paymentLinks.create(link.request, { idempotencyKey: idempotencyKey(link) }),
    );
  } catch (error) {
    if ((stripeStatus(error) ?? 0) >= 500) {
      // Stripe replays a 500 under the same key for a day. Should it have made a link all the same, the
      // next try finds it as a stray.
      const database = deps.database(scope);
      await commit(database, [raiseKeyGeneration(database, scope, link, deps.now())]);
    }
    const refused = error instanceof AppError && error.code === "stripe_refused";
    if (refused && link.status !== "pending") return null;
    throw error;
  }
}

function idempotencyKey(link: PaymentLinkRow): string {
  return `quittance/payment_link/${link.environmentId}/${link.invoiceId}/${link.revision}/${link.keyGeneration}`;
}

/** Switches off what an earlier try made at Stripe without our hearing of it. */
async function switchOffStrays(stripe: Stripe, link: PaymentLinkRow, madeId: string): Promise<void> {
  // Links cannot be listed by metadata (PITFALLS 5), but newest first: a stray is minutes old.
  const { data } = await stripe.paymentLinks.list({ active: true, limit: 100 });
  const strays = data.filter(
    ({ id, metadata }) =>
      id !== madeId &&
      metadata.quittance_environment_id === link.environmentId &&
      metadata.invoice_id === link.invoiceId &&
      metadata[REVISION_KEY] === String(link.revision),
  );
  for (const stray of strays) await stripe.paymentLinks.update(stray.id, { active: false });
}
