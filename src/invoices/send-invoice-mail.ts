// Mails an open invoice's link to its customer, because somebody asks for it.

import { ledger } from "../ledger/client.ts";
import type { MailRow } from "../ledger/mails/mail-row.ts";
import type { Deps, Scope } from "../platform/deps.ts";
import { sha256Hex } from "../platform/sha256.ts";

/**
 * As often as it is asked, and once for one call, however often that is repeated.
 * @param call names the call: its Idempotency-Key, or the request's id
 * @throws AppError `not_found`, `email_not_configured`, `invoice_not_payable` (not open),
 * `payment_link_not_active`, `customer_email_missing`
 */
export async function sendInvoiceMail(
  deps: Deps,
  scope: Scope,
  invoiceId: string,
  call: string,
): Promise<MailRow> {
  // Of any text that a caller may send as its key, one that fits in an id.
  const key = (await sha256Hex(call)).slice(0, 32);
  return ledger(deps, scope).requestMail({ invoiceId, key });
}
