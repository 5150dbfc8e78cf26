// What a stuck job is about, from what is stored of it, and what it means that it is stuck. Those of every version
// are there, so nothing of their shape is taken for granted.

import * as z from "zod";
import type { OutboxRow } from "../ledger/outbox/outbox-row.ts";
import { wordsOf } from "./status-words.ts";

const about = z.object({ invoiceId: z.string() });

/** What each does, and what is so until it is done. */
const WORDS: Record<string, readonly [title: string, untilThen: string]> = {
  create_payment_link: ["Make the payment link", "Until then the invoice cannot be paid by link."],
  deactivate_payment_link: ["Switch the payment link off", "Until then it may still be paid."],
  reconcile: ["Fetch what Stripe has", "Nothing is lost by it: the next run goes on where this one stopped."],
  mirror_subscriptions: [
    "Fetch the customer's subscriptions",
    "Until then a subscription that was there before the customer was known shows with its next event only.",
  ],
  run_customers: [
    "Go through all customers",
    "It goes on where it stopped; asked for again, it begins anew.",
  ],
  bring_parked_events: [
    "Take in the webhooks that wait",
    "More came at once than have their turn beside the other environments' own. Until then they are in no log.",
  ],
  sync_customer: ["Bring the customer to Stripe", "Until then Stripe does not know what is here."],
  send_mail: ["Send the mail", "The customer has not got it, as far as is known."],
};

export type JobView = { title: string; untilThen: string | null; invoiceId: string | null };

/** @returns what it does, what is so until then, and the invoice that it is for, if it says one */
export function jobView(row: Pick<OutboxRow, "kind" | "subject">): JobView {
  const [title, untilThen] = Object.hasOwn(WORDS, row.kind) ? (WORDS[row.kind] ?? []) : [];
  return {
    title: title ?? wordsOf(row.kind),
    untilThen: untilThen ?? null,
    invoiceId: invoiceIdOf(row.subject),
  };
}

/** The invoices that these jobs are for. */
export function invoiceIdsOf(rows: readonly Pick<OutboxRow, "kind" | "subject">[]): string[] {
  return rows.map((row) => jobView(row).invoiceId).filter((id) => id !== null);
}

function invoiceIdOf(subject: string): string | null {
  try {
    return about.safeParse(JSON.parse(subject)).data?.invoiceId ?? null;
  } catch {
    return null;
  }
}
