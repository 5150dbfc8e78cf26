// Everything that an environment has. The statements run as one, in one transaction. A ledger is one environment's:
// only its own row, at the end, says whose.

export const FIRST_TABLES = `
CREATE TABLE audit_log (
	id text NOT NULL,
	tenant_id text NOT NULL,
	actor_kind text NOT NULL,
	actor_id text,
	ip text,
	action text NOT NULL,
	object text NOT NULL,
	object_id text NOT NULL,
	detail text NOT NULL,
	created_at_ms integer NOT NULL,
	PRIMARY KEY(id)
) WITHOUT ROWID;
CREATE INDEX audit_log_by_time ON audit_log (created_at_ms,id);
CREATE TABLE checkout_sessions (
	id text NOT NULL,
	mode text NOT NULL,
	status text NOT NULL,
	payment_status text NOT NULL,
	customer_id text,
	stripe_customer_id text,
	url text,
	amount_total_minor integer,
	currency text,
	client_reference_id text,
	metadata text NOT NULL,
	success_url text,
	cancel_url text,
	subscription_id text,
	stripe_payment_intent_id text,
	expires_at_ms integer,
	completed_at_ms integer,
	created_at_ms integer NOT NULL,
	updated_at_ms integer NOT NULL,
	PRIMARY KEY(id),
	CONSTRAINT "checkout_sessions_mode" CHECK(mode IN ('payment', 'subscription', 'setup')),
	CONSTRAINT "checkout_sessions_status" CHECK(status IN ('open', 'complete', 'expired')),
	CONSTRAINT "checkout_sessions_payment_status" CHECK(payment_status IN ('paid', 'unpaid', 'no_payment_required'))
) WITHOUT ROWID;
-- A refund or dispute names the intent: that it is no invoice's is known by the session.
CREATE INDEX checkout_sessions_by_intent ON checkout_sessions (stripe_payment_intent_id) WHERE stripe_payment_intent_id IS NOT NULL;
CREATE TABLE customers (
	id text NOT NULL,
	name text NOT NULL,
	email text,
	phone text,
	address text,
	metadata text NOT NULL,
	stripe_customer_id text,
	sync_status text NOT NULL,
	sync_error text,
	created_at_ms integer NOT NULL,
	updated_at_ms integer NOT NULL, deleted_at_ms integer, revision integer DEFAULT 1 NOT NULL, stripe_account_id text, stripe_seen_at_ms integer, stripe_state text, stripe_creation text,
	PRIMARY KEY(id),
	CONSTRAINT "customers_sync_status" CHECK(sync_status IN ('pending', 'synced', 'failed', 'off'))
) WITHOUT ROWID;
CREATE UNIQUE INDEX customers_by_stripe_id ON customers (stripe_customer_id) WHERE stripe_customer_id IS NOT NULL;
CREATE INDEX customers_by_time ON customers (created_at_ms,id);
CREATE TABLE deliveries (
	destination_id text NOT NULL,
	seq integer NOT NULL,
	type text NOT NULL,
	message_key text NOT NULL,
	message_id text NOT NULL,
	status text NOT NULL,
	attempts integer NOT NULL,
	step integer NOT NULL,
	next_attempt_at_ms integer,
	response_status integer,
	duration_ms integer,
	error text,
	succeeded_at_ms integer,
	created_at_ms integer NOT NULL,
	updated_at_ms integer NOT NULL,
	log text NOT NULL,
	PRIMARY KEY(destination_id, seq),
	CONSTRAINT "deliveries_status" CHECK(status IN ('pending', 'succeeded', 'failed'))
) WITHOUT ROWID;
CREATE INDEX deliveries_failed ON deliveries (status) WHERE status = 'failed';
CREATE TABLE disputes (
	id text NOT NULL,
	stripe_dispute_id text NOT NULL,
	payment_id text NOT NULL,
	invoice_id text NOT NULL,
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
CREATE INDEX disputes_by_payment ON disputes (payment_id);
CREATE INDEX disputes_by_time ON disputes (created_at_ms,id);
CREATE TABLE event_destinations (
	id text NOT NULL,
	tenant_id text NOT NULL,
	url text NOT NULL,
	event_types text,
	description text,
	is_active integer NOT NULL,
	disabled_reason text,
	failing_since_ms integer,
	created_at_ms integer NOT NULL,
	updated_at_ms integer NOT NULL,
	PRIMARY KEY(id)
) WITHOUT ROWID;
CREATE TABLE hourly_events (
	hour_ms integer NOT NULL,
	received integer NOT NULL,
	processed integer NOT NULL,
	ignored integer NOT NULL,
	failed integer NOT NULL,
	dead integer NOT NULL,
	lag_sum_ms integer NOT NULL,
	lag_max_ms integer NOT NULL,
	PRIMARY KEY(hour_ms)
) WITHOUT ROWID;
CREATE TABLE hourly_money (
	hour_ms integer NOT NULL,
	currency text NOT NULL,
	paid_count integer NOT NULL,
	paid_sum integer NOT NULL,
	failed_count integer NOT NULL,
	failed_sum integer NOT NULL,
	refunded_count integer NOT NULL,
	refunded_sum integer NOT NULL,
	PRIMARY KEY(hour_ms, currency)
) WITHOUT ROWID;
CREATE TABLE idempotency_keys (
	key text NOT NULL,
	fingerprint text NOT NULL,
	response_status integer,
	sealed_key_id text,
	sealed_iv text,
	sealed_body text,
	created_at_ms integer NOT NULL,
	PRIMARY KEY(key)
) WITHOUT ROWID;
CREATE INDEX idempotency_keys_by_age ON idempotency_keys (created_at_ms);
CREATE TABLE invoice_timeline (
	invoice_id text NOT NULL,
	id text NOT NULL,
	at_ms integer NOT NULL,
	kind text NOT NULL,
	cause_kind text NOT NULL,
	cause_id text,
	detail text NOT NULL,
	PRIMARY KEY(invoice_id, id)
) WITHOUT ROWID;
CREATE TABLE invoice_counts (
	currency text PRIMARY KEY NOT NULL,
	draft_count integer DEFAULT 0 NOT NULL,
	draft_remaining_minor integer DEFAULT 0 NOT NULL,
	open_count integer DEFAULT 0 NOT NULL,
	open_remaining_minor integer DEFAULT 0 NOT NULL,
	paid_count integer DEFAULT 0 NOT NULL,
	paid_remaining_minor integer DEFAULT 0 NOT NULL,
	void_count integer DEFAULT 0 NOT NULL,
	void_remaining_minor integer DEFAULT 0 NOT NULL,
	uncollectible_count integer DEFAULT 0 NOT NULL,
	uncollectible_remaining_minor integer DEFAULT 0 NOT NULL
) WITHOUT ROWID;
CREATE TABLE invoices (
	id text NOT NULL,
	number text NOT NULL,
	customer_id text NOT NULL,
	currency text NOT NULL,
	lines text NOT NULL,
	amount_due_minor integer NOT NULL,
	amount_paid_minor integer DEFAULT 0 NOT NULL,
	amount_refunded_minor integer DEFAULT 0 NOT NULL,
	amount_disputed_minor integer DEFAULT 0 NOT NULL,
	amount_discounted_minor integer DEFAULT 0 NOT NULL,
	amount_credited_minor integer DEFAULT 0 NOT NULL,
	status text NOT NULL,
	payment_status text NOT NULL,
	send_email integer NOT NULL,
	memo text,
	metadata text NOT NULL,
	due_at_ms integer,
	finalized_at_ms integer,
	paid_at_ms integer,
	uncollectible_at_ms integer,
	voided_at_ms integer,
	created_at_ms integer NOT NULL,
	updated_at_ms integer NOT NULL,
	PRIMARY KEY(id),
	CONSTRAINT "invoices_status" CHECK(status IN ('draft', 'open', 'paid', 'void', 'uncollectible')),
	CONSTRAINT "invoices_amount_due" CHECK(amount_due_minor >= 0)
) WITHOUT ROWID;
CREATE INDEX invoices_by_customer ON invoices (customer_id,created_at_ms);
-- Nearly all are paid: those are found by time, and being paid writes nothing here.
CREATE INDEX invoices_by_status ON invoices (status,created_at_ms,id) WHERE status <> 'paid';
CREATE INDEX invoices_by_time ON invoices (created_at_ms,id);
CREATE TABLE mails (
	id text NOT NULL,
	invoice_id text NOT NULL,
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
	CONSTRAINT "mails_kind" CHECK(kind IN ('invoice', 'receipt')),
	CONSTRAINT "mails_status" CHECK(status IN ('pending', 'sending', 'sent', 'unknown', 'failed', 'canceled'))
) WITHOUT ROWID;
CREATE INDEX mails_by_time ON mails (created_at_ms,id);
CREATE INDEX mails_with_content ON mails (created_at_ms) WHERE html IS NOT NULL;
CREATE TABLE messages (
	type text NOT NULL,
	key text NOT NULL,
	id text NOT NULL,
	object_kind text NOT NULL,
	object_id text NOT NULL,
	created_at_ms integer NOT NULL,
	snapshot text,
	PRIMARY KEY(type, key)
) WITHOUT ROWID;
CREATE TABLE outbox (
	id text PRIMARY KEY NOT NULL,
	kind text NOT NULL,
	subject text NOT NULL,
	status text NOT NULL,
	attempts integer DEFAULT 0 NOT NULL,
	error text,
	not_before_ms integer,
	due_at_ms integer,
	created_at_ms integer NOT NULL,
	updated_at_ms integer NOT NULL,
	CONSTRAINT "outbox_status" CHECK(status IN ('wanted', 'waiting', 'dead'))
) WITHOUT ROWID;
CREATE INDEX outbox_stuck ON outbox (status) WHERE status IN ('waiting', 'dead');
CREATE TABLE payment_links (
	invoice_id text NOT NULL,
	revision integer NOT NULL,
	status text NOT NULL,
	stripe_payment_link_id text,
	url text,
	error text,
	key_generation integer DEFAULT 0 NOT NULL,
	request text,
	amount_minor integer,
	account_id text,
	deactivation text DEFAULT 'none' NOT NULL,
	deactivation_error text,
	switched_off_reason text,
	off_at_stripe text,
	deactivated_at_ms integer,
	checked_at_ms integer,
	created_at_ms integer NOT NULL,
	updated_at_ms integer NOT NULL, next_check_at_ms integer,
	PRIMARY KEY(invoice_id, revision),
	CONSTRAINT "payment_links_status" CHECK(status IN ('pending', 'active', 'used', 'inactive', 'failed')),
	CONSTRAINT "payment_links_deactivation" CHECK(deactivation IN ('none', 'pending', 'done', 'failed')),
	CONSTRAINT "payment_links_off_at_stripe" CHECK(off_at_stripe IN ('used_up', 'by_hand'))
) WITHOUT ROWID;
CREATE UNIQUE INDEX payment_links_by_stripe_id ON payment_links (stripe_payment_link_id) WHERE stripe_payment_link_id IS NOT NULL;
CREATE INDEX payment_links_to_check ON payment_links (next_check_at_ms) WHERE next_check_at_ms IS NOT NULL;
CREATE TABLE payments (
	id text NOT NULL,
	provider_payment_id text,
	reference text,
	invoice_id text NOT NULL,
	customer_id text NOT NULL,
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
	CONSTRAINT "payments_status" CHECK(status IN ('processing', 'succeeded', 'failed', 'canceled'))
) WITHOUT ROWID;
-- Disputes, and refunds of older API versions, name the charge alone.
CREATE INDEX payments_by_charge ON payments (stripe_charge_id) WHERE stripe_charge_id IS NOT NULL;
CREATE INDEX payments_by_invoice ON payments (invoice_id);
CREATE INDEX payments_by_time ON payments (created_at_ms,id);
CREATE TABLE reconciliations (
	connection_id text NOT NULL,
	account_id text NOT NULL,
	livemode integer NOT NULL,
	cursor_ms integer NOT NULL,
	phase text,
	run_from_ms integer,
	run_to_ms integer,
	page_after text,
	steps integer DEFAULT 0 NOT NULL,
	next_run_at_ms integer NOT NULL,
	started_at_ms integer,
	finished_at_ms integer,
	events_seen integer DEFAULT 0 NOT NULL,
	events_missed integer DEFAULT 0 NOT NULL,
	links_checked integer DEFAULT 0 NOT NULL,
	links_missed integer DEFAULT 0 NOT NULL,
	links_failed integer DEFAULT 0 NOT NULL,
	link_error text,
	missed_at_ms integer,
	missed_count integer DEFAULT 0 NOT NULL,
	created_at_ms integer NOT NULL,
	updated_at_ms integer NOT NULL,
	PRIMARY KEY(connection_id)
) WITHOUT ROWID;
CREATE TABLE refunds (
	id text NOT NULL,
	stripe_refund_id text,
	payment_id text NOT NULL,
	invoice_id text NOT NULL,
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
CREATE INDEX refunds_by_payment ON refunds (payment_id);
CREATE UNIQUE INDEX refunds_by_stripe_id ON refunds (stripe_refund_id) WHERE stripe_refund_id IS NOT NULL;
CREATE INDEX refunds_by_time ON refunds (created_at_ms,id);
CREATE TABLE subscriptions (
	id text NOT NULL,
	customer_id text,
	stripe_customer_id text,
	status text NOT NULL,
	items text NOT NULL,
	current_period_start_ms integer,
	current_period_end_ms integer,
	cancel_at_period_end integer NOT NULL,
	cancel_at_ms integer,
	canceled_at_ms integer,
	ended_at_ms integer,
	trial_end_ms integer,
	pause_collection text,
	metadata text NOT NULL,
	snapshot_at_ms integer NOT NULL,
	revision integer NOT NULL,
	created_at_ms integer NOT NULL,
	updated_at_ms integer NOT NULL,
	PRIMARY KEY(id)
) WITHOUT ROWID;
CREATE INDEX subscriptions_by_customer ON subscriptions (customer_id,created_at_ms,id) WHERE customer_id IS NOT NULL;
CREATE INDEX subscriptions_by_time ON subscriptions (created_at_ms,id);
-- The key is the moment at which it was received, in ms, times 1000, so that there may be more of one moment.
CREATE TABLE webhook_events (
	seq integer PRIMARY KEY,
	stripe_event_id text NOT NULL UNIQUE,
	connection_id text NOT NULL,
	type text NOT NULL,
	api_version text,
	livemode integer NOT NULL,
	account text,
	status text NOT NULL,
	reason text,
	source text NOT NULL,
	delivery_ids text NOT NULL,
	attempts integer NOT NULL,
	error text,
	changes text NOT NULL,
	invoice_id text,
	waits_for text,
	created_at_ms integer NOT NULL,
	received_at_ms integer NOT NULL,
	processed_at_ms integer,
	updated_at_ms integer NOT NULL,
	payload text,
	CONSTRAINT "webhook_events_status" CHECK(status IN ('processed', 'ignored', 'failed', 'dead'))
);
CREATE INDEX webhook_events_by_invoice ON webhook_events (invoice_id) WHERE invoice_id IS NOT NULL;
-- Seen while the connection was off or gone: looked up when it, or one to the same account, works again.
CREATE INDEX webhook_events_set_aside ON webhook_events (connection_id) WHERE status = 'ignored' AND reason IN ('connection_disabled', 'connection_disconnected');
CREATE INDEX webhook_events_unfinished ON webhook_events (status) WHERE status IN ('failed', 'dead');
-- For a payment that is not known yet: once it is, the event is read again.
CREATE INDEX webhook_events_waiting ON webhook_events (waits_for) WHERE waits_for IS NOT NULL;
-- Up to when events are in the sums of their hours (ms), and up to which key payloads were let go.
CREATE TABLE webhook_event_marks (
	one integer PRIMARY KEY CHECK(one = 1),
	summed_to_ms integer DEFAULT 0 NOT NULL,
	forgotten_to integer DEFAULT 0 NOT NULL
);
INSERT INTO webhook_event_marks (one) VALUES (1);
-- Of events that are too large for a message, until they get their row.
CREATE TABLE large_payloads (
	stripe_event_id text PRIMARY KEY NOT NULL,
	payload text NOT NULL,
	received_at_ms integer NOT NULL
) WITHOUT ROWID;
CREATE INDEX large_payloads_by_age ON large_payloads (received_at_ms);
CREATE TABLE environment (
	one integer PRIMARY KEY CHECK(one = 1),
	tenant_id text NOT NULL,
	environment_id text NOT NULL,
	jurisdiction text,
	livemode integer NOT NULL,
	settings text DEFAULT '{}' NOT NULL,
	settings_updated_at_ms integer NOT NULL
);
CREATE TABLE connection (
	one integer PRIMARY KEY CHECK(one = 1),
	id text NOT NULL,
	account_id text NOT NULL,
	livemode integer NOT NULL,
	is_active integer NOT NULL,
	is_connected integer NOT NULL,
	is_refused integer NOT NULL,
	sync_config text NOT NULL,
	revision integer NOT NULL
);
`;
