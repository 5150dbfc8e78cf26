// When a payment link is looked at by itself. Pure.

const HOUR_MS = 60 * 60 * 1000;

/** How long nothing must have been heard of a link: Stripe's own retries have had their first hours by then. */
export const QUIET_MS = 6 * HOUR_MS;
/** How long a page that was opened before can be paid once its link is off (https://docs.stripe.com/payment-links). */
export const OPEN_PAGE_MS = 24 * HOUR_MS;
