// Customers are found by their mail address, and a run over all of them says how far it is.

export const CUSTOMER_RUNS = `
CREATE INDEX customers_by_email ON customers (email) WHERE email IS NOT NULL AND deleted_at_ms IS NULL;
CREATE TABLE customer_runs (
	kind text NOT NULL,
	connection_id text NOT NULL,
	status text NOT NULL,
	phase text NOT NULL,
	page_after text,
	page_before integer,
	steps integer NOT NULL,
	pages integer NOT NULL,
	seen integer NOT NULL,
	created integer NOT NULL,
	linked integer NOT NULL,
	changed integer NOT NULL,
	unchanged integer NOT NULL,
	pushed integer NOT NULL,
	failed integer NOT NULL,
	skipped text NOT NULL,
	error text,
	started_at_ms integer NOT NULL,
	finished_at_ms integer,
	updated_at_ms integer NOT NULL,
	PRIMARY KEY(kind),
	CONSTRAINT "customer_runs_kind" CHECK(kind IN ('import', 'sync')),
	CONSTRAINT "customer_runs_status" CHECK(status IN ('running', 'done', 'failed')),
	CONSTRAINT "customer_runs_phase" CHECK(phase IN ('customers', 'subscriptions', 'push', 'settle'))
) WITHOUT ROWID;
`;
