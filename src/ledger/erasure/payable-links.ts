/** In SQL, the payment links that can be paid at Stripe, as far as is known here: FROM and WHERE of a query. */
export const PAYABLE_LINKS = `payment_links WHERE stripe_payment_link_id IS NOT NULL
  AND (status = 'active' OR deactivation IN ('pending', 'failed'))`;
