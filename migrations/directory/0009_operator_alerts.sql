-- What needs a person, as the operator was told of it: a row each until it is over.
CREATE TABLE operator_troubles (
	key text PRIMARY KEY NOT NULL,
	words text NOT NULL,
	since_ms integer NOT NULL,
	told_at_ms integer
) WITHOUT ROWID;
