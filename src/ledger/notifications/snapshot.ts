// What a message says of its object: the object's rows as they are in the transaction that announces it, so that
// each try sends the same. The Worker makes the body of them; they never hold a secret.

import { getTableName, type InferSelectModel } from "drizzle-orm";
import type { SQLiteTable } from "drizzle-orm/sqlite-core";
import type { ObjectKind } from "../../platform/notification-types.ts";
import { toRow } from "../../platform/table-row.ts";
import { customers } from "../../platform/tables/customers.ts";
import { invoices, paymentLinks } from "../../platform/tables/invoices.ts";
import { mails } from "../../platform/tables/mails.ts";
import { disputes, refunds } from "../../platform/tables/payments.ts";
import { subscriptions } from "../../platform/tables/subscriptions.ts";
import { webhookEvents } from "../../platform/tables/webhook-events.ts";
import type { Book } from "../book.ts";
import { type CheckoutSessionView, findCheckoutSessionView } from "../checkout/read-checkout-sessions.ts";
import { findLastArrivals } from "../events/read-events.ts";
import { findPayment, type PaymentView } from "../payments/read-payments.ts";
import {
  findSubscriptionInvoice,
  type SubscriptionInvoiceView,
} from "../subscriptions/read-subscription-invoices.ts";
import { type DestinationView, viewOfDestination } from "./destination-view.ts";
import { findDestination } from "./destinations.ts";

export type Snapshots = {
  /** With its present payment link: the one of the greatest revision. */
  invoice: {
    invoice: InferSelectModel<typeof invoices>;
    link: InferSelectModel<typeof paymentLinks> | null;
  };
  /** With what became of its money: minor units, in the payment's own currency. */
  payment: PaymentView;
  refund: InferSelectModel<typeof refunds>;
  dispute: InferSelectModel<typeof disputes>;
  customer: InferSelectModel<typeof customers>;
  subscription: InferSelectModel<typeof subscriptions>;
  checkout_session: CheckoutSessionView;
  /** Without its content, which is the payer's. */
  mail: Omit<InferSelectModel<typeof mails>, "text" | "html">;
  subscription_invoice: SubscriptionInvoiceView;
  event_destination: DestinationView;
  webhook_event: InferSelectModel<typeof webhookEvents>;
  /** The directory's part comes with the notice (`ConnectionNotice`); this is the ledger's. */
  connection: { lastEventAtMs: number | null; lastWebhookAtMs?: number | null };
};

/** Null where the object is not there any more, or was deleted. */
export function snapshotOf<Kind extends ObjectKind>(
  book: Book,
  kind: Kind,
  id: string,
): Snapshots[Kind] | null {
  return READERS[kind](book, id);
}

const findInvoice = byId(invoices);
const findCustomer = byId(customers);
const findMail = byId(mails);

const READERS: { [Kind in ObjectKind]: (book: Book, id: string) => Snapshots[Kind] | null } = {
  invoice: readInvoice,
  payment: (book, id) => findPayment(book, { id }),
  refund: byId(refunds),
  dispute: byId(disputes),
  customer: readCustomer,
  subscription: byId(subscriptions),
  checkout_session: findCheckoutSessionView,
  mail: readMailSummary,
  subscription_invoice: (book, id) => findSubscriptionInvoice(book, { id }) ?? null,
  event_destination: readDestination,
  webhook_event: byId(webhookEvents, "stripe_event_id"),
  connection: readArrivals,
};

function byId<Table extends SQLiteTable>(table: Table, idColumn = "id") {
  const query = `SELECT * FROM ${getTableName(table)} WHERE ${idColumn} = ?`;
  return (book: Book, id: string): InferSelectModel<Table> | null => {
    const raw = book.sql.first(query, id);
    return raw ? toRow(table, raw) : null;
  };
}

function readArrivals(book: Book): Snapshots["connection"] {
  const { eventAtMs, webhookAtMs } = findLastArrivals(book, {});
  return { lastEventAtMs: eventAtMs, lastWebhookAtMs: webhookAtMs };
}

function readInvoice(book: Book, id: string): Snapshots["invoice"] | null {
  const invoice = findInvoice(book, id);
  if (!invoice) return null;
  const link = book.sql.first(
    "SELECT * FROM payment_links WHERE invoice_id = ? ORDER BY revision DESC LIMIT 1",
    id,
  );
  return { invoice, link: link ? toRow(paymentLinks, link) : null };
}

function readMailSummary(book: Book, id: string): Snapshots["mail"] | null {
  const mail = findMail(book, id);
  if (!mail) return null;
  const { text: _text, html: _html, ...summary } = mail;
  return summary;
}

function readDestination(book: Book, id: string): Snapshots["event_destination"] | null {
  const destination = findDestination(book, { id });
  return destination ? viewOfDestination(book, destination) : null;
}

/** The row outlives its customer. */
function readCustomer(book: Book, id: string): Snapshots["customer"] | null {
  const customer = findCustomer(book, id);
  return customer?.deletedAtMs === null ? customer : null;
}
