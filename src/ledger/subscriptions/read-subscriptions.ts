// Subscriptions as they are mirrored: one, and lists.

import { eq } from "drizzle-orm";
import type { Stretch } from "../../platform/paging.ts";
import { subscriptions } from "../../platform/tables/subscriptions.ts";
import type { Book } from "../book.ts";
import { given, type Page, pageOfRows } from "../page.ts";
import type { SubscriptionRow } from "./subscription-row.ts";

export type SubscriptionFilter = {
  /** Ours, not Stripe's. */
  customerId?: string | undefined;
  /** Stripe's word. */
  status?: string | undefined;
};

/** @param input.id Stripe's own */
export function findSubscription(book: Book, { id }: { id: string }): SubscriptionRow | undefined {
  return book.db.select().from(subscriptions).where(eq(subscriptions.id, id)).get();
}

/** Newest first. */
export function listSubscriptions(
  book: Book,
  { filter: { customerId, status }, page }: { filter: SubscriptionFilter; page: Page },
): Stretch<SubscriptionRow> {
  const asked = { along: [given("customer_id = ?", customerId)], beside: [given("status = ?", status)] };
  return pageOfRows(book, subscriptions, asked, page);
}
