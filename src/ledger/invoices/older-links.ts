// Which links were at Stripe before another was first asked for: its list of links says no times.

import type { Book } from "../book.ts";
import type { LinkKey } from "../outbox/work.ts";

/** Whether one of these was there already when that link was first wanted. */
export function isAnyLinkOlder(
  book: Book,
  { stripePaymentLinkIds, than }: { stripePaymentLinkIds: readonly string[]; than: LinkKey },
): boolean {
  const found = book.sql.first<{ id: string }>(
    `SELECT link.stripe_payment_link_id AS id FROM payment_links AS link
     JOIN invoice_timeline AS made ON made.invoice_id = link.invoice_id AND made.kind = 'link_created'
       AND made.detail ->> 'payment_link' = link.stripe_payment_link_id
     WHERE link.stripe_payment_link_id IN (SELECT value FROM json_each(?1))
       AND made.at_ms < (SELECT created_at_ms FROM payment_links WHERE invoice_id = ?2 AND revision = ?3)
     LIMIT 1`,
    JSON.stringify(stripePaymentLinkIds),
    than.invoiceId,
    than.revision,
  );
  return found !== undefined;
}
