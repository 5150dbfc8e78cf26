// How an invoice stands, in one sentence that leaves no question and contradicts nothing else on its page. Pure.

import type { InvoiceRow, InvoiceWithLink } from "../ledger/invoices/read-invoices.ts";
import { remainingMinor } from "../platform/invoice-remaining.ts";
import { moneyText } from "./parts/money.tsx";
import { relativeTime } from "./time-words.ts";

export function invoiceSentence({ invoice, link }: InvoiceWithLink, nowMs: number): string {
  switch (invoice.status) {
    case "draft":
      return "Nobody is asked to pay it yet: finalise it, and its payment link is made.";
    case "open":
      return openSentence(invoice, link, nowMs);
    case "paid":
      return paidSentence(invoice);
    case "void":
      return invoice.amountPaidMinor > invoice.amountRefundedMinor
        ? `Nothing is owed, and ${money(invoice, invoice.amountPaidMinor - invoice.amountRefundedMinor)} was paid all the same: give it back.`
        : "Nothing is owed.";
    case "uncollectible":
      return `${money(invoice, remainingMinor(invoice))} is given up; it can be opened again.`;
  }
}

function openSentence(invoice: InvoiceRow, link: InvoiceWithLink["link"], nowMs: number): string {
  const remaining = money(invoice, remainingMinor(invoice));
  if (invoice.paymentStatus === "disputed")
    return `The payer disputes a payment; ${remaining} is still to be paid.`;
  if (invoice.paymentStatus === "processing")
    return `A payment is on its way: the payer's bank has not decided yet.`;
  const some = invoice.amountPaidMinor > 0 ? "still " : "";
  if (link?.status === "failed")
    return `${remaining} is ${some}to be paid, and there is no link to pay it by: see below.`;
  if (invoice.dueAtMs === null) return `${remaining} is ${some}to be paid.`;
  const when = relativeTime(invoice.dueAtMs, nowMs);
  return invoice.dueAtMs < nowMs
    ? `${remaining} is ${some}to be paid, and was due ${when}.`
    : `${remaining} is ${some}to be paid, and is due ${when}.`;
}

function paidSentence(invoice: InvoiceRow): string {
  const { amountRefundedMinor, amountDisputedMinor, amountCreditedMinor, amountDueMinor } = invoice;
  switch (invoice.paymentStatus) {
    case "disputed":
      return amountDisputedMinor > 0
        ? `It was paid, and the payer disputes ${money(invoice, amountDisputedMinor)} of it.`
        : "It was paid, and the payer disputes a payment.";
    case "overpaid":
      return `It is paid, with ${money(invoice, amountCreditedMinor - amountDueMinor)} too much: give the difference back.`;
    case "refunded":
      return "It was paid, and all of it went back.";
    case "partially_refunded":
      return amountRefundedMinor > 0
        ? `It was paid, and ${money(invoice, amountRefundedMinor)} went back.`
        : "It was paid, and some of it went back.";
    default:
      return amountDueMinor === 0 ? "There was nothing to pay." : "It is paid in full.";
  }
}

function money({ currency }: InvoiceRow, amountMinor: number): string {
  return moneyText(amountMinor, currency);
}
