// What is still to be paid of an invoice. Pure.

type Owing = { status: string; amountDueMinor: number; amountCreditedMinor: number };

/** In minor units. One that is paid owes nothing any more, whatever goes back afterwards. */
export function remainingMinor({ status, amountDueMinor, amountCreditedMinor }: Owing): number {
  return status === "paid" ? 0 : Math.max(amountDueMinor - amountCreditedMinor, 0);
}
