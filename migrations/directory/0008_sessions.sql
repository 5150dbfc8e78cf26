-- Sessions of the dashboard and of the console, and what befell credentials.
CREATE TABLE dashboard_sessions (
	environment_id text NOT NULL,
	id text NOT NULL,
	tenant_id text NOT NULL,
	way text NOT NULL,
	key_id text,
	role text,
	rights text,
	actor_id text,
	actor_name text,
	actor_email text,
	return_url text,
	link_hash text,
	lasts_ms integer NOT NULL,
	opened_at_ms integer,
	confirmed_at_ms integer,
	last_seen_at_ms integer,
	ended_at_ms integer,
	expires_at_ms integer NOT NULL,
	ip text,
	created_at_ms integer NOT NULL,
	PRIMARY KEY(environment_id, id)
) WITHOUT ROWID;
CREATE UNIQUE INDEX dashboard_sessions_by_link ON dashboard_sessions (link_hash) WHERE link_hash IS NOT NULL;
CREATE INDEX dashboard_sessions_by_end ON dashboard_sessions (expires_at_ms);
CREATE TABLE security_log (
	environment_id text NOT NULL,
	id text NOT NULL,
	tenant_id text NOT NULL,
	event text NOT NULL,
	outcome text NOT NULL,
	actor_kind text NOT NULL,
	actor_id text,
	actor_name text,
	key_id text,
	ip text,
	trace_id text NOT NULL,
	detail text NOT NULL,
	created_at_ms integer NOT NULL,
	PRIMARY KEY(environment_id, id)
) WITHOUT ROWID;
CREATE INDEX security_log_by_time ON security_log (environment_id,created_at_ms,id);
CREATE INDEX security_log_by_age ON security_log (created_at_ms);
