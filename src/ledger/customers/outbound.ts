// Whether customers go to Stripe (`sync_config.customer.outbound`).

import type { Book } from "../book.ts";
import { readConnection } from "../connection/keep-connection.ts";

/** Also while the connection is switched off or its key is refused: the work then waits for it. */
export function isOutbound(book: Book): boolean {
  return readConnection(book)?.syncConfig.customer.outbound ?? false;
}
