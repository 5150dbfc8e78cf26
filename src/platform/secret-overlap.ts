// How long a secret that was replaced goes on beside the new one, so that nothing is refused while the other side is
// given it: signing secrets of Stripe's webhooks and of event destinations alike.

export const DEFAULT_OVERLAP_SECONDS = 24 * 60 * 60;
export const MAX_OVERLAP_SECONDS = 7 * 24 * 60 * 60;
