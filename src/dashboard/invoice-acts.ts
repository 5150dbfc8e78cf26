// What can be done to an invoice with one click, when it is offered, and what it will do. Pure.

import type { InvoiceWithLink } from "../ledger/invoices/read-invoices.ts";
import type { Done } from "./done-words.ts";

export type InvoiceActName = "finalize" | "payment-link" | "reopen" | "void" | "uncollectible" | "delete";
type InvoiceAct = {
  button: string;
  title: string;
  danger: boolean;
  done: Done;
  isOffered: (found: InvoiceWithLink) => boolean;
  /** What will happen, a sentence each. @param sendsMail whether mails are sent at all */
  effects: (found: InvoiceWithLink, sendsMail: boolean) => string[];
};

const OFF = "Its payment link is switched off at Stripe, and payment pages that are open expire.";
const MONEY_ALL_THE_SAME = "Money that is on its way all the same is recorded, not dropped.";

export const INVOICE_ACTS: Record<InvoiceActName, InvoiceAct> = {
  finalize: {
    button: "Finalise",
    title: "Finalise the invoice",
    danger: false,
    done: "finalized",
    isOffered: ({ invoice }) => invoice.status === "draft",
    effects: ({ invoice }, sendsMail) => [
      "The invoice is open then: its lines, its customer and its currency do not change any more.",
      "Its payment link is made at Stripe.",
      mailWords(invoice.sendEmail && sendsMail),
    ],
  },
  "payment-link": {
    button: "New payment link",
    title: "Make a new payment link",
    danger: false,
    done: "link_replaced",
    isOffered: ({ invoice }) => invoice.status === "open",
    effects: ({ invoice, link }, sendsMail) => [
      "A new payment link is made at Stripe for what is still due.",
      link?.status === "active"
        ? "The present link is switched off: whoever has it must get the new one."
        : "The present link takes no payment.",
      mailWords(invoice.sendEmail && sendsMail),
    ],
  },
  reopen: {
    button: "Open again",
    title: "Open the invoice again",
    danger: false,
    done: "invoice_reopened",
    isOffered: ({ invoice }) => invoice.status === "uncollectible",
    effects: ({ invoice }, sendsMail) => [
      "It asks for what is left again, and counts as given up no more.",
      "A new payment link is made at Stripe. Those from before stay off.",
      mailWords(invoice.sendEmail && sendsMail),
    ],
  },
  void: {
    button: "Void",
    title: "Void the invoice",
    danger: true,
    done: "voided",
    isOffered: ({ invoice }) => invoice.status === "open" || invoice.status === "uncollectible",
    effects: () => ["Nothing is owed any more. A void invoice stays void.", OFF, MONEY_ALL_THE_SAME],
  },
  uncollectible: {
    button: "Mark uncollectible",
    title: "Mark the invoice uncollectible",
    danger: true,
    done: "uncollectible",
    isOffered: ({ invoice }) => invoice.status === "open",
    effects: () => [
      "It counts as given up: it can still be voided, or opened again.",
      OFF,
      MONEY_ALL_THE_SAME,
    ],
  },
  delete: {
    button: "Delete",
    title: "Delete the draft",
    danger: true,
    done: "draft_deleted",
    isOffered: ({ invoice }) => invoice.status === "draft",
    effects: () => [
      "It is gone for good, with its timeline. The audit log keeps who deleted it.",
      "Nobody was asked to pay it, so nothing changes at Stripe.",
    ],
  },
};

function mailWords(isMailed: boolean): string {
  return isMailed
    ? "The email with the link goes to the customer once it is made."
    : "No email is sent by this.";
}

/** Whether the mail with the link can be sent: as the verb sees it, but for the customer's address. */
export function canBeMailed({ invoice, link }: InvoiceWithLink): boolean {
  return invoice.status === "open" && link?.status === "active";
}
