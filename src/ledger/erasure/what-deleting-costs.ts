// What deleting a customer would do, before anybody says yes to it.

import type { Book } from "../book.ts";
import type { CustomerRow } from "../customers/customer-state.ts";
import { isOutbound } from "../customers/outbound.ts";
import { findCustomerRow } from "../customers/read-customers.ts";
import { readHistory } from "./customer-history.ts";
import { livingSubscriptions, mayBeAtStripe } from "./delete-customer.ts";

export type CustomerCost = {
  customer: CustomerRow;
  /** How many of its invoices stay, without its name. */
  invoices: number;
  /** They stand in the way: nobody would pay them. */
  open: number;
  drafts: number;
  mails: number;
  /** They would be canceled at Stripe with it. */
  subscriptions: { id: string; status: string }[];
  /** Whether its customer at Stripe goes too. */
  goesAtStripe: boolean;
};

/** Null where there is no such customer, or it was deleted. */
export function readCustomerCost(book: Book, { id }: { id: string }): CustomerCost | null {
  const customer = findCustomerRow(book, { id });
  if (!customer || customer.deletedAtMs !== null) return null;
  const { invoices, mails } = readHistory(book, id);
  const count = (status: string) => invoices.filter((invoice) => invoice.status === status).length;
  return {
    customer,
    invoices: invoices.length,
    open: count("open"),
    drafts: count("draft"),
    mails: mails.length,
    subscriptions: livingSubscriptions(book, id),
    goesAtStripe: mayBeAtStripe(customer) && isOutbound(book),
  };
}
