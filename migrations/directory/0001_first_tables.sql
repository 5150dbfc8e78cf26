CREATE TABLE api_keys (
	environment_id text NOT NULL,
	id text NOT NULL,
	tenant_id text NOT NULL,
	name text NOT NULL,
	role text NOT NULL,
	key_hash text NOT NULL,
	key_hint text NOT NULL,
	expires_at_ms integer,
	revoked_at_ms integer,
	last_used_at_ms integer,
	created_at_ms integer NOT NULL,
	updated_at_ms integer NOT NULL,
	PRIMARY KEY(environment_id, id),
	CONSTRAINT "api_keys_role" CHECK(role IN ('admin', 'write', 'read'))
) WITHOUT ROWID;
CREATE UNIQUE INDEX api_keys_by_hash ON api_keys (key_hash);
CREATE TABLE audit_log (
	environment_id text NOT NULL,
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
	PRIMARY KEY(environment_id, id)
) WITHOUT ROWID;
CREATE INDEX audit_log_by_time ON audit_log (environment_id,created_at_ms,id);
CREATE INDEX audit_log_of_root ON audit_log (created_at_ms,id) WHERE actor_kind = 'root';
CREATE TABLE connections (
	environment_id text NOT NULL,
	id text NOT NULL,
	tenant_id text NOT NULL,
	name text NOT NULL,
	provider text NOT NULL,
	auth_type text NOT NULL,
	livemode integer NOT NULL,
	is_active integer NOT NULL,
	error_detail text,
	secret_key_hint text NOT NULL,
	publishable_key text,
	webhook_endpoint_id text,
	webhook_detail text,
	account_id text NOT NULL,
	account text NOT NULL,
	account_as_of_ms integer NOT NULL,
	account_refresh_due_at_ms integer NOT NULL,
	sync_config text NOT NULL,
	disconnected_at_ms integer,
	jurisdiction text,
	revision integer DEFAULT 1 NOT NULL,
	created_at_ms integer NOT NULL,
	updated_at_ms integer NOT NULL,
	PRIMARY KEY(environment_id, id),
	CONSTRAINT "connections_auth_type" CHECK(auth_type IN ('api_key', 'oauth'))
) WITHOUT ROWID;
CREATE UNIQUE INDEX connections_one_live ON connections (environment_id) WHERE disconnected_at_ms IS NULL;
CREATE INDEX connections_to_refresh ON connections (account_refresh_due_at_ms) WHERE disconnected_at_ms IS NULL;
CREATE TABLE environments (
	id text PRIMARY KEY NOT NULL,
	tenant_id text NOT NULL,
	name text NOT NULL,
	livemode integer NOT NULL,
	jurisdiction text,
	erased_at_ms integer,
	erasure text,
	created_at_ms integer NOT NULL,
	updated_at_ms integer NOT NULL,
	CONSTRAINT "environments_jurisdiction" CHECK(jurisdiction IN ('eu', 'fedramp'))
) WITHOUT ROWID;
CREATE INDEX environments_by_tenant ON environments (tenant_id,created_at_ms,id);
CREATE TABLE idempotency_keys (
	environment_id text NOT NULL,
	key text NOT NULL,
	fingerprint text NOT NULL,
	response_status integer,
	sealed_key_id text,
	sealed_iv text,
	sealed_body text,
	created_at_ms integer NOT NULL,
	PRIMARY KEY(environment_id, key)
) WITHOUT ROWID;
CREATE INDEX idempotency_keys_by_age ON idempotency_keys (created_at_ms);
CREATE TABLE secrets (
	environment_id text NOT NULL,
	owner_id text NOT NULL,
	field text NOT NULL,
	version integer NOT NULL,
	tenant_id text NOT NULL,
	key_id text NOT NULL,
	iv text NOT NULL,
	ciphertext text NOT NULL,
	expires_at_ms integer,
	created_at_ms integer NOT NULL,
	PRIMARY KEY(environment_id, owner_id, field, version)
) WITHOUT ROWID;
CREATE INDEX secrets_by_key ON secrets (key_id);
CREATE INDEX secrets_expiring ON secrets (expires_at_ms) WHERE expires_at_ms IS NOT NULL;
CREATE TABLE tenants (
	id text PRIMARY KEY NOT NULL,
	name text NOT NULL,
	created_at_ms integer NOT NULL,
	updated_at_ms integer NOT NULL
) WITHOUT ROWID;
CREATE TABLE connection_notices (
	environment_id text NOT NULL,
	id text NOT NULL,
	tenant_id text NOT NULL,
	type text NOT NULL,
	object_id text NOT NULL,
	created_at_ms integer NOT NULL,
	PRIMARY KEY(environment_id, id)
) WITHOUT ROWID;
CREATE TABLE unreadable_messages (
	id text PRIMARY KEY NOT NULL,
	queue text NOT NULL,
	text text NOT NULL,
	error text NOT NULL,
	created_at_ms integer NOT NULL
);
CREATE INDEX unreadable_messages_by_time ON unreadable_messages (created_at_ms,id);
CREATE TABLE queue_runs (
	queue text PRIMARY KEY NOT NULL,
	kind text,
	ran_at_ms integer NOT NULL
) WITHOUT ROWID;
CREATE TABLE queue_asks (
	kind text PRIMARY KEY NOT NULL,
	asked_at_ms integer NOT NULL,
	sent_at_ms integer NOT NULL
) WITHOUT ROWID;
CREATE TABLE sealing_keys (
	key_id text PRIMARY KEY NOT NULL,
	since_ms integer NOT NULL,
	until_ms integer
) WITHOUT ROWID;
CREATE TABLE pulses (
	environment_id text PRIMARY KEY NOT NULL,
	tenant_id text NOT NULL,
	jurisdiction text,
	dead_events integer NOT NULL,
	dead_work integer NOT NULL,
	waiting_work integer NOT NULL,
	failed_deliveries integer NOT NULL,
	failing_destinations integer NOT NULL,
	bytes integer NOT NULL,
	oldest_unfinished_at_ms integer,
	next_alarm_at_ms integer,
	at_ms integer NOT NULL
) WITHOUT ROWID;
