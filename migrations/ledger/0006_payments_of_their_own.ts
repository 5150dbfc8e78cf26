// Payments that belong to no invoice: those of checkout sessions and of subscriptions, with their refunds, disputes
// and receipts. SQLite cannot take a NOT NULL back, so the tables are made anew and their rows taken over.

export const PAYMENTS_OF_THEIR_OWN = `
CREATE TABLE new_payments (
	id text NOT NULL,
	provider_payment_id text,
	reference text,
	source text NOT NULL,
	invoice_id text,
	customer_id text,
	subscription_id text,
	subscription_invoice_id text,
	amount_minor integer NOT NULL,
	amount_discounted_minor integer,
	released_minor integer,
	currency text NOT NULL,
	status text NOT NULL,
	state_order integer NOT NULL,
	failure_code text,
	failure_message text,
	failure_order integer,
	payment_method_type text,
	receipt_url text,
	stripe_charge_id text,
	checkout_session_id text,
	stripe_payment_link_id text,
	occurred_at_ms integer NOT NULL,
	created_at_ms integer NOT NULL,
	updated_at_ms integer NOT NULL,
	PRIMARY KEY(id),
	CONSTRAINT "payments_source" CHECK(source IN ('invoice', 'checkout_session', 'subscription')),
	CONSTRAINT "payments_invoice" CHECK((source = 'invoice') = (invoice_id IS NOT NULL)),
	CONSTRAINT "payments_status" CHECK(status IN ('processing', 'succeeded', 'failed', 'canceled'))
) WITHOUT ROWID;
INSERT INTO new_payments (id, provider_payment_id, reference, source, invoice_id, customer_id, amount_minor,
		amount_discounted_minor, released_minor, currency, status, state_order, failure_code, failure_message,
		failure_order, payment_method_type, receipt_url, stripe_charge_id, checkout_session_id, stripe_payment_link_id,
		occurred_at_ms, created_at_ms, updated_at_ms)
	SELECT id, provider_payment_id, reference, 'invoice', invoice_id, customer_id, amount_minor,
		amount_discounted_minor, released_minor, currency, status, state_order, failure_code, failure_message,
		failure_order, payment_method_type, receipt_url, stripe_charge_id, checkout_session_id, stripe_payment_link_id,
		occurred_at_ms, created_at_ms, updated_at_ms
	FROM payments;
DROP TABLE payments;
ALTER TABLE new_payments RENAME TO payments;
-- Disputes, and refunds of older API versions, name the charge alone.
CREATE INDEX payments_by_charge ON payments (stripe_charge_id) WHERE stripe_charge_id IS NOT NULL;
CREATE INDEX payments_by_invoice ON payments (invoice_id) WHERE invoice_id IS NOT NULL;
CREATE INDEX payments_by_time ON payments (created_at_ms,id);
-- An invoice's payments are found by the invoice, and write nothing here.
CREATE INDEX payments_by_customer ON payments (customer_id) WHERE source <> 'invoice' AND customer_id IS NOT NULL;
CREATE INDEX payments_by_session ON payments (checkout_session_id) WHERE source <> 'invoice' AND checkout_session_id IS NOT NULL;
CREATE INDEX payments_by_subscription ON payments (subscription_id) WHERE subscription_id IS NOT NULL;
CREATE INDEX payments_by_subscription_invoice ON payments (subscription_invoice_id) WHERE subscription_invoice_id IS NOT NULL;
CREATE TABLE new_refunds (
	id text NOT NULL,
	stripe_refund_id text,
	payment_id text NOT NULL,
	invoice_id text,
	amount_minor integer NOT NULL,
	currency text NOT NULL,
	status text NOT NULL,
	state_order integer NOT NULL,
	reason text,
	failure_reason text,
	key_generation integer DEFAULT 0 NOT NULL,
	may_be_released integer DEFAULT 0 NOT NULL,
	succeeded_at_ms integer,
	occurred_at_ms integer NOT NULL,
	created_at_ms integer NOT NULL,
	updated_at_ms integer NOT NULL,
	PRIMARY KEY(id),
	CONSTRAINT "refunds_status" CHECK(status IN ('pending', 'requires_action', 'succeeded', 'failed', 'canceled')),
	CONSTRAINT "refunds_amount" CHECK(amount_minor >= 0)
) WITHOUT ROWID;
INSERT INTO new_refunds (id, stripe_refund_id, payment_id, invoice_id, amount_minor, currency, status, state_order,
		reason, failure_reason, key_generation, may_be_released, succeeded_at_ms, occurred_at_ms, created_at_ms, updated_at_ms)
	SELECT id, stripe_refund_id, payment_id, invoice_id, amount_minor, currency, status, state_order,
		reason, failure_reason, key_generation, may_be_released, succeeded_at_ms, occurred_at_ms, created_at_ms, updated_at_ms
	FROM refunds;
DROP TABLE refunds;
ALTER TABLE new_refunds RENAME TO refunds;
CREATE INDEX refunds_by_payment ON refunds (payment_id);
CREATE UNIQUE INDEX refunds_by_stripe_id ON refunds (stripe_refund_id) WHERE stripe_refund_id IS NOT NULL;
CREATE INDEX refunds_by_time ON refunds (created_at_ms,id);
CREATE TABLE new_disputes (
	id text NOT NULL,
	stripe_dispute_id text NOT NULL,
	payment_id text NOT NULL,
	invoice_id text,
	amount_minor integer NOT NULL,
	currency text NOT NULL,
	status text NOT NULL,
	state_order integer NOT NULL,
	reason text,
	evidence_due_at_ms integer,
	withdrawn_minor integer,
	reinstated_minor integer,
	is_charge_refundable integer,
	lost_at_ms integer,
	occurred_at_ms integer NOT NULL,
	created_at_ms integer NOT NULL,
	updated_at_ms integer NOT NULL,
	PRIMARY KEY(id),
	CONSTRAINT "disputes_status" CHECK(status IN ('warning_needs_response', 'warning_under_review', 'warning_closed', 'needs_response',
        'under_review', 'appeal_needs_response', 'appeal_under_review', 'won', 'lost', 'prevented'))
) WITHOUT ROWID;
INSERT INTO new_disputes (id, stripe_dispute_id, payment_id, invoice_id, amount_minor, currency, status, state_order,
		reason, evidence_due_at_ms, withdrawn_minor, reinstated_minor, is_charge_refundable, lost_at_ms, occurred_at_ms,
		created_at_ms, updated_at_ms)
	SELECT id, stripe_dispute_id, payment_id, invoice_id, amount_minor, currency, status, state_order,
		reason, evidence_due_at_ms, withdrawn_minor, reinstated_minor, is_charge_refundable, lost_at_ms, occurred_at_ms,
		created_at_ms, updated_at_ms
	FROM disputes;
DROP TABLE disputes;
ALTER TABLE new_disputes RENAME TO disputes;
CREATE INDEX disputes_by_payment ON disputes (payment_id);
CREATE INDEX disputes_by_time ON disputes (created_at_ms,id);
CREATE TABLE new_mails (
	id text NOT NULL,
	invoice_id text,
	payment_id text,
	kind text NOT NULL,
	recipient text NOT NULL,
	status text NOT NULL,
	subject text,
	text text,
	html text,
	link_revision integer,
	provider text,
	provider_message_id text,
	error text,
	attempts integer DEFAULT 0 NOT NULL,
	in_doubt integer DEFAULT false NOT NULL,
	claimed_at_ms integer,
	sent_at_ms integer,
	created_at_ms integer NOT NULL,
	updated_at_ms integer NOT NULL,
	PRIMARY KEY(id),
	CONSTRAINT "mails_about" CHECK((invoice_id IS NULL) <> (payment_id IS NULL)),
	CONSTRAINT "mails_kind" CHECK(kind IN ('invoice', 'reminder', 'receipt')),
	CONSTRAINT "mails_status" CHECK(status IN ('pending', 'held', 'sending', 'sent', 'unknown', 'failed', 'canceled', 'bounced', 'complained'))
) WITHOUT ROWID;
INSERT INTO new_mails (id, invoice_id, kind, recipient, status, subject, text, html, link_revision, provider,
		provider_message_id, error, attempts, in_doubt, claimed_at_ms, sent_at_ms, created_at_ms, updated_at_ms)
	SELECT id, invoice_id, kind, recipient, status, subject, text, html, link_revision, provider,
		provider_message_id, error, attempts, in_doubt, claimed_at_ms, sent_at_ms, created_at_ms, updated_at_ms
	FROM mails;
DROP TABLE mails;
ALTER TABLE new_mails RENAME TO mails;
CREATE INDEX mails_by_time ON mails (created_at_ms,id);
CREATE INDEX mails_with_content ON mails (created_at_ms) WHERE html IS NOT NULL;
-- Once its address is reached again, or its customer has another, it goes out.
CREATE INDEX mails_held ON mails (recipient COLLATE NOCASE) WHERE status = 'held';
-- The invoice of Stripe's by which a session in subscription mode was paid.
ALTER TABLE checkout_sessions ADD COLUMN stripe_invoice_id text;
CREATE INDEX checkout_sessions_by_time ON checkout_sessions (created_at_ms,id);
CREATE INDEX checkout_sessions_by_customer ON checkout_sessions (customer_id,created_at_ms,id) WHERE customer_id IS NOT NULL;
CREATE INDEX checkout_sessions_by_subscription ON checkout_sessions (subscription_id) WHERE subscription_id IS NOT NULL;
`;
