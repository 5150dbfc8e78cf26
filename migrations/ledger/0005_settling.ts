// What settling knows of a paid invoice, and when Stripe last said of a link that it is on.

export const SETTLING = `
ALTER TABLE invoices ADD COLUMN kept_when_paid_minor integer;
ALTER TABLE payment_links ADD COLUMN on_at_ms integer;
`;
