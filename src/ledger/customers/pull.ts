// A customer's outstanding work is also to hear what Stripe has: what an event told while a change made here was on
// its way was left to it.

import type { Book } from "../book.ts";
import { syncWorkOf } from "../outbox/work.ts";

export function wantPull(book: Book, customerId: string): void {
  // A range on the key: `0` follows `/`.
  book.sql.run(
    `UPDATE outbox SET subject = json_set(subject, '$.pull', json('true'))
     WHERE id > ?1 || '/' AND id < ?1 || '0' AND status <> 'dead'`,
    syncWorkOf(customerId),
  );
}
