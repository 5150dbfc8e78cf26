// Names of prices.

export const PRICE_ALIASES = `
CREATE TABLE price_aliases (
	id text NOT NULL,
	price_id text NOT NULL,
	currency text NOT NULL,
	unit_amount text,
	interval text,
	interval_count integer,
	is_metered integer NOT NULL,
	created_at_ms integer NOT NULL,
	updated_at_ms integer NOT NULL,
	PRIMARY KEY(id),
	CONSTRAINT "price_aliases_interval" CHECK(interval IN ('day', 'week', 'month', 'year'))
) WITHOUT ROWID;
CREATE INDEX price_aliases_by_time ON price_aliases (created_at_ms,id);
`;
