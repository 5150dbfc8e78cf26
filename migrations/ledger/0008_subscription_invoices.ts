// The mirror of the invoices that Stripe makes for subscriptions of ours.

export const SUBSCRIPTION_INVOICES = `
CREATE TABLE subscription_invoices (
	id text NOT NULL,
	subscription_id text NOT NULL,
	customer_id text,
	number text,
	status text NOT NULL,
	billing_reason text,
	currency text NOT NULL,
	amount_due_minor integer NOT NULL,
	amount_paid_minor integer NOT NULL,
	amount_remaining_minor integer NOT NULL,
	attempt_count integer NOT NULL,
	next_attempt_at_ms integer,
	hosted_invoice_url text,
	invoice_pdf text,
	paid_at_ms integer,
	snapshot_at_ms integer NOT NULL,
	created_at_ms integer NOT NULL,
	updated_at_ms integer NOT NULL,
	PRIMARY KEY(id),
	CONSTRAINT "subscription_invoices_status" CHECK(status IN ('draft', 'open', 'paid', 'uncollectible', 'void'))
) WITHOUT ROWID;
CREATE INDEX subscription_invoices_by_subscription ON subscription_invoices (subscription_id,created_at_ms,id);
CREATE INDEX subscription_invoices_by_time ON subscription_invoices (created_at_ms,id);
`;
