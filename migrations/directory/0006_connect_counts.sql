-- What the Connect door refused or passed over, by the hour.
CREATE TABLE connect_counts (
	reason text NOT NULL,
	hour integer NOT NULL,
	count integer NOT NULL,
	last_at_ms integer NOT NULL,
	PRIMARY KEY(reason, hour)
) WITHOUT ROWID;
