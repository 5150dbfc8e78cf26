// A run over all customers as work: a step takes in a page of Stripe's customers, which the Worker has fetched, or
// sends a bounded number of ours on their way. Each step notes how far it is in the transaction of what it did.

import type { Book } from "../book.ts";
import { whyFull } from "../budgets/budgets.ts";
import { readConnection } from "../connection/keep-connection.ts";
import type { KindOfWork } from "../outbox/kind-of-work.ts";
import { endWork } from "../outbox/outbox-row.ts";
import { presentSettings } from "../settings/settings.ts";
import { holdWork } from "../work/hold-work.ts";
import { findCounterpart } from "./find-counterpart.ts";
import { isOutbound } from "./outbound.ts";
import { pushStep } from "./push-all.ts";
import { type CustomerRun, findRun, keepRun } from "./run-row.ts";
import { type PresentCustomer, soughtBy, takeIn } from "./take-in-customer.ts";

export type CustomersRun = {
  run: CustomerRun;
  /** Stripe is asked of some of them how many have their mail address: then fewer are taken a step. */
  countsEmails: boolean;
};

export const customersRun: KindOfWork<"run_customers", CustomersRun> = {
  claim(book, { run: kind }) {
    const run = findRun(book, kind);
    if (run?.status !== "running") return null;
    if (readConnection(book)?.id !== run.connectionId) {
      keepRun(book, { ...run, status: "failed", error: GONE, finishedAtMs: book.nowMs });
      return null;
    }
    if (run.phase === "push" || run.phase === "settle") return pushStep(book, run);
    return { run, countsEmails: presentSettings(book).link_customers_by_email };
  },
  isOver: (book, { run: kind }) => findRun(book, kind)?.status !== "running",
  onGivenUp(book, { run: kind }, error) {
    const run = findRun(book, kind);
    if (run?.status === "running")
      keepRun(book, { ...run, status: "failed", error, finishedAtMs: book.nowMs });
  },
  onRetried(book, { run: kind }) {
    const run = findRun(book, kind);
    if (run?.status === "failed")
      keepRun(book, { ...run, status: "running", error: null, finishedAtMs: null });
  },
};

const GONE = "The Stripe connection that it ran over was disconnected or replaced. Ask for it again.";

export type RunPage = {
  id: string;
  /** As it was claimed or last noted. */
  run: Pick<CustomerRun, "kind" | "steps">;
  /** Of a page of subscriptions, none: they are mirrored by themselves. */
  customers: readonly PresentCustomer[];
  /** Null: there is no other page. */
  next: { pageAfter: string; pageBefore: number } | null;
};

/** @returns the run as it goes on; null: another try has gone on with it, and this one has changed nothing */
export function takeInPage(book: Book, page: RunPage): CustomerRun | null {
  const run = findRun(book, page.run.kind);
  if (run?.status !== "running" || run.steps !== page.run.steps) return null;
  const full = run.kind === "import" ? whyFull(book) : null;
  if (full) {
    endWork(book, page.id);
    return keepRun(book, { ...run, status: "failed", error: full.message, finishedAtMs: book.nowMs });
  }
  holdWork(book, page.id);
  const counted = { ...run, skipped: { ...run.skipped }, steps: run.steps + 1 };
  if (run.phase === "customers") counted.pages += 1;
  for (const customer of page.customers) count(counted, takeOne(book, run, customer));
  if (page.next) return keepRun(book, { ...counted, ...page.next });
  const phase = nextPhase(book, run);
  if (phase) return keepRun(book, { ...counted, phase, pageAfter: null, pageBefore: null });
  endWork(book, page.id);
  return keepRun(book, { ...counted, status: "done", finishedAtMs: book.nowMs });
}

/** What a customer came to: one of the run's counts, or the reason why it was left out. */
type Outcome = { count: "created" | "linked" | "changed" | "unchanged" } | { skipped: string };

/** One that cannot be taken in does not hold the others up. */
function takeOne(book: Book, run: CustomerRun, customer: PresentCustomer): Outcome {
  const connection = readConnection(book);
  if (!connection) return { skipped: "connection_missing" };
  const options = { creates: run.kind === "import", mirrors: run.kind === "sync" };
  try {
    const taken = book.attempt(() => takeIn(book, connection, customer, options));
    if (taken === "count_email") return { skipped: "email_not_counted" };
    return "missed" in taken ? { skipped: taken.missed } : { count: taken.outcome };
  } catch {
    // It is rolled back by itself; its next event, or the next run, tries it again.
    return { skipped: "could_not_be_taken_in" };
  }
}

function count(run: CustomerRun, outcome: Outcome): void {
  run.seen += 1;
  if ("count" in outcome) run[outcome.count] += 1;
  else run.skipped[outcome.skipped] = (run.skipped[outcome.skipped] ?? 0) + 1;
}

/** Null: it is done. */
function nextPhase(book: Book, { kind, phase }: CustomerRun): CustomerRun["phase"] | null {
  if (phase !== "customers") return null;
  if (kind === "sync") return isOutbound(book) ? "push" : null;
  return readConnection(book)?.syncConfig.subscription.inbound ? "subscriptions" : null;
}

/** Those of a page of whom Stripe is to be asked whether they alone have their mail address. */
export function customersToCount(
  book: Book,
  { customers }: { customers: readonly PresentCustomer[] },
): string[] {
  const connection = readConnection(book);
  if (!connection) return [];
  return customers
    .filter((customer) => findCounterpart(book, connection, soughtBy(customer)) === "count_email")
    .map(({ stripeCustomerId }) => stripeCustomerId);
}
