// How often Stripe is asked for what was missed, and for how long what tells of money's way is kept: the docs say it.

/** Stripe lists events of the last 30 days (https://docs.stripe.com/api/events). */
export const LISTED_MS = 30 * 24 * 60 * 60 * 1000;
/** How often each active connection is looked at by itself. */
export const RECONCILED_EVERY_MS = 15 * 60 * 1000;
/** A year of a finance team's, with time to close it. */
export const RECORDS_KEPT_DAYS = 400;
