// An invoice's timeline in words: what happened, what is known of it, and who or what caused it. Pure.

import type { TimelineRow } from "../ledger/invoices/timeline.ts";
import { webhookEventIdFor } from "../platform/ids.ts";
import { webhookEventHref } from "./hrefs.ts";
import { moneyText } from "./parts/money.tsx";
import { type Tone, wordsOf } from "./status-words.ts";

const TITLES: Record<string, readonly [title: string, tone: Tone]> = {
  created: ["Created", "idle"],
  updated: ["Changed", "idle"],
  finalized: ["Finalised", "info"],
  link_created: ["Payment link made", "info"],
  link_failed: ["Payment link failed", "bad"],
  link_missing: ["No payment link", "bad"],
  link_switched_on: ["Payment link switched on at Stripe", "warn"],
  mailed: ["Mailed", "info"],
  mail_failed: ["Mail not sent", "bad"],
  reminder_mailed: ["Reminder mailed", "info"],
  mail_held: ["Mail held", "warn"],
  mail_bounced: ["Mail came back", "bad"],
  mail_complained: ["Mail reported as spam", "bad"],
  overdue: ["Overdue", "warn"],
  processing: ["Payment on its way", "info"],
  payment_failed: ["Payment failed", "bad"],
  payment_canceled: ["Payment canceled", "idle"],
  discounted: ["Discount", "info"],
  partially_paid: ["Paid in part", "warn"],
  paid: ["Paid", "good"],
  overpaid: ["Overpaid", "warn"],
  receipt_mailed: ["Receipt mailed", "info"],
  payment_not_counted: ["Paid in another currency: not counted", "warn"],
  payment_reversed: ["Payment reversed", "warn"],
  reopened: ["Open again", "warn"],
  refund_created: ["Refund asked for", "info"],
  refunded: ["Refunded", "warn"],
  refund_failed: ["Refund failed", "bad"],
  disputed: ["Disputed", "bad"],
  dispute_updated: ["Dispute changed", "warn"],
  dispute_closed: ["Dispute closed", "idle"],
  marked_uncollectible: ["Marked uncollectible", "bad"],
  voided: ["Voided", "idle"],
  link_switched_off: ["Payment link switched off", "idle"],
};

// In the order of being said; ids and what the title says already are left to the API.
const SAID = [
  "to",
  "status",
  "reason",
  "failure_message",
  "failure_code",
  "failure_reason",
  "changed",
  "error",
];
const WORDS = new Set(["status", "reason", "failure_reason"]);

export type TimelineView = {
  title: string;
  tone: Tone;
  amount: string | null;
  said: string[];
  cause: { words: string; id: string | null; href: string | null };
};

export function timelineView(row: TimelineRow): TimelineView {
  const [title, usual] = TITLES[row.kind] ?? ([wordsOf(row.kind), "idle"] as const);
  // What was called off has not gone wrong.
  const tone = row.detail.status === "canceled" ? "idle" : usual;
  return { title, tone, amount: amountOf(row.detail), said: saidOf(row.detail), cause: causeOf(row) };
}

function amountOf(detail: TimelineRow["detail"]): string | null {
  const { amount, amount_due: due, currency } = detail;
  const minor = amount ?? due;
  return typeof minor === "number" && typeof currency === "string" ? moneyText(minor, currency) : null;
}

function saidOf(detail: TimelineRow["detail"]): string[] {
  return SAID.flatMap((name) => {
    const value = detail[name];
    if (value === undefined || value === null || value === "") return [];
    const text = String(value);
    if (!WORDS.has(name) || !/^[a-z0-9_]+$/.test(text)) return [text];
    return [name === "status" ? wordsOf(text) : `${wordsOf(name)}: ${wordsOf(text).toLowerCase()}`];
  });
}

function causeOf({ causeKind, causeId, causeName }: TimelineRow): TimelineView["cause"] {
  const of = (words: string, href: string | null = null) => ({ words, id: causeId, href });
  switch (causeKind) {
    case "api_key":
      return of("API key");
    case "dashboard":
      return of(causeName ?? "Dashboard, with key");
    case "stripe":
      return of("Stripe", causeId?.startsWith("evt_") ? webhookEventHref(webhookEventIdFor(causeId)) : null);
    case "queue":
      // A job's id begins with what it does; the rest is of use to nobody who reads.
      return {
        words: `Queue: ${wordsOf(causeId?.split("/")[0] ?? "work").toLowerCase()}`,
        id: null,
        href: null,
      };
    case "mail_provider":
      return of("Mail provider");
    case "cron":
      return of("Timer");
    default:
      return of(wordsOf(causeKind));
  }
}
