// Whether customers go to Stripe (`sync_config.customer.outbound`), and which way each of their fields goes.

import type { Book } from "../book.ts";
import { readConnection } from "../connection/keep-connection.ts";
import { presentSettings } from "../settings/settings.ts";
import { type Ways, waysOf } from "./field-ways.ts";

/** Also while the connection is switched off or its key is refused: the work then waits for it. */
export function isOutbound(book: Book): boolean {
  return readConnection(book)?.syncConfig.customer.outbound ?? false;
}

/** None where nothing is connected. */
export function presentWays(book: Book): Ways {
  const config = readConnection(book)?.syncConfig.customer ?? { inbound: false, outbound: false };
  return waysOf(config, presentSettings(book).customer_field_owner);
}
