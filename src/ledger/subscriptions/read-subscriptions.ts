// Subscriptions as they are mirrored: one, and lists.

import { and, desc, eq } from "drizzle-orm";
import { afterPosition } from "../../platform/paging.ts";
import { subscriptions } from "../../platform/tables/subscriptions.ts";
import type { Book } from "../book.ts";
import type { Page } from "../page.ts";
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

/** Newest first; one more than the limit, when there are more. */
export function listSubscriptions(
  book: Book,
  { filter, page }: { filter: SubscriptionFilter; page: Page },
): SubscriptionRow[] {
  const { customerId, status } = filter;
  return book.db
    .select()
    .from(subscriptions)
    .where(
      and(
        customerId === undefined ? undefined : eq(subscriptions.customerId, customerId),
        status === undefined ? undefined : eq(subscriptions.status, status),
        afterPosition(page.after, subscriptions.createdAtMs, subscriptions.id),
      ),
    )
    .orderBy(desc(subscriptions.createdAtMs), desc(subscriptions.id))
    .limit(page.limit + 1)
    .all();
}
