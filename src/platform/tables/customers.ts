// Customers of a tenant, and how each stands at Stripe.

import { integer, sqliteTable, text } from "drizzle-orm/sqlite-core";
import type Stripe from "stripe";
import * as z from "zod";
import { jsonColumn, objectOrNull, orNull, textsByName } from "./json-column.ts";
import { timestamps } from "./timestamps.ts";

export type Address = {
  line1?: string | null;
  line2?: string | null;
  city?: string | null;
  state?: string | null;
  postal_code?: string | null;
  country?: string | null;
};

/** Stripe's state as it was last known, in what is kept in step: what differs from it there is news, and here is to be sent. */
export type StripeCustomerState = {
  name: string | null;
  email: string | null;
  phone: string | null;
  address: Address | null;
  /** The metadata that we put there or took from there: what is ours no more is taken away again. */
  pushedMetadata: Record<string, string>;
};

/** Frozen before the first try: the same idempotency key must never carry anything else. */
export type StripeCreation = {
  accountId: string;
  /** Names this creation in its key, and says since when a customer of it may be at Stripe. */
  startedAtMs: number;
  /** Part of the key: raised after a 5xx, which Stripe would replay for a day. */
  keyGeneration: number;
  /** Null once the customer was deleted: it holds personal data. */
  request: Stripe.CustomerCreateParams | null;
};

const part = z.string().nullish().catch(null);
/** A customer's address as it is stored. */
export const customerAddress: z.ZodType<Address | null> = z
  .object({ line1: part, line2: part, city: part, state: part, postal_code: part, country: part })
  .nullable()
  .catch(null);
const stripeState: z.ZodType<StripeCustomerState | null> = z
  .object({
    name: orNull.text,
    email: orNull.text,
    phone: orNull.text,
    address: customerAddress,
    pushedMetadata: textsByName,
  })
  .nullable()
  .catch(null);

export const customers = sqliteTable("customers", {
  id: text("id").primaryKey(),
  name: text("name").notNull(),
  email: text("email"),
  phone: text("phone"),
  address: jsonColumn<Address>("address", customerAddress),
  metadata: jsonColumn("metadata", textsByName).notNull(),
  stripeCustomerId: text("stripe_customer_id"),
  syncStatus: text("sync_status", { enum: ["pending", "synced", "failed", "off"] }).notNull(),
  syncError: text("sync_error"),
  /** The personal data are erased then; the row stays, because its invoices are history. */
  deletedAtMs: integer("deleted_at_ms"),
  /** Raised by each change of what the platform or Stripe says of it. */
  revision: integer("revision").notNull().default(1),
  /** The account in which the Stripe customer lives: with another one connected, it counts as none. */
  stripeAccountId: text("stripe_account_id"),
  /** The moment of Stripe's latest state that was taken in, and that state: what differs from it is news. */
  stripeSeenAtMs: integer("stripe_seen_at_ms"),
  stripeState: jsonColumn<StripeCustomerState>("stripe_state", stripeState),
  /** The creation at Stripe that was begun; null once its customer is stored. */
  stripeCreation: jsonColumn("stripe_creation", objectOrNull<StripeCreation>()),
  ...timestamps,
});
