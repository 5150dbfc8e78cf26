// What is still to be paid of an invoice. Pure.

type Owing = { status: string; amountDueMinor: number; amountCreditedMinor: number };

/** In minor units. One that is paid owes nothing any more, whatever goes back afterwards. */
export function remainingMinor({ status, amountDueMinor, amountCreditedMinor }: Owing): number {
  return status === "paid" ? 0 : Math.max(amountDueMinor - amountCreditedMinor, 0);
}

/** So many open invoices are looked at for what is overdue, the oldest first: they have no index by their due date. */
export const OPEN_LOOKED_AT = 2000;

/** Why an open invoice has no link where the connection makes none. */
export const LINKS_OFF =
  "No payment link is made, since sync_config.invoice.outbound of the connection is off. Switch it on with PATCH /api/v1/connections/{id}: open invoices then get theirs.";
