-- Flows of Stripe Connect that were begun: each is known by the hash of its state and serves once.
CREATE TABLE connect_states (
	state_hash text PRIMARY KEY NOT NULL,
	tenant_id text NOT NULL,
	environment_id text NOT NULL,
	livemode integer NOT NULL,
	begun_by text NOT NULL,
	api_key_id text NOT NULL,
	browser_hash text,
	name text NOT NULL,
	return_url text NOT NULL,
	expires_at_ms integer NOT NULL,
	used_at_ms integer,
	created_at_ms integer NOT NULL,
	CONSTRAINT "connect_states_begun_by" CHECK(begun_by IN ('api_key', 'dashboard'))
) WITHOUT ROWID;
CREATE INDEX connect_states_by_environment ON connect_states (environment_id);
CREATE INDEX connect_states_expiring ON connect_states (expires_at_ms);
-- Stripe has one grant for an account and mode: two environments with it would end one another's.
CREATE UNIQUE INDEX connections_one_grant ON connections (account_id, livemode) WHERE auth_type = 'oauth' AND disconnected_at_ms IS NULL;
